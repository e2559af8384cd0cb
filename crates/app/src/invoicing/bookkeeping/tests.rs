use std::sync::{Arc, LazyLock};

use domain::invoicing::{
    Invoice,
    InvoiceStatus::{Cancelled, Overdue, Paid, Sent, Viewed},
    Totals,
};
use rstest::rstest;

use super::*;
use crate::testing::{
    FakeUnitOfWork, INVOICE, MemoryPostingStore, NOW, ORGANIZATION, SequentialIds, out_of_reach,
    stored_invoice,
};

/// What is on `receivables`, `revenue`, `tax_payable` and `external`.
fn balances(store: &MemoryPostingStore) -> [i64; 4] {
    let systems = [
        SystemAccount::Receivables,
        SystemAccount::Revenue,
        SystemAccount::TaxPayable,
        SystemAccount::External,
    ];
    store.see(|stored| systems.map(|system| stored.balance_of(system)))
}

async fn follow(
    before: InTheBooks,
    after: &Invoice,
    uow: &mut FakeUnitOfWork,
) -> Result<(), ChangeInvoiceStatusError> {
    static IDS: LazyLock<SequentialIds> = LazyLock::new(SequentialIds::default);
    let postings = Postings {
        organization_id: ORGANIZATION,
        now: NOW.parse().unwrap(),
        ids: &*IDS,
    };
    before.follow(after.facts(), postings, uow).await
}

/// Takes the invoice through these steps, one after the other.
async fn live(steps: &[InvoiceStatus], store: &Arc<MemoryPostingStore>) {
    let mut uow = FakeUnitOfWork::default().with_books(store);
    uow.invoice_payments.expect_apply().returning(|_| Ok(()));
    for taken in 1..=steps.len() {
        let before = InTheBooks::of(stored_invoice(&steps[..taken - 1]).facts());
        let after = stored_invoice(&steps[..taken]);
        follow(before, &after, &mut uow).await.unwrap();
    }
}

#[rstest]
#[case::issued(&[Sent], [174_000, -150_000, -24_000, 0])]
#[case::seen_and_late(&[Sent, Viewed, Overdue], [174_000, -150_000, -24_000, 0])]
#[case::paid(&[Sent, Paid], [0, -150_000, -24_000, 174_000])]
#[case::paid_late(&[Sent, Overdue, Paid], [0, -150_000, -24_000, 174_000])]
#[case::cancelled(&[Sent, Viewed, Cancelled], [0, 0, 0, 0])]
#[case::cancelled_as_a_draft(&[Cancelled], [0, 0, 0, 0])]
#[tokio::test]
async fn each_life_leaves_its_sums(#[case] steps: &[InvoiceStatus], #[case] expected: [i64; 4]) {
    let store = MemoryPostingStore::with([]);

    live(steps, &store).await;

    assert_eq!(balances(&store), expected);
}

#[tokio::test]
async fn transfers_tell_of_which_invoice_they_are() {
    let store = MemoryPostingStore::with([]);

    live(&[Sent, Cancelled], &store).await;

    let told: Vec<_> = store.see(|stored| {
        let transfers = stored.transfers.iter();
        transfers
            .map(|it| {
                let reference = it.order.details.reference.clone();
                (it.order.kind, reference.unwrap().as_str().to_owned())
            })
            .collect()
    });
    let invoice = INVOICE.to_string();
    let expected = [
        TransferKind::InvoiceIssued,
        TransferKind::InvoiceIssued,
        TransferKind::InvoiceCancelled,
        TransferKind::InvoiceCancelled,
    ];
    assert_eq!(told, expected.map(|kind| (kind, invoice.clone())));
}

/// The issued invoice, with other totals.
fn issued(subtotal_minor: i64, discount_minor: i64, tax_minor: i64) -> Invoice {
    let facts = stored_invoice(&[Sent]).facts().clone();
    Invoice::restore(InvoiceFacts {
        totals: Totals {
            subtotal_minor,
            discount_minor,
            tax_minor,
            total_minor: subtotal_minor - discount_minor + tax_minor,
            ..facts.totals
        },
        ..facts
    })
}

#[rstest]
#[case::without_tax(issued(100, 0, 0), [100, -100, 0, 0], 1)]
#[case::with_a_discount(issued(100, 30, 7), [77, -70, -7, 0], 2)]
#[case::free(issued(100, 100, 0), [0, 0, 0, 0], 0)]
#[tokio::test]
async fn what_is_nothing_is_not_posted(
    #[case] invoice: Invoice,
    #[case] expected: [i64; 4],
    #[case] transfers: usize,
) {
    let store = MemoryPostingStore::with([]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let draft = InTheBooks::of(stored_invoice(&[]).facts());

    follow(draft, &invoice, &mut uow).await.unwrap();

    assert_eq!(balances(&store), expected);
    assert_eq!(store.see(|stored| stored.transfers.len()), transfers);
}

#[tokio::test]
async fn only_what_was_still_due_is_paid() {
    let store = MemoryPostingStore::with([]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let noted = uow.invoice_payments.expect_apply().once();
    noted
        .withf(|paid| paid.payment_id.is_none() && paid.amount_minor == 4_000)
        .returning(|_| Ok(()));
    let facts = stored_invoice(&[Sent]).facts().clone();
    let in_part = Invoice::restore(InvoiceFacts {
        amount_paid_minor: 170_000,
        ..facts
    });

    let before = InTheBooks::of(in_part.facts());
    follow(before, &stored_invoice(&[Sent, Paid]), &mut uow)
        .await
        .unwrap();

    assert_eq!(balances(&store), [-4_000, 0, 0, 4_000]);
}

#[tokio::test]
async fn books_that_are_full_refuse_and_a_failing_journal_is_told() {
    let store = MemoryPostingStore::with([]);
    live(&[Sent], &store).await;
    store.see(|stored| {
        for page in stored.standings.values_mut() {
            page.balance_minor = page.folio.balance_minor_max();
        }
    });
    let mut full = FakeUnitOfWork::default().with_books(&store);
    let mut failing = FakeUnitOfWork::default();
    let journal = &mut failing.journal;
    journal
        .expect_system_accounts()
        .returning(|_| out_of_reach());
    let draft = InTheBooks::of(stored_invoice(&[]).facts());

    let refused = follow(draft, &stored_invoice(&[Sent]), &mut full).await;
    let failed = follow(draft, &stored_invoice(&[Sent]), &mut failing).await;

    assert!(matches!(
        refused,
        Err(ChangeInvoiceStatusError::Unbookable(
            Rejection::AmountOutOfRange(_)
        ))
    ));
    assert!(matches!(failed, Err(ChangeInvoiceStatusError::Storage(_))));
}
