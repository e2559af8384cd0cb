use domain::payments::{Progress, Stage};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::{stored_payment, stored_refund};

fn with_invoice(payment: &PaymentFacts) -> PaymentFacts {
    PaymentFacts {
        invoice_id: Some(InvoiceId::from_uuid(Uuid::from_u128(9))),
        ..payment.clone()
    }
}

fn party(party: &Party) -> String {
    match party {
        Party::Account(id) => format!("{}", id.as_uuid().as_u128()),
        Party::System(system) => system.to_string(),
    }
}

fn spelt(requests: &[TransferRequest]) -> Vec<String> {
    requests
        .iter()
        .map(|it| {
            format!(
                "{} {}>{} {}",
                it.kind.code(),
                party(&it.source),
                party(&it.destination),
                it.amount.as_minor()
            )
        })
        .collect()
}

#[rstest]
#[case::internal(None, &["payment 1>2 100", "invoice_paid receivables>external 100"],
    &["refund 2>1 30", "invoice_refunded external>receivables 30"])]
#[case::payout(Some(Direction::Payout), &["provider_payment 1>clearing:simulator 100", "invoice_paid receivables>external 100"],
    &["provider_refund clearing:simulator>1 30", "invoice_refunded external>receivables 30"])]
#[case::charge(Some(Direction::Charge),
    &["provider_payment clearing:simulator>1 100", "invoice_paid receivables>clearing:simulator 100"],
    &["provider_refund 1>clearing:simulator 30", "invoice_refunded clearing:simulator>receivables 30"])]
fn each_sort_of_payment_moves_money_its_way_and_a_refund_back(
    #[case] direction: Option<Direction>,
    #[case] paid: &[&str],
    #[case] refunded: &[&str],
) {
    let stage = Stage::Completed {
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    let payment = stored_payment(direction, Progress::at(stage));
    let refund = stored_refund(payment.facts());
    let alone = payment.facts();
    let settling = with_invoice(alone);

    assert_eq!(spelt(&of_payment(alone).unwrap()), paid[..1]);
    assert_eq!(spelt(&of_payment(&settling).unwrap()), paid);
    assert_eq!(
        spelt(&of_refund(refund.facts(), alone).unwrap()),
        refunded[..1]
    );
    assert_eq!(
        spelt(&of_refund(refund.facts(), &settling).unwrap()),
        refunded
    );
}
