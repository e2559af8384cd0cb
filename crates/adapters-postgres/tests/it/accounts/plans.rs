//! However many accounts, transfers and entries there are, lists look at few of them: the server itself reports the plans
//! that it has carried out.

use adapters_postgres::{PgAccountQueries, PgEntryQueries, PgTransferQueries};
use app::{
    ports::{
        AccountFilter, AccountQueries, EntryDirection, EntryFilter, EntryQueries, TransferFilter,
        TransferQueries,
    },
    testing::ORGANIZATION,
};
use domain::{
    ids::AccountId,
    ledger::{AccountOwner, AccountStatus, SystemAccount, TransferKind, TransferReference},
};

use super::{Bank, instant};
use crate::support::{World, currency, first, log_of};

/// Connections report the plan of every statement, those in functions as well.
const EXPLAINED: &str = "?options=-c%20session_preload_libraries%3Dauto_explain%20-c%20auto_explain.log_min_duration%3D0%20-c%20auto_explain.log_nested_statements%3Don";

/// So often is a prepared statement planned anew before the server may settle on one plan for all values.
const UNTIL_PLANS_ARE_GENERIC: usize = 7;

/// Twenty thousand accounts of several owners, and as many entries on the pages of the last transfer.
const MANY: &str = "
    INSERT INTO accounts
    SELECT gen_random_uuid(), organization_id, NULL, 'owner-' || n % 500, name,
           CASE WHEN n % 100 = 0 THEN 'JPY' ELSE 'USD' END, metadata, created_at - n * interval '1 minute', updated_at, 1
      FROM (SELECT * FROM accounts WHERE owner = 'ada' LIMIT 1) AS old, generate_series(1, 20000) AS n;
    INSERT INTO account_standings
    SELECT id, 0, organization_id, currency, CASE WHEN random() < 0.01 THEN 'frozen' ELSE 'active' END, 0, 0, 0, 0,
           created_at, 1
      FROM accounts WHERE owner LIKE 'owner-%';
    CREATE TEMPORARY TABLE last AS SELECT * FROM transfers ORDER BY id DESC LIMIT 1;
    INSERT INTO transfers
    SELECT organization_id, ((id::text)::uuid_like(n)), kind, source_account_id, source_shard, source_sequence + n,
           destination_account_id, destination_shard, destination_sequence + n, 1, currency, NULL,
           CASE WHEN n % 100 = 0 THEN 'ref-' || n END, NULL, NULL, created_at + n * interval '1 second'
      FROM last, generate_series(1, 20000) AS n;
    INSERT INTO entries
    SELECT source_account_id, source_shard, source_sequence, id, -1, -source_sequence, created_at
      FROM transfers WHERE amount_minor = 1;
    INSERT INTO entries
    SELECT destination_account_id, destination_shard, destination_sequence, id, 1, destination_sequence, created_at
      FROM transfers WHERE amount_minor = 1;
    UPDATE account_standings AS s SET last_sequence = s.last_sequence + 20000
      FROM last WHERE (s.account_id, s.shard) IN ((source_account_id, source_shard), (destination_account_id, destination_shard));
    ANALYZE;";

struct Full {
    world: World,
    url: String,
    ada: AccountId,
    external: AccountId,
}

async fn full() -> Full {
    let bank = Bank::new().await;
    let ada = bank.open(0).await;
    bank.deposit(ada, 2).await;
    let external = bank.system(&SystemAccount::External).await;
    // Ids one second apart, like the transfers.
    let next = "('019abcde-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
    let many = MANY.replace("((id::text)::uuid_like(n))", next);
    bank.world.admin().await.run(&many).await;
    let url = bank.world.url.clone();
    let world = World::at(format!("{url}{EXPLAINED}"), |options| {
        options.pool_size_max = 1;
    });
    Full {
        world,
        url,
        ada,
        external,
    }
}

/// What the server has reported of a question that is asked so often that its plan is a general one.
async fn plans_of(full: &Full, ask: impl AsyncFn()) -> String {
    let length = log_of(&full.url).await.len();
    for _ in 0..UNTIL_PLANS_ARE_GENERIC {
        ask().await;
    }
    log_of(&full.url).await.split_off(length)
}

