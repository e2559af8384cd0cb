//! Number series without gaps and duplicates, whatever happens at the same time.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use app::{
    invoicing::{ChangeInvoiceStatus, ChangeInvoiceStatusError, ChangeInvoiceStatusHandler},
    ports::{Clock, Outcome, StorageError, UnitOfWork},
    testing::{ORGANIZATION, caller},
    transaction::CommandHandler,
};
use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceFacts, InvoiceStatus, NumberFate, Series},
    version::Precondition,
};
use futures_util::{
    FutureExt,
    future::{join, join_all},
};
use jiff::SignedDuration;

use crate::support::{World, at, numbered, wait_until};

fn numbers(from: usize, to: usize) -> BTreeSet<String> {
    (from..=to)
        .map(|position| format!("INV-2026-{position:06}"))
        .collect()
}

/// Every position up to the last one is there, under the number that its invoice has.
async fn assert_is_gapless(world: &World, series: &str, last: i64) {
    let register = world.register_of(series, 100).await;
    assert_eq!((register.last_position, register.gaps), (last, vec![]));
    let admin = world.admin().await;
    let wrong =
        "invoice_numbers AS entry LEFT JOIN invoices AS invoice ON invoice.id = entry.invoice_id
                  WHERE invoice.number IS DISTINCT FROM entry.number";
    assert_eq!(admin.count(wrong).await, 0);
    let positions = format!("invoice_numbers WHERE series = '{series}'");
    assert_eq!(admin.count(&positions).await, last);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_drafts_that_are_issued_at_once_get_the_first_fifty_numbers() {
    let world = World::new().await;
    let drafts = world.drafts(50).await;

    let issued = join_all(drafts.iter().map(|id| world.issue(*id))).await;

    assert_eq!(issued.into_iter().collect::<BTreeSet<_>>(), numbers(1, 50));
    assert_is_gapless(&world, "INV-2026-", 50).await;
}

/// Issues, and then fails every third time although the number is taken.
struct Unreliable {
    handler: ChangeInvoiceStatusHandler,
    calls: AtomicU32,
}

impl CommandHandler<ChangeInvoiceStatus> for Unreliable {
    type Output = InvoiceFacts;
    type Error = ChangeInvoiceStatusError;

    const NAME: &'static str = "unreliable";

    async fn handle(
        &self,
        command: &ChangeInvoiceStatus,
        uow: &mut dyn UnitOfWork,
    ) -> Result<InvoiceFacts, ChangeInvoiceStatusError> {
        let sent = self.handler.handle(command, uow).await?;
        if self.calls.fetch_add(1, Ordering::SeqCst).is_multiple_of(3) {
            return Err(StorageError::Unavailable("it was aborted".into()).into());
        }
        Ok(sent)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transactions_that_are_aborted_lose_no_number() {
    let world = World::new().await;
    let drafts = world.drafts(60).await;
    let handler = Arc::new(Unreliable {
        handler: ChangeInvoiceStatusHandler::new(world.clock.clone(), world.ids.clone()),
        calls: AtomicU32::new(0),
    });
    let issue_perhaps = |id: &InvoiceId| {
        let command = ChangeInvoiceStatus {
            caller: caller(),
            id: *id,
            precondition: Precondition::Any,
            to: InvoiceStatus::Sent,
        };
        world.bus.execute(handler.clone(), command)
    };

    let issued = join_all(drafts.iter().map(issue_perhaps)).await;

    let issued: BTreeSet<_> = issued
        .into_iter()
        .filter_map(Result::ok)
        .map(|facts| facts.number().unwrap().as_str().to_owned())
        .collect();
    assert_eq!(issued, numbers(1, 40));
    assert_is_gapless(&world, "INV-2026-", 40).await;
    assert_eq!(
        world
            .admin()
            .await
            .count("outbox WHERE type = 'invoice.sent'")
            .await,
        40
    );
}

#[tokio::test]
async fn numbers_that_clients_have_chosen_are_passed_over_and_put_on_record() {
    let world = World::new().await;
    let mut chosen = Vec::new();
    for number in ["INV-2026-000002", "INV-2026-000003", "INV-2026-000005"] {
        chosen.push(world.create(numbered(number)).await.unwrap().id);
    }
    let drafts = world.drafts(3).await;

    let mut issued = Vec::new();
    for id in &drafts {
        issued.push(world.issue(*id).await);
    }

    assert_eq!(
        issued,
        ["INV-2026-000001", "INV-2026-000004", "INV-2026-000006"]
    );
    let register = world.register_of("INV-2026-", 100).await;
    let entries: Vec<_> = register
        .rows
        .iter()
        .map(|row| (row.invoice_id, row.fate))
        .collect();
    let (ours, theirs) = (NumberFate::Issued, NumberFate::ChosenByClient);
    let expected = [
        (drafts[0], ours),
        (chosen[0], theirs),
        (chosen[1], theirs),
        (drafts[1], ours),
        (chosen[2], theirs),
        (drafts[2], ours),
    ];
    assert_eq!(entries, expected);
    assert_is_gapless(&world, "INV-2026-", 6).await;
}

#[tokio::test]
async fn thousands_of_chosen_numbers_are_passed_over_without_a_gap() {
    let world = World::new().await;
    world.create(numbered("INV-2026-000001")).await.unwrap();
    let copies = "INSERT INTO invoices
         SELECT copy.* FROM invoices AS old, generate_series(2, 2345) AS n,
             jsonb_populate_record(old, jsonb_build_object(
                 'id', gen_random_uuid(), 'number', 'INV-2026-' || lpad(n::text, 6, '0'))) AS copy";
    world.admin().await.run(copies).await;
    let draft = world.drafted().await;

    let issued = world.issue(draft).await;

    assert_eq!(issued, "INV-2026-002346");
    assert_is_gapless(&world, "INV-2026-", 2_346).await;
    let chosen = "invoice_numbers WHERE fate = 'chosen_by_client'";
    assert_eq!(world.admin().await.count(chosen).await, 2_345);
}

#[tokio::test]
async fn an_invoice_that_waited_for_its_series_while_the_year_ended_is_one_of_the_new_year() {
    let world = World::new().await;
    let to_new_year = at("2026-12-31T23:59:59.9Z").duration_since(world.clock.now());
    world.clock.advance(to_new_year);
    let draft = world.drafted().await;
    let series = Series::named("INV-2026-");
    let other = world
        .hold(move |uow| {
            let series = series.clone();
            async move {
                let last = uow.invoice_numbers().lock(ORGANIZATION, &series).await;
                assert_eq!(last.unwrap(), 0);
            }
            .boxed()
        })
        .await;
    let admin = world.admin().await;

    let issuing = world.change_status(draft, InvoiceStatus::Sent);
    let year_ends = async {
        wait_until("it waits for the series", || async {
            admin.waiting().await == 1
        })
        .await;
        world.clock.advance(SignedDuration::from_secs(1));
        other.end(Outcome::Commit).await.unwrap();
    };
    let (sent, ()) = join(issuing, year_ends).await;

    let sent = sent.unwrap();
    assert_eq!(sent.number().unwrap().as_str(), "INV-2027-000001");
    assert_eq!(sent.changed_at(), at("2027-01-01T00:00:00.9Z"));
    let old = world.register_of("INV-2026-", 1).await;
    assert_eq!((old.last_position, old.rows), (0, Vec::new()));
}

/// Issues an invoice, and tells the number that it got.
async fn issue(world: &World, id: InvoiceId) -> String {
    let sent = world.change_status(id, InvoiceStatus::Sent).await.unwrap();
    sent.number().unwrap().as_str().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_that_clients_choose_while_the_series_reaches_them_are_nobody_elses() {
    let world = World::new().await;
    let drafts = world.drafts(30).await;
    let choose = |position: usize| world.create(numbered(&format!("INV-2026-{position:06}")));

    let (issued, chosen) = join(
        join_all(drafts.iter().map(|id| issue(&world, *id))),
        join_all((1..=30).map(choose)),
    )
    .await;

    let chosen = chosen.into_iter().filter_map(Result::ok);
    let chosen = chosen.map(|facts| facts.number().unwrap().as_str().to_owned());
    let all: Vec<_> = issued.into_iter().chain(chosen).collect();
    assert_eq!(
        all.len(),
        all.iter().collect::<BTreeSet<_>>().len(),
        "{all:?}"
    );
    let last = world.register_of("INV-2026-", 1).await.last_position;
    assert!((30..=60).contains(&last), "{last}");
    assert_is_gapless(&world, "INV-2026-", last).await;
}
