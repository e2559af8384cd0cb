//! A ledger: accounts, an engine over them, and what must always be true of them.

use std::{sync::Arc, time::Duration};

use adapters_postgres::PgPostingStore;
use app::{
    idempotency::{KeyUse, Reply},
    ledger::{
        Ask, EngineParts, EngineSettings, Party, PostTransfers, PostingEngine, PostingError,
        TransferRequest, Verdict,
    },
    ports::{Fingerprint, IdempotencyKey, KeyScope},
    testing::ORGANIZATION,
};
use domain::{
    ids::AccountId,
    ledger::{Rejection, SystemAccount, TransferAmount, TransferDetails, TransferKind},
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Admin, World, currency};

/// Accounts of an organization, and an engine that posts between them.
pub(crate) struct Ledger {
    pub(crate) world: World,
    pub(crate) engine: PostingEngine,
    pub(crate) admin: Admin,
}

impl Ledger {
    /// With accounts 1, 2, 3 … that hold these amounts in USD.
    pub(crate) async fn with(balances: &[i64]) -> Self {
        Self::over(World::new().await, balances).await
    }

    /// The same in a world of one's own.
    pub(crate) async fn over(world: World, balances: &[i64]) -> Self {
        let admin = world.admin().await;
        let engine = engine_over(&world);
        let ledger = Self {
            world,
            engine,
            admin,
        };
        for (number, balance) in (1..).zip(balances) {
            open_account(&ledger.admin, number).await;
            if *balance > 0 {
                let posted = ledger
                    .ask(&format!("opening-{number}"), deposit(number, *balance))
                    .await;
                assert_eq!(posted.unwrap(), "posted");
            }
        }
        ledger
    }

    /// Posts one transfer, and tells in a word what became of it.
    pub(crate) fn ask(&self, key: &str, request: TransferRequest) -> JoinHandle<String> {
        ask(&self.engine, key, request)
    }

    /// What is on an account.
    pub(crate) async fn balance(&self, number: u128) -> i64 {
        let sql = format!(
            "SELECT balance_minor FROM account_standings WHERE account_id = '{}'",
            account(number)
        );
        self.admin.value::<i64>(&sql).await
    }

    /// How many transfers there are.
    pub(crate) async fn transfers(&self) -> i64 {
        self.admin
            .value::<i64>("SELECT count(*) FROM transfers")
            .await
    }

    /// Every promise of the ledger that a query can check.
    pub(crate) async fn is_consistent(&self) {
        for (promise, broken) in PROMISES {
            assert_eq!(self.admin.value::<i64>(broken).await, 0, "{promise}");
        }
    }
}

/// Queries that count what breaks a promise.
const PROMISES: [(&str, &str); 8] = [
    (
        "what is held is what pending holds say",
        "SELECT count(*) FROM account_standings AS s WHERE held_minor <> (SELECT coalesce(sum(amount_minor), 0)
           FROM holds AS h WHERE h.account_id = s.account_id AND h.status = 'pending')",
    ),
    (
        "balances add up to nothing",
        "SELECT count(*) FROM (SELECT 1 FROM account_standings GROUP BY currency HAVING sum(balance_minor) <> 0) AS it",
    ),
    (
        "a balance is the sum of its entries",
        "SELECT count(*) FROM account_standings AS s WHERE balance_minor <> (SELECT coalesce(sum(amount_minor), 0)
           FROM entries AS e WHERE (e.account_id, e.shard) = (s.account_id, s.shard))",
    ),
    (
        "sequences have no gap",
        "SELECT count(*) FROM account_standings AS s WHERE ROW(last_sequence, last_sequence) IS DISTINCT FROM
           (SELECT ROW(count(*), coalesce(max(sequence), 0)) FROM entries AS e
             WHERE (e.account_id, e.shard) = (s.account_id, s.shard))",
    ),
    (
        "each entry goes on from the one before",
        "SELECT count(*) FROM (SELECT balance_after_minor - amount_minor AS before,
            lag(balance_after_minor, 1, 0::bigint) OVER page AS last, created_at,
            lag(created_at) OVER page AS earlier
            FROM entries WINDOW page AS (PARTITION BY account_id, shard ORDER BY sequence)) AS it
          WHERE before <> last OR created_at < earlier",
    ),
    (
        "a transfer is two entries that add up to nothing",
        "SELECT count(*) FROM transfers AS t WHERE (SELECT ROW(count(*), sum(amount_minor), max(amount_minor))
            FROM entries AS e WHERE e.transfer_id = t.id) IS DISTINCT FROM ROW(2::bigint, 0::numeric, t.amount_minor)",
    ),
    (
        "every transfer has its event, and every event its transfer",
        "SELECT count(*) FROM transfers AS t FULL JOIN (SELECT * FROM outbox WHERE type = 'transfer.posted') AS o
            ON o.aggregate_id = t.id WHERE t.id IS NULL OR o.id IS NULL",
    ),
    (
        "no account is below its floor",
        "SELECT count(*) FROM account_standings WHERE balance_minor + overdraft_limit_minor < held_minor",
    ),
];