fn assert_frugal(plans: &str, index: &str, what: &str) {
    assert!(plans.contains("Query Text"), "{what}: no plan was reported");
    assert!(plans.contains(index), "{what}: {plans}");
    for table in ["accounts", "account_standings", "transfers", "entries"] {
        assert!(
            !plans.contains(&format!("Seq Scan on {table}")),
            "{what}: {plans}"
        );
    }
}

#[tokio::test]
async fn each_filter_of_accounts_has_an_index() {
    let full = full().await;
    let queries = PgAccountQueries::new(full.world.database.clone());
    let all = AccountFilter::default;
    let status = |status| AccountFilter {
        status: Some(status),
        ..all()
    };
    let filters = [
        (all(), "accounts_newest_first"),
        (
            AccountFilter {
                owner: AccountOwner::parse("owner-7").ok(),
                ..all()
            },
            "accounts_owner",
        ),
        (
            AccountFilter {
                currency: Some(currency("JPY")),
                ..all()
            },
            "accounts_currency",
        ),
        (status(AccountStatus::Active), "accounts_newest_first"),
        (status(AccountStatus::Frozen), "account_standings_inactive"),
    ];

    for (filter, index) in filters {
        let plans = plans_of(&full, async || {
            let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
            assert!(!listed.rows.is_empty(), "{filter:?}");
        });
        assert_frugal(&plans.await, index, &format!("{filter:?}"));
    }
}

#[tokio::test]
async fn each_filter_of_entries_goes_by_the_sequence() {
    let full = full().await;
    let queries = PgEntryQueries::new(full.world.database.clone());
    let all = EntryFilter::default;
    let filters = [
        all(),
        EntryFilter {
            from: Some(instant(100)),
            ..all()
        },
        EntryFilter {
            to: Some(instant(100)),
            ..all()
        },
        EntryFilter {
            kind: Some(TransferKind::Deposit),
            ..all()
        },
    ];

    for filter in filters {
        for id in [full.ada, full.external] {
            let plans = plans_of(&full, async || {
                let listed = queries.list(ORGANIZATION, id, &filter, first()).await;
                assert_eq!(listed.unwrap().unwrap().rows.len(), 20, "{filter:?}");
            });
            let plans = plans.await;
            assert_frugal(&plans, "entries_pkey", &format!("{filter:?}"));
        }
    }
    let credits = EntryFilter {
        direction: Some(EntryDirection::Credit),
        ..all()
    };
    let plans = plans_of(&full, async || {
        let listed = queries
            .list(ORGANIZATION, full.ada, &credits, first())
            .await;
        assert_eq!(listed.unwrap().unwrap().rows.len(), 20);
    });
    assert_frugal(&plans.await, "entries_pkey", "credits");
}

#[tokio::test]
async fn each_filter_of_transfers_has_an_index() {
    let full = full().await;
    let queries = PgTransferQueries::new(full.world.database.clone());
    let all = TransferFilter::default;
    let filters = [
        (all(), "transfers_pkey"),
        (
            TransferFilter {
                account_id: Some(full.ada),
                ..all()
            },
            "entries_pkey",
        ),
        (
            TransferFilter {
                account_id: Some(full.external),
                ..all()
            },
            "entries_pkey",
        ),
        (
            TransferFilter {
                kind: Some(TransferKind::Deposit),
                ..all()
            },
            "transfers_pkey",
        ),
        (
            TransferFilter {
                reference: TransferReference::parse("ref-700").ok(),
                ..all()
            },
            "transfers_reference",
        ),
    ];

    for (filter, index) in filters {
        let plans = plans_of(&full, async || {
            let listed = queries.list(ORGANIZATION, &filter, first()).await.unwrap();
            assert!(!listed.rows.is_empty(), "{filter:?}");
        });
        assert_frugal(&plans.await, index, &format!("{filter:?}"));
    }
}

#[tokio::test]
async fn a_past_balance_halves_the_sequence() {
    let full = full().await;
    let queries = PgAccountQueries::new(full.world.database.clone());

    let plans = plans_of(&full, async || {
        for id in [full.ada, full.external] {
            let instant = instant(10_000);
            let past = queries.balance_at(ORGANIZATION, id, instant).await.unwrap();
            assert!(past.unwrap().balance_minor.abs() > 9_000);
        }
    });

    assert_frugal(&plans.await, "entries_pkey", "balance");
}
