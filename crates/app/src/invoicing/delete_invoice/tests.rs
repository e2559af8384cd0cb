use domain::{invoicing::InvoiceStatus, version::Version};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, INVOICE, NOW, SequentialIds, caller, out_of_reach, stored_invoice,
    stranger,
};

#[fixture]
fn handler() -> DeleteInvoiceHandler {
    DeleteInvoiceHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> DeleteInvoice {
    DeleteInvoice {
        caller: caller(),
        id: INVOICE,
        precondition: Precondition::OneOf(vec![Version::FIRST]),
    }
}

#[rstest]
#[tokio::test]
async fn a_draft_is_removed_and_that_is_announced(handler: DeleteInvoiceHandler) {
    let mut uow = FakeUnitOfWork::default()
        .with_invoice(stored_invoice(&[]))
        .announcing("invoice.deleted", 2);
    uow.invoices
        .expect_delete()
        .once()
        .withf(|invoice| invoice.facts().id == INVOICE)
        .returning(|_| Ok(()));

    let deleted = handler.handle(&command(), &mut uow).await;

    assert!(deleted.is_ok());
}

#[rstest]
#[case::that_nobody_drafted(DeleteInvoice {
    id: InvoiceId::from_uuid(Uuid::from_u128(99)),
    ..command()
})]
#[case::of_another_organization(DeleteInvoice { caller: stranger(), ..command() })]
#[tokio::test]
async fn an_invoice_is_not_found_and_nothing_is_removed(
    handler: DeleteInvoiceHandler,
    #[case] command: DeleteInvoice,
) {
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, DeleteInvoiceError::NotFound(id) if id == command.id));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: DeleteInvoiceHandler) {
    let command = DeleteInvoice {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        DeleteInvoiceError::Conflict(why) if why == VersionConflict { current }
    ));
}

#[rstest]
#[case(&[InvoiceStatus::Sent])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Viewed])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Overdue])]
#[case(&[InvoiceStatus::Sent, InvoiceStatus::Paid])]
#[case(&[InvoiceStatus::Cancelled])]
#[tokio::test]
async fn only_a_draft_is_removed(handler: DeleteInvoiceHandler, #[case] steps: &[InvoiceStatus]) {
    let command = DeleteInvoice {
        precondition: Precondition::Any,
        ..command()
    };
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(steps));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let why = NotDeletable(*steps.last().unwrap());
    assert!(matches!(refused, DeleteInvoiceError::Refused(got) if got == why));
}

#[rstest]
#[case::finding({
    let mut uow = FakeUnitOfWork::default();
    uow.invoices.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::removing({
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));
    uow.invoices.expect_delete().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = FakeUnitOfWork::default()
        .with_invoice(stored_invoice(&[]))
        .failing_to_announce();
    uow.invoices.expect_delete().returning(|_| Ok(()));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: DeleteInvoiceHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(DeleteInvoiceError::Storage(_))));
}