/// Another engine on the same database.
pub(crate) fn engine_over(world: &World) -> PostingEngine {
    engine_with(world, EngineSettings::default())
}

/// The same, with other settings.
pub(crate) fn engine_with(world: &World, settings: EngineSettings) -> PostingEngine {
    let parts = EngineParts {
        store: Arc::new(store_of(world)),
        clock: world.clock.clone(),
        ids: world.ids.clone(),
    };
    let (engine, running) = PostingEngine::start(parts, settings);
    tokio::spawn(running);
    engine
}

/// What engines write to.
pub(crate) fn store_of(world: &World) -> PgPostingStore {
    let kept = Duration::from_hours(24);
    PgPostingStore::open(&world.database, 4, world.clock.clone(), kept).unwrap()
}

/// Opens an ordinary account in USD with nothing on it.
pub(crate) async fn open_account(admin: &Admin, number: u128) {
    let id = account(number);
    let organization = ORGANIZATION;
    admin
        .run(&format!(
            "INSERT INTO accounts (id, organization_id, owner, name, currency, metadata, created_at, updated_at, version)
             VALUES ('{id}', '{organization}', 'owner', 'name', 'USD', '{{}}', now(), now(), 1);
             INSERT INTO account_standings
             VALUES ('{id}', 0, '{organization}', 'USD', 'active', 0, 0, 0, 0, '2026-01-01Z', 1)"
        ))
        .await;
}

pub(crate) fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

/// From one account to another.
pub(crate) fn transfer(source: u128, destination: u128, minor: i64) -> TransferRequest {
    TransferRequest {
        kind: TransferKind::Transfer,
        source: Party::Account(account(source)),
        destination: Party::Account(account(destination)),
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: currency("USD"),
        details: TransferDetails::default(),
    }
}

/// From outside.
pub(crate) fn deposit(number: u128, minor: i64) -> TransferRequest {
    TransferRequest {
        kind: TransferKind::Deposit,
        source: Party::System(SystemAccount::External),
        ..transfer(0, number, minor)
    }
}

/// Asks an engine under a key.
pub(crate) fn ask(
    engine: &PostingEngine,
    key: &str,
    request: TransferRequest,
) -> JoinHandle<String> {
    let (engine, asked) = (engine.clone(), asked(key, Ask::Each(vec![request])));
    tokio::spawn(async move { told(engine.post(asked).await) })
}

/// What is asked under a key; the answer is a word for each transfer.
pub(crate) fn asked(key: &str, ask: Ask) -> PostTransfers {
    let render = |verdict: &Verdict| match verdict {
        Verdict::Together(Ok(posted)) => format!("posted {}", posted.len()),
        Verdict::Together(Err(refused)) => format!("refused {}", refused.len()),
        Verdict::Each(results) => {
            let word = |result: &Result<_, Rejection>| match result {
                Ok(_) => "posted",
                Err(why) => why.code(),
            };
            results.iter().map(word).collect::<Vec<_>>().join(",")
        }
    };
    PostTransfers {
        key: KeyUse {
            scope: KeyScope {
                organization_id: ORGANIZATION,
                key: IdempotencyKey::parse(key).unwrap(),
            },
            fingerprint: Fingerprint([1; 32]),
        },
        ask,
        render: Box::new(move |verdict| render(verdict).into_bytes()),
    }
}

/// In a word.
pub(crate) fn told(replied: Result<Reply, PostingError>) -> String {
    match replied {
        Ok(Reply::Fresh(bytes) | Reply::Replayed(bytes)) => String::from_utf8(bytes).unwrap(),
        Err(error) => format!("failed: {error}"),
    }
}
