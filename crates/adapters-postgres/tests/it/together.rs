//! Drafts under keys that come at once are written together, and nobody can tell.

use std::{sync::Arc, time::Duration};

use adapters_postgres::DatabaseOptions;
use app::{
    idempotency::{OnceError, Reply},
    invoicing::{BillTo, CreateInvoice},
    testing::{ORGANIZATION, party},
};
use domain::values::{Currency, Notes};
use futures_util::future::join_all;

use crate::support::{Admin, World, unnumbered, wait_until};

const MANY: usize = 70;

fn billed_to(name: &str) -> CreateInvoice {
    CreateInvoice {
        bill_to: BillTo::Inline(party(name)),
        ..unnumbered()
    }
}

/// Drafts that differ, also in what they leave out.
fn assorted(n: usize) -> CreateInvoice {
    let currency = n.is_multiple_of(3).then(|| Currency::parse("JPY").unwrap());
    let notes = n
        .is_multiple_of(2)
        .then(|| Notes::parse(&format!("no. {n}, 'quoted' {{\"\\")).unwrap());
    CreateInvoice {
        currency,
        notes,
        ..billed_to(["Ada", "Zoë \\ \"Ltd\"", "李, {Inc}", "O'Neill"][n % 4])
    }
}

/// All that drafts leave behind, without the ids and keys.
async fn left_behind(admin: &Admin) -> Vec<String> {
    let rows = "SELECT coalesce(array_agg(line ORDER BY line), '{}') FROM (
        SELECT (to_jsonb(invoices) - 'id')::text AS line FROM invoices
        UNION ALL SELECT to_jsonb(invoice_clients)::text FROM invoice_clients
        UNION ALL SELECT concat_ws(' ', organization_id, currency, status, due_date, sum(count), sum(total_minor), sum(due_minor))
                    FROM invoice_summary_changes GROUP BY organization_id, currency, status, due_date
        UNION ALL SELECT concat_ws(' ', aggregate_type, aggregate_version, type, created_at, day,
                                   payload::jsonb - 'id') FROM outbox
        UNION ALL SELECT (to_jsonb(invoice_timeline) - 'invoice_id' - 'event_id')::text FROM invoice_timeline) AS lines";
    admin.value(rows).await
}

