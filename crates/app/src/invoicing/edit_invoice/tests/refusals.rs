use domain::{
    invoicing::{InvoiceStatus, NotEditable},
    values::{AMOUNT_MINOR_MAX, AmountOutOfRange},
    version::VersionConflict,
};

use super::*;
use crate::testing::{out_of_reach, stranger};

#[rstest]
#[case::that_nobody_drafted(EditInvoice {
    id: InvoiceId::from_uuid(Uuid::from_u128(99)),
    ..command()
})]
#[case::of_another_organization(EditInvoice { caller: stranger(), ..command() })]
#[tokio::test]
async fn an_invoice_is_not_found_and_nothing_is_written(
    handler: EditInvoiceHandler,
    #[case] command: EditInvoice,
) {
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, EditInvoiceError::NotFound(id) if id == command.id));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: EditInvoiceHandler) {
    let command = EditInvoice {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        EditInvoiceError::Conflict(why) if why == VersionConflict { current }
    ));
}

/// No customer is looked up for it either: none is expected to be.
#[rstest]
#[case(&[InvoiceStatus::Sent])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Viewed])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Overdue])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Paid])]
#[case(&[InvoiceStatus::Cancelled])]
#[tokio::test]
async fn only_a_draft_is_changed(handler: EditInvoiceHandler, #[case] steps: &[InvoiceStatus]) {
    let command = EditInvoice {
        precondition: Precondition::Any,
        ..billing(BillTo::Registered(CUSTOMER))
    };
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(steps));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let why = RewriteError::NotEditable(NotEditable(*steps.last().unwrap()));
    assert!(matches!(refused, EditInvoiceError::Refused(got) if got == why));
}

#[rstest]
#[tokio::test]
async fn an_unknown_customer_is_not_found_and_nothing_is_written(handler: EditInvoiceHandler) {
    let unknown = CustomerId::from_uuid(Uuid::from_u128(99));
    let mut uow = FakeUnitOfWork::default()
        .with_invoice(stored_invoice(&[]))
        .with_customer(stored_customer());

    let refused = handler
        .handle(&billing(BillTo::Registered(unknown)), &mut uow)
        .await
        .unwrap_err();

    assert!(matches!(refused, EditInvoiceError::CustomerNotFound(id) if id == unknown));
}

#[rstest]
#[tokio::test]
async fn totals_that_cannot_be_told_are_refused_and_nothing_is_written(
    handler: EditInvoiceHandler,
) {
    let command = changing(InvoiceChanges {
        items: Some(items_at(AMOUNT_MINOR_MAX)),
        ..InvoiceChanges::default()
    });
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let why = RewriteError::AmountOutOfRange(AmountOutOfRange);
    assert!(matches!(refused, EditInvoiceError::Refused(got) if got == why));
}

#[rstest]
#[tokio::test]
async fn a_number_of_another_invoice_is_refused_and_nothing_is_announced(
    handler: EditInvoiceHandler,
) {
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));
    let update = uow.invoices.expect_update().once();
    update.returning(|_| Ok(Written::AlreadyThere));

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(EditInvoiceError::AlreadyExists)));
}

#[rstest]
#[case::finding_the_invoice({
    let mut uow = FakeUnitOfWork::default();
    uow.invoices.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::finding_the_customer({
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));
    uow.customers.expect_find().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[])).with_customer(stored_customer());
    uow.invoices.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]))
        .with_customer(stored_customer())
        .failing_to_announce();
    uow.invoices.expect_update().returning(|_| Ok(Written::Stored));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: EditInvoiceHandler, #[case] mut uow: FakeUnitOfWork) {
    let command = billing(BillTo::Registered(CUSTOMER));

    let failed = handler.handle(&command, &mut uow).await;

    assert!(matches!(failed, Err(EditInvoiceError::Storage(_))));
}
