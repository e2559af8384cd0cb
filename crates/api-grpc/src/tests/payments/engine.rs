use super::*;
use crate::testing::metadata;

pub(super) fn between_accounts(minor: i64) -> CreatePaymentRequest {
    CreatePaymentRequest {
        payment_type: PaymentType::InternalTransfer.into(),
        direction: 0,
        provider: None,
        source_account_id: Some(id(1)),
        destination_account_id: Some(id(2)),
        amount_minor: Some(minor),
        ..charge()
    }
}

#[tokio::test]
async fn a_payment_between_two_accounts_goes_through_the_posting_engine() {
    // A bench over no unit of work: whoever opens one fails.
    let served = Bench::new().serve();

    let answer = client(&served)
        .create_payment(keyed("a", between_accounts(300)))
        .await;
    let repeated = client(&served)
        .create_payment(keyed("a", between_accounts(300)))
        .await;
    let too_much = client(&served)
        .create_payment(keyed("b", between_accounts(701)))
        .await;

    let payment = answer.unwrap().into_inner().payment.unwrap();
    assert_eq!(payment.status(), PaymentStatus::Completed);
    assert_eq!((payment.amount_minor, payment.refundable_minor), (300, 300));
    let repeated = repeated.unwrap();
    assert_eq!(
        metadata(repeated.metadata(), "idempotency-replayed"),
        "true"
    );
    assert_eq!(repeated.into_inner().payment, Some(payment));
    let expected = (Code::FailedPrecondition, "INSUFFICIENT_FUNDS".to_owned());
    assert_eq!(told(&too_much.unwrap_err()), expected);
}
