//! Whether money moves by the amount that was ordered.

use domain::payments::{AnswerCode, Outcome, ProviderAnswer};

/// The answer, if as much moves as was ordered. Else nobody knows what was done: it is not booked, and somebody has to look
/// at it.
pub(crate) fn confirmed(answer: ProviderAnswer, is_as_ordered: bool) -> ProviderAnswer {
    let moves_money = matches!(answer.outcome, Outcome::Succeeded | Outcome::Pending);
    if is_as_ordered || !moves_money {
        return answer;
    }
    ProviderAnswer {
        outcome: Outcome::Unknown,
        code: AnswerCode::WRONG_AMOUNT,
        ..answer
    }
}
