use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::{Invoice, InvoiceFacts, TransitionForbidden},
};
use jiff::civil::date;
use mockall::predicate::eq;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    ports::Written,
    testing::{
        FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, out_of_reach, stored_invoice,
        stranger,
    },
};

#[fixture]
fn handler() -> SweepOverdueHandler {
    SweepOverdueHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn finding(late: Vec<Invoice>, batch: i64) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.invoices
        .expect_list_unswept_for_update()
        .once()
        .with(eq(date(2026, 11, 20)), eq(batch))
        .returning(move |_, _| Ok(late.clone()));
    uow
}

fn sent() -> Invoice {
    stored_invoice(&[InvoiceStatus::Sent])
}

/// Another one, of another organization.
fn viewed() -> Invoice {
    let viewed = stored_invoice(&[InvoiceStatus::Sent, InvoiceStatus::Viewed]);
    Invoice::restore(InvoiceFacts {
        id: InvoiceId::from_uuid(Uuid::from_u128(5)),
        organization_id: stranger().organization_id,
        ..viewed.facts().clone()
    })
}

fn scheduler_for(organization_id: OrganizationId) -> Caller {
    Caller {
        organization_id,
        actor: Actor::Role("scheduler"),
    }
}

#[rstest]
#[case::a_full_batch(2, true)]
#[case::the_last_batch(3, false)]
#[tokio::test]
async fn all_that_are_late_are_marked_on_behalf_of_their_own_organizations(
    handler: SweepOverdueHandler,
    #[case] batch: i64,
    #[case] has_more: bool,
) {
    let mut uow = finding(vec![sent(), viewed()], batch)
        .announcing_by(scheduler_for(ORGANIZATION), "invoice.overdue", 3)
        .announcing_by(
            scheduler_for(stranger().organization_id),
            "invoice.overdue",
            4,
        );
    for late in [sent(), viewed()] {
        uow.invoices
            .expect_update()
            .once()
            .withf(move |invoice| {
                let facts = invoice.facts();
                facts.id == late.facts().id && facts.state.status() == InvoiceStatus::Overdue
            })
            .returning(|_| Ok(Written::Stored));
    }

    let swept = handler.handle(&SweepOverdue { batch }, &mut uow).await;

    let expected = Swept {
        marked: 2,
        has_more,
    };
    assert_eq!(swept.unwrap(), expected);
}

#[rstest]
#[tokio::test]
async fn when_none_is_late_nothing_is_written(handler: SweepOverdueHandler) {
    let mut uow = finding(Vec::new(), 500);

    let swept = handler.handle(&SweepOverdue { batch: 500 }, &mut uow).await;

    let expected = Swept {
        marked: 0,
        has_more: false,
    };
    assert_eq!(swept.unwrap(), expected);
}

#[rstest]
#[tokio::test]
async fn an_invoice_that_cannot_be_overdue_stops_the_batch(handler: SweepOverdueHandler) {
    let mut uow = finding(vec![stored_invoice(&[])], 500);

    let refused = handler
        .handle(&SweepOverdue { batch: 500 }, &mut uow)
        .await
        .unwrap_err();

    let why = ChangeStatusError::Forbidden(TransitionForbidden {
        from: InvoiceStatus::Draft,
        to: InvoiceStatus::Overdue,
    });
    assert!(matches!(refused, SweepOverdueError::Refused(got) if got == why));
}

#[rstest]
#[case::finding({
    let mut uow = FakeUnitOfWork::default();
    uow.invoices.expect_list_unswept_for_update().returning(|_, _| out_of_reach());
    uow
})]
#[case::storing({
    let mut uow = finding(vec![sent()], 500);
    uow.invoices.expect_update().returning(|_| out_of_reach());
    uow
})]
#[case::announcing({
    let mut uow = finding(vec![sent()], 500).failing_to_announce();
    uow.invoices.expect_update().returning(|_| Ok(Written::Stored));
    uow
})]
#[tokio::test]
async fn a_failing_storage_is_told(handler: SweepOverdueHandler, #[case] mut uow: FakeUnitOfWork) {
    let failed = handler.handle(&SweepOverdue { batch: 500 }, &mut uow).await;

    assert!(matches!(failed, Err(SweepOverdueError::Storage(_))));
}
