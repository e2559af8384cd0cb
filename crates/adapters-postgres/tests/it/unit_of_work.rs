//! What a transaction keeps, undoes and leaves behind.

use app::{
    ports::{AggregateKind, Outcome, Touched, Transactor, UnitOfWork, Work},
    testing::{ORGANIZATION, caller},
};
use async_trait::async_trait;
use domain::{invoicing::InvoiceStatus, version::Version};
use futures_util::FutureExt;
use uuid::Uuid;

use crate::support::{
    Admin, SPEC, World, customer, drop_after_polls, event, invoice_id, issued, piece,
};

/// Reads, writes and tells of it, as use cases do.
fn storing(raw: u128, outcome: Outcome) -> impl Work {
    piece(move |uow| {
        async move {
            let invoice = issued(raw, &[InvoiceStatus::Sent]);
            let found = uow
                .invoices()
                .find_for_update(ORGANIZATION, invoice_id(raw))
                .await;
            assert_eq!(found.unwrap(), None);
            uow.invoices().insert(&invoice).await.unwrap();
            let told = vec![event(raw, 1), event(raw, 2)];
            uow.outbox().append(told, &caller().actor).await.unwrap();
            outcome
        }
        .boxed()
    })
}

async fn stored(admin: &Admin, raw: u128) -> (i64, i64) {
    let id = invoice_id(raw);
    (
        admin.count(&format!("invoices WHERE id = '{id}'")).await,
        admin
            .count(&format!("outbox WHERE aggregate_id = '{id}'"))
            .await,
    )
}

#[tokio::test]
async fn a_commit_keeps_every_write_and_tells_what_it_has_touched() {
    let world = World::new().await;

    let touched = world
        .transactor
        .run(SPEC, &mut storing(7, Outcome::Commit))
        .await;

    let version = |version| Touched {
        kind: AggregateKind::Customer,
        organization_id: ORGANIZATION,
        id: Uuid::from_u128(7),
        version: Version::new(version),
    };
    assert_eq!(touched.unwrap(), [version(1), version(2)]);
    assert_eq!(stored(&world.admin().await, 7).await, (1, 2));
}

#[tokio::test]
async fn a_rollback_undoes_every_write_and_has_touched_nothing() {
    let world = World::new().await;

    let touched = world
        .transactor
        .run(SPEC, &mut storing(7, Outcome::Rollback))
        .await;

    assert_eq!(touched.unwrap(), []);
    let admin = world.admin().await;
    assert_eq!(stored(&admin, 7).await, (0, 0));
    assert_eq!(admin.in_transaction().await, 0);
}

#[tokio::test]
async fn a_rollback_of_what_was_only_deferred_sends_nothing_of_it() {
    let world = World::new().await;
    let mut work = piece(|uow| {
        async move {
            let told = vec![event(7, 1)];
            uow.outbox().append(told, &caller().actor).await.unwrap();
            Outcome::Rollback
        }
        .boxed()
    });

    let touched = world.transactor.run(SPEC, &mut work).await;

    assert_eq!(touched.unwrap(), []);
    assert_eq!(world.admin().await.count("outbox").await, 0);
}

/// A client may hang up at any moment. What it leaves behind on the only connection of the pool must be undone before the
/// next one uses it.
#[tokio::test]
async fn work_that_is_dropped_at_any_moment_is_there_whole_or_not_at_all() {
    let world = World::directly(|options| options.pool_size_max = 1).await;
    let admin = world.admin().await;
    let back_ends = admin.back_ends().await;

    for polls in 0.. {
        let raw = 100 + u128::from(polls);
        let mut work = storing(raw, Outcome::Commit);
        let done = drop_after_polls(polls, world.transactor.run(SPEC, &mut work)).await;

        let next = world.write(move |uow| {
            async move {
                uow.invoices()
                    .find_for_update(ORGANIZATION, invoice_id(raw))
                    .await
            }
            .boxed()
        });
        let is_stored = i64::from(next.await.unwrap().is_some());
        assert_eq!(
            stored(&admin, raw).await,
            (is_stored, 2 * is_stored),
            "{polls}"
        );
        assert_eq!(admin.in_transaction().await, 0, "{polls}");
        if let Some(done) = done {
            assert_eq!(done.unwrap().len(), 2);
            assert!(polls > 4, "only {polls} moments");
            break;
        }
    }
    assert_eq!(admin.back_ends().await, back_ends);
}

