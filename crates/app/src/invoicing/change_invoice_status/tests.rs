use domain::{
    invoicing::{Invoice, InvoiceContents, InvoiceNumber, Issue, Party, Series},
    ledger::SystemAccount,
    version::Version,
};
use mockall::predicate::eq;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, INVOICE, MemoryPostingStore, NOW, ORGANIZATION, SequentialIds,
    caller, draft_contents, organization_profile, stored_draft, stored_invoice,
    stored_organization,
};
use InvoiceStatus::{Cancelled, Draft, Overdue, Paid, Sent, Viewed};

mod new_year;
mod refusals;

#[fixture]
fn handler() -> ChangeInvoiceStatusHandler {
    ChangeInvoiceStatusHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command(to: InvoiceStatus) -> ChangeInvoiceStatus {
    ChangeInvoiceStatus {
        caller: caller(),
        id: INVOICE,
        precondition: Precondition::Any,
        to,
    }
}

fn holding(invoice: Invoice) -> FakeUnitOfWork {
    keeping_books(invoice, &MemoryPostingStore::with([]))
}

fn keeping_books(invoice: Invoice, store: &Arc<MemoryPostingStore>) -> FakeUnitOfWork {
    FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_invoice(invoice)
        .with_books(store)
}

fn storing(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let update = uow.invoices.expect_update().once();
    update.returning(|_| Ok(Written::Stored));
    uow
}

/// The first number of the series of 2026, to be taken once.
fn numbering(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let numbers = &mut uow.invoice_numbers;
    numbers
        .expect_lock()
        .once()
        .with(eq(ORGANIZATION), eq(Series::named("INV-2026-")))
        .returning(|_, _| Ok(0));
    numbers.expect_holders_of().returning(|_, _| Ok(Vec::new()));
    let register = numbers.expect_register().once();
    register.returning(|_, _, _| Ok(()));
    uow
}

fn withdrawing(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    uow.invoice_numbers
        .expect_mark_cancelled()
        .once()
        .with(eq(ORGANIZATION), eq(INVOICE))
        .returning(|_, _| Ok(()));
    uow
}

fn chosen_number() -> InvoiceNumber {
    InvoiceNumber::parse("MINE-7").unwrap()
}

fn draft_with_a_chosen_number() -> Invoice {
    stored_draft(InvoiceContents {
        number: Some(chosen_number()),
        ..draft_contents()
    })
}

#[rstest]
#[tokio::test]
async fn a_sent_draft_gets_the_next_number_and_its_seller(handler: ChangeInvoiceStatusHandler) {
    let mut uow = numbering(holding(stored_invoice(&[]))).announcing("invoice.sent", 2);
    let expected = Issue {
        number: InvoiceNumber::parse("INV-2026-000001").unwrap(),
        issued_at: NOW.parse().unwrap(),
        seller: Party::from(&organization_profile()),
    };
    let stored = expected.clone();
    uow.invoices
        .expect_update()
        .once()
        .withf(move |invoice| invoice.facts().state.issue() == Some(&stored))
        .returning(|_| Ok(Written::Stored));

    let sent = handler.handle(&command(Sent), &mut uow).await.unwrap();

    assert_eq!(sent.state.status(), Sent);
    assert_eq!(sent.state.issue(), Some(&expected));
    assert_eq!(sent.version, Version::new(2));
}

#[rstest]
#[tokio::test]
async fn a_number_that_the_client_has_chosen_takes_none_from_the_series(
    handler: ChangeInvoiceStatusHandler,
) {
    let mut uow = storing(holding(draft_with_a_chosen_number())).announcing("invoice.sent", 2);

    let sent = handler.handle(&command(Sent), &mut uow).await.unwrap();

    assert_eq!(sent.number(), Some(&chosen_number()));
}

#[rstest]
#[case(&[Sent], Viewed, "invoice.viewed", 3)]
#[case(&[Sent], Overdue, "invoice.overdue", 3)]
#[case(&[Sent], Paid, "invoice.paid", 3)]
#[case(&[Sent, Viewed], Overdue, "invoice.overdue", 4)]
#[case(&[Sent, Viewed], Paid, "invoice.paid", 4)]
#[case(&[Sent, Overdue], Paid, "invoice.paid", 4)]
#[tokio::test]
async fn an_issued_invoice_goes_on_and_that_is_announced(
    handler: ChangeInvoiceStatusHandler,
    #[case] steps: &[InvoiceStatus],
    #[case] to: InvoiceStatus,
    #[case] event: &'static str,
    #[case] version: i64,
) {
    let mut uow = storing(holding(stored_invoice(steps))).announcing(event, version);

    let changed = handler.handle(&command(to), &mut uow).await.unwrap();

    assert_eq!(changed.state.status(), to);
    assert_eq!(changed.version, Version::new(version));
    assert_eq!(changed.updated_at, NOW.parse().unwrap());
}

#[rstest]
#[tokio::test]
async fn a_draft_on_which_nothing_is_due_is_paid_when_it_is_sent(
    handler: ChangeInvoiceStatusHandler,
) {
    let mut free = draft_with_a_chosen_number();
    free.discount(150_000, NOW.parse().unwrap()).unwrap();
    free.take_events();
    let store = MemoryPostingStore::with([]);
    let mut uow = storing(keeping_books(free, &store));
    let announced = uow.outbox.expect_append().once();
    announced
        .withf(|events, _| {
            let versions = events.iter().map(|it| it.version.as_i64());
            versions.eq([3, 4])
        })
        .returning(|_, _| Ok(()));

    let sent = handler.handle(&command(Sent), &mut uow).await.unwrap();

    assert_eq!(sent.state.status(), Paid);
    assert_eq!(sent.state.paid_at(), Some(NOW.parse().unwrap()));
    assert_eq!(sent.version, Version::new(4));
    assert_eq!(store.see(|stored| stored.transfers.len()), 0);
}

#[rstest]
#[tokio::test]
async fn paid_means_that_nothing_is_due_any_more(handler: ChangeInvoiceStatusHandler) {
    let mut uow = storing(holding(stored_invoice(&[Sent]))).announcing("invoice.paid", 3);

    let paid = handler.handle(&command(Paid), &mut uow).await.unwrap();

    assert_eq!(paid.state.paid_at(), Some(NOW.parse().unwrap()));
    assert_eq!(
        (paid.amount_paid_minor, paid.amount_due_minor()),
        (174_000, 0)
    );
}

#[rstest]
#[case::a_draft(&[], 2)]
#[case::once_sent(&[Sent], 3)]
#[case::once_viewed(&[Sent, Viewed], 4)]
#[case::once_overdue(&[Sent, Overdue], 4)]
#[tokio::test]
async fn a_cancelled_invoice_is_put_on_record_in_the_number_register(
    handler: ChangeInvoiceStatusHandler,
    #[case] steps: &[InvoiceStatus],
    #[case] version: i64,
) {
    let uow = holding(stored_invoice(steps)).announcing("invoice.cancelled", version);
    let mut uow = withdrawing(storing(uow));

    let cancelled = handler.handle(&command(Cancelled), &mut uow).await.unwrap();

    assert_eq!(cancelled.state.cancelled_at(), Some(NOW.parse().unwrap()));
    assert_eq!(cancelled.amount_due_minor(), 0);
}

#[rstest]
#[case::issued(draft_with_a_chosen_number(), Sent, 174_000)]
#[case::paid(stored_invoice(&[Sent]), Paid, -174_000)]
#[case::cancelled(stored_invoice(&[Sent]), Cancelled, -174_000)]
#[case::seen(stored_invoice(&[Sent]), Viewed, 0)]
#[tokio::test]
async fn what_customers_owe_changes_with_it(
    handler: ChangeInvoiceStatusHandler,
    #[case] invoice: Invoice,
    #[case] to: InvoiceStatus,
    #[case] receivables: i64,
) {
    let store = MemoryPostingStore::with([]);
    let mut uow = storing(keeping_books(invoice, &store));
    uow.outbox.expect_append().once().returning(|_, _| Ok(()));
    uow.invoice_numbers
        .expect_mark_cancelled()
        .returning(|_, _| Ok(()));

    handler.handle(&command(to), &mut uow).await.unwrap();

    let owed = store.see(|stored| stored.balance_of(SystemAccount::Receivables));
    assert_eq!(owed, receivables);
}
