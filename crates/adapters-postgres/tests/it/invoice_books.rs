//! What invoices leave in the ledger.

use app::invoicing::{ChangeInvoiceStatusError, CreateInvoice};
use domain::{
    ids::InvoiceId,
    invoicing::{
        InvoiceStatus::{Cancelled, Draft, Overdue, Paid, Sent, Viewed},
        LineItems,
    },
};
use futures_util::future::join_all;
use jiff::SignedDuration;

use crate::support::{Dice, Ledger, World, currency, line, unnumbered};

const CURRENCIES: [&str; 3] = ["USD", "EUR", "JPY"];

/// What is due on issued invoices that are not cancelled is what is on `receivables`, and revenue and tax are what they
/// were issued for.
async fn assert_books_agree(ledger: &Ledger) {
    let admin = &ledger.admin;
    for code in CURRENCIES {
        let [due, net, tax] = [
            "total_minor - amount_paid_minor",
            "subtotal_minor - discount_minor",
            "tax_minor",
        ]
        .map(|sum| {
            format!(
                    "SELECT coalesce(sum({sum}), 0)::bigint FROM invoices
                      WHERE currency = '{code}' AND issued_at IS NOT NULL AND status <> 'cancelled'"
                )
        });
        let due: i64 = admin.value(&due).await;
        let (net, tax): (i64, i64) = (admin.value(&net).await, admin.value(&tax).await);
        assert_eq!(
            admin.system_balance("receivables", code).await,
            due,
            "{code}"
        );
        assert_eq!(admin.system_balance("revenue", code).await, -net, "{code}");
        assert_eq!(
            admin.system_balance("tax_payable", code).await,
            -tax,
            "{code}"
        );
    }
    ledger.is_consistent().await;
}

fn any_invoice(dice: &mut Dice) -> CreateInvoice {
    let price = i64::try_from(1 + dice.below(9_999)).unwrap();
    let rates = [0, 700, 1_900];
    let items = (0..=dice.below(3)).map(|_| line("work", "1.5", price, dice.pick(&rates)));
    let items = items.collect();
    CreateInvoice {
        currency: Some(currency(dice.pick(&CURRENCIES))),
        items: LineItems::new(items).unwrap(),
        ..unnumbered()
    }
}

/// Asks for some steps at random, of which those that the life cycle has are taken. Lives of all lengths: the longer one
/// is, the surer it ends as paid or cancelled.
async fn live(world: &World, id: InvoiceId, mut dice: Dice) {
    for _ in 0..=dice.below(6) {
        let to = dice.pick(&[Sent, Sent, Viewed, Overdue, Paid, Cancelled, Draft]);
        let changed = world.change_status(id, to).await;
        if let Err(refused) = changed {
            let is_forbidden = matches!(refused, ChangeInvoiceStatusError::Refused(_));
            assert!(is_forbidden, "{refused}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_due_is_what_is_on_receivables_whatever_invoices_live_through() {
    let ledger = Ledger::with(&[]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let mut dice = Dice::new(7);
    let drafts = (0..60).map(|_| world.create(any_invoice(&mut dice)));
    let drafts = join_all(drafts.collect::<Vec<_>>()).await;
    let drafts: Vec<_> = drafts.into_iter().map(|it| it.unwrap().id).collect();

    // Two want something of each, at the same time, while a sweep runs.
    let lives = (0..2).flat_map(|seed| {
        let life =
            move |(place, id): (usize, &InvoiceId)| (u64::try_from(place).unwrap() * 2 + seed, *id);
        drafts.iter().enumerate().map(life)
    });
    let lives = lives.map(|(seed, id)| live(world, id, Dice::new(seed)));
    world.clock.advance(SignedDuration::from_hours(24 * 31));
    futures_util::future::join(join_all(lives), world.sweep(500)).await;

    let issued = admin.count("invoices WHERE issued_at IS NOT NULL").await;
    let statuses = "(SELECT DISTINCT status FROM invoices WHERE issued_at IS NOT NULL) AS s";
    assert!(issued > 20, "{issued} were issued");
    assert!(admin.count(statuses).await >= 3);
    assert_books_agree(&ledger).await;
}

#[tokio::test]
async fn an_invoice_stays_as_it_is_when_the_ledger_has_no_room_for_it() {
    let ledger = Ledger::with(&[]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let (earlier, draft) = (world.drafted().await, world.drafted().await);
    world.issue(earlier).await;
    let full = "UPDATE account_standings SET balance_minor = 144115188075855872 WHERE account_id =
                (SELECT id FROM accounts WHERE system = 'receivables')";
    admin.run(full).await;

    let refused = world.change_status(draft, Sent).await;

    assert!(matches!(
        refused,
        Err(ChangeInvoiceStatusError::Unbookable(_))
    ));
    let unchanged = format!("invoices WHERE id = '{draft}' AND status = 'draft' AND version = 1");
    assert_eq!(admin.count(&unchanged).await, 1);
    assert_eq!(admin.count("invoice_numbers").await, 1);
    assert_eq!(admin.count("transfers").await, 2);
    assert_eq!(admin.count("outbox WHERE type = 'invoice.sent'").await, 1);
}

#[tokio::test]
async fn an_invoice_stays_as_it_is_when_the_ledger_cannot_be_written() {
    let ledger = Ledger::with(&[]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let draft = world.drafted().await;
    admin
        .run("ALTER TABLE entries ADD CONSTRAINT no_more CHECK (false) NOT VALID")
        .await;

    let failed = world.change_status(draft, Sent).await;

    assert!(matches!(failed, Err(ChangeInvoiceStatusError::Storage(_))));
    let unchanged = format!("invoices WHERE id = '{draft}' AND status = 'draft' AND version = 1");
    assert_eq!(admin.count(&unchanged).await, 1);
    assert_eq!(admin.count("invoice_numbers").await, 0);
    assert_eq!(admin.count("transfers").await, 0);
}

#[tokio::test]
async fn a_free_invoice_and_a_cancelled_draft_post_nothing() {
    let ledger = Ledger::with(&[]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let free = CreateInvoice {
        items: LineItems::new(vec![line("sample", "0.001", 1, 0)]).unwrap(),
        ..unnumbered()
    };
    let free = world.create(free).await.unwrap();
    assert_eq!(free.totals.total_minor, 0);
    let draft = world.drafted().await;

    let issued = world.change_status(free.id, Sent).await.unwrap();
    world.change_status(draft, Cancelled).await.unwrap();

    assert_eq!(issued.state.status(), Paid);
    assert_eq!(admin.count("invoice_payments").await, 0);
    assert_eq!(admin.count("transfers").await, 0);
    assert_books_agree(&ledger).await;
}

#[tokio::test]
async fn a_paid_invoice_is_found_under_its_id() {
    let ledger = Ledger::with(&[]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let id = world.drafted().await;

    for to in [Sent, Paid] {
        world.change_status(id, to).await.unwrap();
    }

    let found = format!("transfers WHERE reference = '{id}'");
    assert_eq!(admin.count(&found).await, 3);
    assert_eq!(admin.system_balance("external", "USD").await, 174_000);
}