fn is_fresh(reply: &Result<Reply, OnceError>) -> bool {
    matches!(reply, Ok(Reply::Fresh(_)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn drafts_that_come_at_once_leave_what_each_would_leave_alone() {
    let (one_by_one, at_once) = (World::new().await, World::new().await);
    for n in 0..MANY {
        one_by_one.create(assorted(n)).await.unwrap();
    }

    let creating = (0..MANY).map(|n| {
        let (world, key) = (&at_once, format!("order-{n}"));
        async move { world.create_once(&key, assorted(n)).await }
    });
    let replies = join_all(creating).await;

    assert!(replies.iter().all(is_fresh), "{replies:?}");
    let (expected, admin) = (one_by_one.admin().await, at_once.admin().await);
    let left = left_behind(&admin).await;
    assert!(left.len() > 3 * MANY);
    assert_eq!(left, left_behind(&expected).await);
    let commits = admin.count("(SELECT DISTINCT xact_id FROM outbox) AS commits");
    assert!(commits.await < 40, "they went one by one");
    let kept = "SELECT count(*) FROM idempotency_keys AS kept
                 WHERE EXISTS (SELECT FROM invoices WHERE kept.answer = convert_to('201 ' || id, 'UTF8'))";
    assert_eq!(admin.value::<i64>(kept).await, 70);
}

/// Takes the key of the fourth order, in a transaction that stays open.
async fn take_a_key(admin: &Admin) {
    let theirs = format!(
        "BEGIN; INSERT INTO idempotency_keys
         VALUES ('{}', 'order-3', decode(repeat('01', 32), 'hex'), 'theirs', '2026-11-20T12:00:00Z')",
        ORGANIZATION.as_uuid()
    );
    admin.run(&theirs).await;
}

/// The key of one of them is taken while all of them are on their way.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_that_has_lost_its_race_takes_no_other_along() {
    let world = World::new().await;
    let admin = world.admin().await;
    take_a_key(&admin).await;

    let creating = join_all((0..20).map(|n| {
        let (world, key) = (&world, format!("order-{n}"));
        async move { world.create_once(&key, assorted(n)).await }
    }));
    let taking = async {
        let observer = world.admin().await;
        wait_until("a group waits for the key", async || {
            observer.waiting().await > 0
        })
        .await;
        admin.run("COMMIT").await;
    };
    let (replies, ()) = futures_util::future::join(creating, taking).await;

    let replayed = |reply: &Result<Reply, OnceError>| matches!(reply, Ok(Reply::Replayed(answer)) if answer == b"theirs");
    let lost: Vec<_> = replies.iter().filter(|reply| replayed(reply)).collect();
    let fresh = replies.iter().filter(|reply| is_fresh(reply));
    assert_eq!((lost.len(), fresh.count()), (1, 19), "{replies:?}");
    assert_eq!(admin.count("invoices").await, 19);
}

/// Somebody is at the key of one of them, and takes long: only that one waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_that_somebody_else_is_at_keeps_no_other_draft_waiting() {
    let patient = |options: &mut DatabaseOptions| {
        options.pool_size_max = 64;
        options.lock_timeout = Duration::from_mins(1);
        options.statement_timeout = Duration::from_mins(2);
        options.query_deadline = Duration::from_mins(3);
    };
    let world = Arc::new(World::with(patient).await);
    let admin = world.admin().await;
    take_a_key(&admin).await;

    let mut creating: Vec<_> = (0..20)
        .map(|n| {
            let world = world.clone();
            let create = async move { world.create_once(&format!("order-{n}"), assorted(n)).await };
            tokio::spawn(create)
        })
        .collect();
    let stuck = creating.remove(3);
    let others = tokio::time::timeout(Duration::from_secs(30), join_all(creating)).await;
    let stored_meanwhile = world.admin().await.count("invoices").await;
    admin.run("ROLLBACK").await;

    let others = others.expect("they do not wait");
    assert!(others.into_iter().all(|it| is_fresh(&it.unwrap())));
    assert_eq!(stored_meanwhile, 19);
    assert!(is_fresh(&stuck.await.unwrap()));
}

/// Somebody takes the last invoice of a name away, and takes long: only invoices of that name wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_waits_for_a_lock_is_not_waited_for() {
    // Each that waits has a connection, and the others need some, too.
    let world = Arc::new(World::with(|options| options.pool_size_max = 64).await);
    let admin = world.admin().await;
    let lock = format!(
        "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('ada', hashtextextended('{}', 1)))",
        ORGANIZATION.as_uuid()
    );
    admin.run(&lock).await;
    let stuck = join_all((0..4).map(|n| {
        let world = world.clone();
        let create = async move {
            world
                .create_once(&format!("stuck-{n}"), billed_to("Ada"))
                .await
        };
        tokio::spawn(create)
    }));
    let stuck = tokio::spawn(stuck);
    let observer = world.admin().await;
    wait_until("they wait", async || observer.waiting().await > 0).await;

    let others = join_all((0..40).map(|n| {
        let (world, key) = (&world, format!("other-{n}"));
        async move { world.create_once(&key, billed_to("Zoë")).await }
    }));
    let others = others.await;
    let stored_meanwhile = observer.count("invoices").await;
    admin.run("COMMIT").await;

    assert!(others.iter().all(is_fresh), "{others:?}");
    assert_eq!(stored_meanwhile, 40);
    let stuck = stuck.await.unwrap().into_iter().map(Result::unwrap);
    assert_eq!(stuck.filter(is_fresh).count(), 4);
    assert_eq!(observer.count("invoices").await, 44);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_group_whose_connection_is_cut_is_not_half_there_and_can_be_repeated() {
    let world = World::new().await;
    let admin = world.admin().await;
    admin.run("BEGIN; LOCK TABLE invoice_timeline").await;
    let create_all = || {
        join_all((0..30).map(|n| {
            let (world, key) = (&world, format!("order-{n}"));
            async move { world.create_once(&key, assorted(n)).await }
        }))
    };
    let cutting = async {
        let observer = world.admin().await;
        wait_until("they wait", async || observer.waiting().await > 0).await;
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'tallystick' AND wait_event_type = 'Lock'";
        let cut: i64 = observer.value(cut).await;
        admin.run("ROLLBACK").await;
        cut
    };

    let (first, cut) = futures_util::future::join(create_all(), cutting).await;
    let there = admin.count("invoices").await;
    let again = create_all().await;

    let spelt = |reply: &Result<Reply, OnceError>| match reply {
        Ok(Reply::Fresh(answer) | Reply::Replayed(answer)) => {
            String::from_utf8_lossy(answer).into_owned()
        }
        Err(error) => error.to_string(),
    };
    let done = |replies: &[Result<Reply, OnceError>]| {
        let done = replies.iter().map(spelt);
        done.filter(|answer| answer.starts_with("201 ")).count()
    };
    assert!(cut > 0);
    assert!(done(&first) < 30, "{first:?}");
    assert_eq!(there, i64::try_from(done(&first)).unwrap());
    assert_eq!(done(&again), 30, "{again:?}");
    assert_eq!(admin.count("invoices").await, 30);
    assert_eq!(admin.count("idempotency_keys").await, 30);
}