#[tokio::test]
async fn work_that_does_nothing_sends_nothing() {
    let world = World::directly(|options| options.pool_size_max = 1).await;
    let admin = world.admin().await;
    let last = "SELECT concat(query_start, query) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name = 'tallystick'";
    let before: String = admin.value(last).await;
    let mut nothing = piece(|_| async { Outcome::Commit }.boxed());
    let mut nothing_either = piece(|_| async { Outcome::Rollback }.boxed());

    let kept = world.transactor.run(SPEC, &mut nothing).await;
    let undone = world.transactor.run(SPEC, &mut nothing_either).await;

    assert_eq!((kept.unwrap(), undone.unwrap()), (vec![], vec![]));
    assert_eq!(admin.value::<String>(last).await, before);
}

#[tokio::test]
async fn deferred_writes_are_seen_by_the_next_read() {
    let world = World::new().await;

    let found = world.write(|uow| {
        async move {
            let ada = customer(7, "Ada");
            uow.customers().insert(&ada).await?;
            uow.customers().find(ORGANIZATION, ada.facts().id).await
        }
        .boxed()
    });

    assert_eq!(found.await.unwrap().unwrap(), *customer(7, "Ada").facts());
}

#[tokio::test]
async fn many_deferred_writes_keep_their_order_and_are_committed_together() {
    let world = World::new().await;
    let mut work = piece(|uow| {
        async move {
            let told = (1..=60).map(|version| event(7, version)).collect();
            uow.outbox().append(told, &caller().actor).await.unwrap();
            Outcome::Commit
        }
        .boxed()
    });

    let touched = world.transactor.run(SPEC, &mut work).await;

    assert_eq!(touched.unwrap().len(), 60);
    let query = "SELECT aggregate_version, xact_id::text FROM outbox ORDER BY id";
    let rows = world.admin().await.rows(query).await;
    let versions: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(versions, (1..=60).collect::<Vec<_>>());
    let transaction = |row: &tokio_postgres::Row| row.get::<_, String>(1);
    assert!(
        rows.iter()
            .all(|row| transaction(row) == transaction(&rows[0]))
    );
}

#[tokio::test]
async fn an_invoice_of_a_draft_is_one_transaction_with_its_series() {
    let world = World::new().await;
    let id = world.drafted().await;

    let sent = world.change_status(id, InvoiceStatus::Sent).await.unwrap();

    assert_eq!(sent.number().unwrap().as_str(), "INV-2026-000001");
    let transactions = "SELECT count(DISTINCT xmin::text)
          FROM (SELECT xmin FROM invoices UNION ALL SELECT xmin FROM invoice_numbers
                UNION ALL SELECT xmin FROM outbox WHERE type = 'invoice.sent'
                UNION ALL SELECT xmin FROM invoice_timeline WHERE version = 2) AS written";
    assert_eq!(world.admin().await.value::<i64>(transactions).await, 1);
}

/// Looks at the database when it is told that its writes are about to be committed.
struct Watching {
    work: Box<dyn Work>,
    admin: Admin,
    seen: Vec<(Vec<Touched>, (i64, i64))>,
}

#[async_trait]
impl Work for Watching {
    async fn attempt(&mut self, uow: &mut dyn UnitOfWork) -> Outcome {
        self.work.attempt(uow).await
    }

    async fn about_to_commit(&mut self, touched: &[Touched]) {
        self.seen
            .push((touched.to_vec(), stored(&self.admin, 7).await));
    }
}

#[tokio::test]
async fn what_is_changed_is_told_before_it_is_committed() {
    let world = World::new().await;
    let mut seen = Vec::new();

    for outcome in [Outcome::Rollback, Outcome::Commit] {
        let mut watching = Watching {
            work: Box::new(storing(7, outcome)),
            admin: world.admin().await,
            seen: Vec::new(),
        };
        let touched = world.transactor.run(SPEC, &mut watching).await.unwrap();
        seen.push((touched, watching.seen));
    }

    let [undone, kept] = &seen[..] else {
        panic!("{seen:?}");
    };
    assert_eq!(*undone, (Vec::new(), Vec::new()));
    assert_eq!(kept.0.len(), 2);
    assert_eq!(kept.1, [(kept.0.clone(), (0, 0))]);
    assert_eq!(stored(&world.admin().await, 7).await, (1, 2));
}
