//! Behind a `PgBouncer` that lends a session for one transaction: nothing of ours stays on a session, and nothing that may
//! be there already matters.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use adapters_postgres::{PgInvoiceQueries, PgLedgerSnapshots, PgOrganizationQueries};
use app::{
    ports::{InvoiceFilter, InvoiceQueries, LedgerSnapshots, OrganizationQueries, StorageError},
    testing::{ORGANIZATION, draft_contents},
};
use futures_util::{FutureExt, TryStreamExt as _, future::join_all};

use crate::support::{
    Admin, Ledger, World, customer, draft, first, invoice_id, is_unavailable, pooler_of, transfer,
    wait_until,
};

const SHORT: Duration = Duration::from_millis(200);
/// Longer than any limit that is set, and shorter than the deadline of a world.
const LONG: Duration = Duration::from_secs(15);

/// Lets each customer that is stored tell how many statements its session remembers.
const COUNTING: &str = "
    CREATE TABLE remembered (count bigint);
    CREATE FUNCTION count_remembered() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO remembered SELECT count(*) FROM pg_prepared_statements; RETURN NEW; END $$;
    CREATE TRIGGER counting AFTER INSERT ON customers FOR EACH ROW EXECUTE FUNCTION count_remembered();";

/// Writes, reads and lists, in transactions and without.
async fn use_it(world: &World, number: u128) {
    world
        .store_customer(&customer(number, &format!("Customer {number}")))
        .await;
    let stored = world.write(move |uow| {
        async move {
            let invoices = uow.invoices();
            assert!(
                invoices
                    .find_for_update(ORGANIZATION, invoice_id(number))
                    .await?
                    .is_none()
            );
            invoices.insert(&draft(number, draft_contents())).await
        }
        .boxed()
    });
    stored.await.unwrap();
    let queries = PgInvoiceQueries::new(world.database.clone());
    let found = queries.find(ORGANIZATION, invoice_id(number)).await;
    assert!(found.unwrap().is_some());
    let listed = queries
        .list(ORGANIZATION, &InvoiceFilter::default(), first())
        .await;
    assert!(!listed.unwrap().rows.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_share_two_sessions_and_leave_nothing_on_them() {
    let pooler = pooler_of(2).await;
    let world = World::behind(&pooler, |_| {}).await;
    let other = World::at(world.url.clone(), |options| {
        options.url = pooler.address_of(&world.url);
        options.direct_url = Some(world.url.clone());
    });
    let admin = world.admin().await;
    admin.run(COUNTING).await;

    let uses = (10..50).map(|number| {
        let world = if number % 2 == 0 { &world } else { &other };
        use_it(world, number)
    });
    join_all(uses).await;

    let remembered: i64 = admin
        .value("SELECT sum(count)::bigint FROM remembered")
        .await;
    assert_eq!((admin.count("invoices").await, remembered), (40, 0));
    let after = Admin::connect(&pooler.address_of(&world.url)).await;
    for setting in ["statement_timeout", "lock_timeout", "jit"] {
        let here = format!("SELECT current_setting('{setting}')");
        let (there, own): (String, String) = (after.value(&here).await, admin.value(&here).await);
        assert_eq!(there, own, "{setting}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_keeps_statements_is_told_their_names() {
    let pooler = pooler_of(2).await;
    if !pooler.keeps_statements() {
        eprintln!("skipped: this PgBouncer is older than 1.21");
        return;
    }
    let world = World::behind(&pooler, |options| options.pooler_prepares = true).await;
    let admin = world.admin().await;
    admin.run(COUNTING).await;

    join_all((10..50).map(|number| use_it(&world, number))).await;

    let remembered: i64 = admin.value("SELECT max(count) FROM remembered").await;
    assert!(remembered > 0, "{remembered}");
}

#[tokio::test]
async fn time_limits_hold_within_transactions_and_for_single_statements() {
    let pooler = pooler_of(4).await;
    let world = World::behind(&pooler, |options| {
        options.lock_timeout = SHORT;
        options.query_deadline = Duration::from_secs(30);
    })
    .await;
    let admin = world.admin().await;
    let queries = PgOrganizationQueries::new(world.database.clone());
    queries.find(ORGANIZATION).await.unwrap();
    admin
        .run("BEGIN; LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE")
        .await;
    let begun = Instant::now();

    let alone = queries.find(ORGANIZATION).await;
    let within = world
        .write(|uow| async move { uow.organizations().find_for_update(ORGANIZATION).await }.boxed())
        .await;

    for refused in [alone.map(drop), within.map(drop)] {
        let is_given_up = matches!(refused, Err(StorageError::Contended { .. }));
        assert!(is_given_up, "{refused:?}");
    }
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transfers_of_the_same_accounts_add_up() {
    let pooler = pooler_of(3).await;
    let world = World::behind(&pooler, |_| {}).await;
    let ledger = Ledger::over(world, &[500, 500, 0]).await;

    let asked = (0..60).map(|number| {
        let (from, to) = [(1, 3), (2, 3), (3, 1)][number % 3];
        ledger.ask(&format!("transfer-{number}"), transfer(from, to, 7))
    });
    let told = join_all(asked).await;

    assert!(told.into_iter().all(|told| told.is_ok()));
    ledger.is_consistent().await;
    let snapshots = PgLedgerSnapshots::new(ledger.world.database.clone());
    let snapshot = snapshots.open().await.unwrap();
    let entries: Vec<_> = snapshot.entries_by_folio().try_collect().await.unwrap();
    let counted = snapshot.entry_count().await.unwrap();
    assert_eq!(u64::try_from(entries.len()).unwrap(), counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_pooler_dies_what_was_answered_is_there_and_work_goes_on_with_the_next() {
    let mut pooler = pooler_of(3).await;
    let world = World::behind(&pooler, |_| {}).await;
    let admin = world.admin().await;
    let is_over = AtomicBool::new(false);
    let write = async |worker: u128| {
        let mut answered = Vec::new();
        for number in worker * 10_000.. {
            if is_over.load(Ordering::Relaxed) {
                break;
            }
            let written = world.write(move |uow| {
                async move {
                    let invoice = draft(number, draft_contents());
                    uow.invoices().insert(&invoice).await
                }
                .boxed()
            });
            match written.await {
                Ok(_) => answered.push(invoice_id(number).as_uuid()),
                refused => {
                    assert!(is_unavailable(&refused), "{refused:?}");
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        }
        answered
    };
    let fault = async {
        for stored in [20, 60] {
            let is_busy = || async { admin.count("invoices").await >= stored };
            wait_until("there is load", is_busy).await;
            pooler.kill();
            pooler.come_back().await.unwrap();
        }
        let is_busy = || async { admin.count("invoices").await >= 100 };
        wait_until("work goes on", is_busy).await;
        is_over.store(true, Ordering::Relaxed);
    };

    let (answered, ()) = tokio::join!(join_all((1..5).map(write)), fault);

    let answered = answered.concat();
    let found = format!(
        "SELECT count(*) FROM invoices WHERE id IN ({})",
        answered
            .iter()
            .map(|id| format!("'{id}'"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let found: i64 = admin.value(&found).await;
    assert_eq!(usize::try_from(found).unwrap(), answered.len());
    let nothing_is_open = || async { admin.in_transaction().await == 0 };
    wait_until("no transaction is open", nothing_is_open).await;
}
