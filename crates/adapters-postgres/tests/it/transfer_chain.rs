//! Transfers are chained behind their commits: all of them, once, and in one order, whoever does it.

use adapters_postgres::PgTransferChain;
use app::{
    ports::Outcome,
    testing::{ORGANIZATION, stranger},
};
use futures_util::{
    FutureExt,
    future::{join, join_all},
};
use rstest::rstest;
use tokio_postgres::Row;

use crate::support::{
    World,
    books::{batches, books, chain, open_accounts, post, verified},
    log_of, wait_until,
};

const EXPLAINED: &str = "?options=-c%20session_preload_libraries%3Dauto_explain%20-c%20auto_explain.log_min_duration%3D0";

/// So many that a plan that reads all of them is dear. What is new is one transaction.
const MANY: &str = "
    SET session_replication_role = replica;
    INSERT INTO transfers SELECT organization_id, gen_random_uuid(), kind, source_account_id, source_shard,
           source_sequence, destination_account_id, destination_shard, destination_sequence, amount_minor, currency, NULL, NULL,
           NULL, NULL, created_at, (n / 100)::text::xid8
      FROM (SELECT * FROM transfers LIMIT 1) AS one, generate_series(300, 20000) AS n;
    INSERT INTO entries SELECT gen_random_uuid(), 0, 1, gen_random_uuid(), 1, 1, now() FROM generate_series(1, 40000);
    INSERT INTO transfer_chain SELECT gen_random_uuid(), 1, ARRAY[gen_random_uuid()], sha256('')
      FROM generate_series(1, 20000);
    UPDATE transfer_chain_progress SET xact_id = (SELECT min(xact_id::text::numeric) FROM transfers
                                                   WHERE reference IS NOT NULL)::text::xid8;";

fn extend(world: &World) -> PgTransferChain {
    PgTransferChain::new(world.database.clone(), world.clock.clone())
}

async fn blocks(world: &World) -> Vec<(i64, i32)> {
    let query = "SELECT block, cardinality(transfer_ids) FROM transfer_chain ORDER BY organization_id, block";
    let pair = |row: &Row| (row.get(0), row.get(1));
    world
        .admin()
        .await
        .rows(query)
        .await
        .iter()
        .map(pair)
        .collect()
}

#[tokio::test]
async fn blocks_hold_a_thousand_transfers_of_an_organization() {
    let world = books(2_100).await;
    let another = stranger().organization_id;
    open_accounts(&world, another, [11, 12]).await;
    post(&world, another, [11, 12], 3).await;

    let chained = chain(&world, 10_000).await;
    post(&world, another, [11, 12], 1).await;
    let later = chain(&world, 10_000).await;

    assert_eq!((chained, later), (2_103, 1));
    let expected = [(1, 1_000), (2, 1_000), (3, 100), (1, 3), (2, 1)];
    assert_eq!(blocks(&world).await, expected);
    assert!(verified(&world).await.findings.is_empty());
}

#[rstest]
#[case::one_by_one(1, &[1; 20])]
#[case::some(50, &[50; 8])]
#[case::a_transaction_is_not_parted(7, &[20; 3])]
#[tokio::test]
async fn batches_end_where_transactions_do(#[case] limit: u16, #[case] transactions: &[usize]) {
    let world = books(0).await;
    for count in transactions {
        post(&world, ORGANIZATION, [1, 2], *count).await;
    }

    let batches = batches(&world, limit).await;

    assert_eq!(batches, transactions);
    let found = verified(&world).await;
    assert!(found.findings.is_empty(), "{found:?}");
}

#[tokio::test]
async fn what_is_posted_while_an_older_transaction_is_open_waits_for_it() {
    let world = books(2).await;
    let (ids, owner) = (world.ids.clone(), stranger().organization_id);
    world.found_another(owner).await;
    let held = world
        .hold(move |uow| {
            let ids = ids.clone();
            async move {
                // Anything that is written gives the transaction its place.
                let fresh = app::ports::IdGenerator::new_id(ids.as_ref());
                let account = app::ports::SystemAccountOf::new(
                    owner,
                    domain::ledger::SystemAccount::Revenue,
                    crate::support::currency("EUR"),
                );
                let fresh = domain::ids::AccountId::from_uuid(fresh);
                let made = uow.journal().system_accounts(&[(account, fresh)]).await;
                made.unwrap();
            }
            .boxed()
        })
        .await;
    post(&world, ORGANIZATION, [1, 2], 3).await;

    let admin = world.admin().await;
    wait_until("what is older is chained", || async {
        extend(&world).extend(100).await.unwrap();
        admin.count("transfer_chain").await > 0
    })
    .await;
    let meanwhile = extend(&world).extend(100).await.unwrap();
    let before = blocks(&world).await;
    held.end(Outcome::Commit).await.unwrap();
    let after = chain(&world, 100).await;

    assert_eq!((before, meanwhile, after), (vec![(1, 2)], 0, 3));
}

#[tokio::test]
async fn any_number_may_chain_at_once_while_others_post() {
    let world = books(0).await;
    let posting = async {
        for _ in 0..30 {
            post(&world, ORGANIZATION, [1, 2], 3).await;
        }
    };
    let chaining = join_all((0..4).map(|_| async {
        for _ in 0..30 {
            extend(&world).extend(5).await.unwrap();
        }
    }));

    join(posting, chaining).await;
    chain(&world, 5).await;

    let found = verified(&world).await;
    assert!(found.findings.is_empty(), "{found:?}");
    assert_eq!((found.transfers, found.chained), (90, 90));
}

#[tokio::test]
async fn nobody_locks_anything_where_there_is_nothing_to_chain() {
    let world = books(3).await;
    chain(&world, 100).await;
    let admin = world.admin().await;
    let locker = "SELECT xmax::text FROM transfer_chain_progress";
    let before: String = admin.value(locker).await;

    let chained = extend(&world).extend(100).await.unwrap();

    let after: String = admin.value(locker).await;
    assert_eq!((chained, after), (0, before));
}

#[tokio::test]
async fn a_transfer_without_an_entry_is_not_chained() {
    let world = books(2).await;
    let tampering =
        "SET session_replication_role = replica; DELETE FROM entries WHERE sequence = 2";
    world.admin().await.run(tampering).await;

    wait_until("it is refused", || async {
        extend(&world).extend(100).await.is_err()
    })
    .await;

    assert_eq!(blocks(&world).await, []);
}

#[rstest]
#[case::with_statistics("ANALYZE")]
#[case::without_statistics("")]
#[tokio::test]
async fn what_is_new_is_found_without_reading_what_is_old(#[case] prepare: &str) {
    let world = books(5).await;
    world.admin().await.run(MANY).await;
    world.admin().await.run(prepare).await;
    let explained = World::at(format!("{}{EXPLAINED}", world.url), |options| {
        options.pool_size_max = 1;
    });
    let length = log_of(&world.url).await.len();

    let mut chained = extend(&explained).extend(1_000).await.unwrap();
    for _ in 0..8 {
        post(&world, ORGANIZATION, [1, 2], 2).await;
        chained += chain(&explained, 1_000).await;
    }

    let plans = log_of(&world.url).await.split_off(length);
    assert_eq!(chained, 5 + 16);
    assert!(plans.contains("transfers_xact"), "{plans}");
    for table in ["transfers", "entries", "transfer_chain"] {
        assert!(
            !plans.contains(&format!("Seq Scan on {table} ")),
            "{table}: {plans}"
        );
        assert!(
            !plans.contains(&format!("Seq Scan on {table}\n")),
            "{table}: {plans}"
        );
    }
}
