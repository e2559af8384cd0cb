use domain::{
    invoicing::{ChangeStatusError, InvoiceHasPayments, TransitionForbidden},
    version::VersionConflict,
};

use super::*;
use crate::testing::{out_of_reach, stranger};

#[rstest]
#[case(&[], &[Draft, Viewed, Overdue, Paid])]
#[case(&[Sent], &[Draft, Sent])]
#[case(&[Sent, Viewed], &[Draft, Sent, Viewed])]
#[case(&[Sent, Overdue], &[Draft, Sent, Viewed, Overdue])]
#[case(&[Sent, Paid], &[Draft, Sent, Viewed, Overdue, Paid, Cancelled])]
#[case(&[Cancelled], &[Draft, Sent, Viewed, Overdue, Paid, Cancelled])]
#[tokio::test]
async fn a_step_that_the_life_cycle_does_not_have_is_refused_and_nothing_is_written(
    handler: ChangeInvoiceStatusHandler,
    #[case] steps: &[InvoiceStatus],
    #[case] forbidden: &[InvoiceStatus],
) {
    for to in forbidden.iter().copied() {
        let mut uow = holding(stored_invoice(steps));

        let refused = handler.handle(&command(to), &mut uow).await.unwrap_err();

        let from = steps.last().copied().unwrap_or(Draft);
        let why = ChangeStatusError::Forbidden(TransitionForbidden { from, to });
        assert!(matches!(refused, ChangeInvoiceStatusError::Refused(got) if got == why));
    }
}

#[rstest]
#[tokio::test]
async fn an_invoice_with_money_paid_on_it_is_not_cancelled(handler: ChangeInvoiceStatusHandler) {
    let paid_on = Invoice::restore(InvoiceFacts {
        amount_paid_minor: 5,
        ..stored_invoice(&[Sent]).facts().clone()
    });
    let mut uow = holding(paid_on);

    let refused = handler.handle(&command(Cancelled), &mut uow).await;

    let why = ChangeStatusError::HasPayments(InvoiceHasPayments(5));
    assert!(matches!(refused, Err(ChangeInvoiceStatusError::Refused(got)) if got == why));
}

#[rstest]
#[case::that_nobody_drafted(ChangeInvoiceStatus {
    id: InvoiceId::from_uuid(Uuid::from_u128(99)),
    ..command(Sent)
})]
#[case::of_another_organization(ChangeInvoiceStatus { caller: stranger(), ..command(Sent) })]
#[tokio::test]
async fn an_invoice_is_not_found_and_nothing_is_written(
    handler: ChangeInvoiceStatusHandler,
    #[case] command: ChangeInvoiceStatus,
) {
    let mut uow = holding(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    assert!(matches!(refused, ChangeInvoiceStatusError::NotFound(id) if id == command.id));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_a_conflict(handler: ChangeInvoiceStatusHandler) {
    let command = ChangeInvoiceStatus {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command(Sent)
    };
    let mut uow = holding(stored_invoice(&[]));

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let current = Version::FIRST;
    assert!(matches!(
        refused,
        ChangeInvoiceStatusError::Conflict(why) if why == VersionConflict { current }
    ));
}

#[rstest]
#[tokio::test]
async fn without_its_organization_an_invoice_is_not_issued(handler: ChangeInvoiceStatusHandler) {
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));
    uow.organizations.expect_find().returning(|_| Ok(None));

    let refused = handler.handle(&command(Sent), &mut uow).await.unwrap_err();

    assert!(matches!(
        refused,
        ChangeInvoiceStatusError::OrganizationNotFound(ORGANIZATION)
    ));
}

#[rstest]
#[tokio::test]
async fn a_number_that_a_client_chose_at_the_same_time_is_a_lost_race(
    handler: ChangeInvoiceStatusHandler,
) {
    let mut uow = numbering(holding(stored_invoice(&[])));
    let update = uow.invoices.expect_update().once();
    update.returning(|_| Ok(Written::AlreadyThere));

    let lost = handler.handle(&command(Sent), &mut uow).await;

    let Err(ChangeInvoiceStatusError::Storage(why)) = lost else {
        panic!("{lost:?}");
    };
    assert!(matches!(why, StorageError::Contended { attempts: 1 }));
    assert_eq!(uow.lost_races, 1);
}

#[rstest]
#[case::finding_the_invoice(Sent, {
    let mut uow = FakeUnitOfWork::default();
    uow.invoices.expect_find_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::finding_the_seller(Sent, {
    let mut uow = FakeUnitOfWork::default().with_invoice(stored_invoice(&[]));
    uow.organizations.expect_find().returning(|_| out_of_reach());
    uow
})]
#[case::taking_a_number(Sent, {
    let mut uow = holding(stored_invoice(&[]));
    uow.invoice_numbers.expect_lock().returning(|_, _| out_of_reach());
    uow
})]
#[case::recording_that_it_was_cancelled(Cancelled, {
    let mut uow = holding(stored_invoice(&[]));
    uow.invoice_numbers.expect_mark_cancelled().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing(Sent, {
    let mut uow = numbering(holding(stored_invoice(&[])));
    uow.invoices.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing(Sent, storing(numbering(holding(stored_invoice(&[])))).failing_to_announce())]
#[tokio::test]
async fn a_failing_storage_is_told(
    handler: ChangeInvoiceStatusHandler,
    #[case] to: InvoiceStatus,
    #[case] mut uow: FakeUnitOfWork,
) {
    let failed = handler.handle(&command(to), &mut uow).await;

    assert!(matches!(failed, Err(ChangeInvoiceStatusError::Storage(_))));
}
