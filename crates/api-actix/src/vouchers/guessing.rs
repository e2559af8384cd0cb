//! Codes in requests, and holding up whoever guesses them.

use actix_web::http::StatusCode;
use domain::{actor::Actor, vouchers::VoucherCode};

use crate::{
    answer::Answer,
    api::Api,
    caller::Caller,
    input::Input,
    problem::{Problem, catalogue::TOO_MANY_GUESSES},
};

/// Reads the code in the path.
pub(super) fn code_in_path(input: &mut Input<'_>) -> Option<VoucherCode> {
    let parsed = VoucherCode::parse(input.path_text("code"));
    if let Err(why) = &parsed {
        input.refuse_parameter(
            "code",
            why.code(),
            "must be a code of 4 to 40 of A-Z, 0-9 and -",
        );
    }
    parsed.ok()
}

/// Answers a request that names a code, unless its key has asked for too many that there are not.
pub(super) async fn guarded<P>(
    api: &Api,
    caller: &Caller<P>,
    answering: impl Future<Output = Result<Answer, Problem>>,
) -> Result<Answer, Problem> {
    let Actor::ApiKey(key) = caller.acting().actor else {
        return answering.await;
    };
    let (guesses, clock) = (&api.vouchers.guesses, &api.vouchers.clock);
    if let Err(wait) = guesses.check(key, clock.now()) {
        return Err(Problem::of(&TOO_MANY_GUESSES).retry_after(wait));
    }
    let answered = answering.await;
    let status = match &answered {
        Ok(answer) => answer.status(),
        Err(problem) => problem.status(),
    };
    if status == StatusCode::NOT_FOUND {
        guesses.note(key, clock.now());
    }
    answered
}
