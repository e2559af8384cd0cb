//! What is not accepted, and why.

use rstest::rstest;

use super::*;

#[rstest]
#[case::more_than_there_is(internal(200_001), "insufficient_funds")]
#[case::in_another_currency(in_euros(internal(1)), "currency_mismatch")]
#[case::to_itself(between(1, 1), "same_account")]
#[case::to_itself_for_an_invoice(settling(between(1, 1)), "same_account")]
#[case::from_nobody(between(8, 2), "account_not_found")]
#[case::to_nobody(between(1, 8), "account_not_found")]
#[case::to_a_frozen_one(between(1, 3), "account_frozen")]
#[case::to_a_closed_one(between(1, 4), "account_closed")]
#[case::a_payout_of_more_than_there_is(
    external(Direction::Payout, 1, 200_001),
    "insufficient_funds"
)]
#[case::a_payout_in_another_currency(
    in_euros(external(Direction::Payout, 1, 1)),
    "currency_mismatch"
)]
#[case::a_payout_from_nobody(external(Direction::Payout, 8, 1), "account_not_found")]
#[case::a_payout_from_a_frozen_one(external(Direction::Payout, 3, 1), "account_frozen")]
#[case::a_payout_from_a_closed_one(external(Direction::Payout, 4, 1), "account_closed")]
#[case::a_charge_in_another_currency(
    in_euros(external(Direction::Charge, 1, 1)),
    "currency_mismatch"
)]
#[case::a_charge_to_nobody(external(Direction::Charge, 8, 1), "account_not_found")]
#[case::a_charge_to_a_frozen_one(external(Direction::Charge, 3, 1), "account_frozen")]
#[case::a_charge_to_a_closed_one(external(Direction::Charge, 4, 1), "account_closed")]
#[case::from_an_account_of_others(
    AcceptPayment { caller: stranger(), ..internal(1) },
    "account_not_found"
)]
#[tokio::test]
async fn what_the_ledger_refuses_is_not_accepted(
    #[case] command: AcceptPayment,
    #[case] code: &str,
) {
    let store = store();
    let invoice = stored_invoice(&[InvoiceStatus::Sent]);
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .with_invoice(invoice);
    // What is stored before the ledger is asked goes with the transaction.
    uow.payments.expect_insert().returning(|_| Ok(()));

    let refused = handler(Ok(())).handle(&command, &mut uow).await;

    let Err(AcceptPaymentError::Rejected(why)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(why.code(), code);
    assert_eq!((on(&store, 1), on(&store, 2)), ((200_000, 0), (0, 0)));
    assert!(store.see(|stored| stored.transfers.is_empty()));
}

#[rstest]
#[case::a_draft(&[], 0, settling(internal(1)))]
#[case::a_cancelled_one(&[InvoiceStatus::Sent, InvoiceStatus::Cancelled], 0, settling(internal(1)))]
#[case::in_another_currency(&[InvoiceStatus::Sent], 0, in_euros(settling(internal(1))))]
#[case::more_than_is_due(&[InvoiceStatus::Sent], 0, settling(internal(TOTAL + 1)))]
#[case::more_than_others_leave(&[InvoiceStatus::Sent], 2, settling(internal(TOTAL - 1)))]
#[case::a_charge_of_more_than_others_leave(
    &[InvoiceStatus::Sent], TOTAL, settling(external(Direction::Charge, 1, 1))
)]
#[tokio::test]
async fn what_the_invoice_has_no_room_for_is_not_accepted(
    #[case] steps: &[InvoiceStatus],
    #[case] running_minor: i64,
    #[case] command: AcceptPayment,
) {
    let mut uow = FakeUnitOfWork::default();
    uow.invoice_payments
        .expect_running_minor()
        .returning(move |_, _| Ok(running_minor));
    let mut uow = uow.with_invoice(stored_invoice(steps));

    let refused = handler(Ok(())).handle(&command, &mut uow).await;

    let Err(AcceptPaymentError::Unpayable(why)) = refused else {
        panic!("{refused:?}");
    };
    let is_expected = match why {
        PayInvoiceError::NotPayable(_) => steps != [InvoiceStatus::Sent],
        PayInvoiceError::CurrencyMismatch { .. } => command.currency.code() == "EUR",
        PayInvoiceError::Exceeds(_) => command.amount.as_minor() + running_minor > TOTAL,
    };
    assert!(is_expected, "{why}");
}

#[rstest]
#[case::unknown(InvoiceId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_others(INVOICE, stranger())]
#[tokio::test]
async fn an_invoice_that_is_not_the_client_s_is_not_there(
    #[case] id: InvoiceId,
    #[case] by: crate::platform::Caller,
) {
    let invoice = stored_invoice(&[InvoiceStatus::Sent]);
    let mut uow = FakeUnitOfWork::default().with_invoice(invoice);
    let command = AcceptPayment {
        caller: by,
        invoice_id: Some(id),
        ..internal(1)
    };

    let refused = handler(Ok(())).handle(&command, &mut uow).await;

    assert!(
        matches!(refused, Err(AcceptPaymentError::InvoiceNotFound(it)) if it == id),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_provider_that_there_is_not_is_refused() {
    let mut command = external(Direction::Charge, 1, 1);
    let name = ProviderName::parse("stripe").unwrap();
    if let NewKind::External(external) = &mut command.kind {
        external.provider = name.clone();
    }

    let refused = handler(Ok(()))
        .handle(&command, &mut FakeUnitOfWork::default())
        .await;

    assert!(
        matches!(&refused, Err(AcceptPaymentError::ProviderUnknown(it)) if *it == name),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_a_provider_could_not_do_is_refused_before_anything_is_looked_at() {
    let wrong = InvalidProviderData {
        field: "provider_data/payment_method",
        why: InvalidValue::Empty,
    };

    let refused = handler(Err(wrong.clone()))
        .handle(
            &external(Direction::Charge, 1, 1),
            &mut FakeUnitOfWork::default(),
        )
        .await;

    assert!(
        matches!(&refused, Err(AcceptPaymentError::InvalidProviderData(it)) if *it == wrong),
        "{refused:?}"
    );
}
