//! Which adapter stands behind which port.

mod api;
mod broker;
mod gauges;
mod payments;
mod personal_data;
mod posting;
mod providers;
mod review;
mod shared;
mod vouchers;
mod webhooks;

use std::sync::Arc;

use adapters_local::{
    CachedApiKeyQueries, KeyMemoryLimits, OsSecrets, SystemClock, UuidV7Generator,
};
use adapters_postgres::{
    Database, PgApiKeyQueries, PgInvoiceQueries, PgOrganizationQueries, PgOutboxStatus,
    PgTransactor, PgUserQueries,
};
use adapters_redis::RedisPool;
use anyhow::Context as _;
use app::{
    invoicing::CachedInvoiceQueries,
    ports::{
        ApiKeyQueries, Clock, CommitListener, GuessLimiter, IdGenerator, InvoiceQueries,
        NoticeReaders, OrganizationQueries, Providers, RateLimiter, SecretGenerator, UserQueries,
    },
    transaction::CommandBus,
    wallets::CachedUserQueries,
};
use jiff::SignedDuration;

use self::shared::Shared;
pub(crate) use self::{
    api::apis,
    broker::{Broker, log},
    gauges::gauges,
    payments::{PaymentWork, payment_worker},
    posting::posting_engine,
    review::validator,
    vouchers::voucher_projector,
    webhooks::{Webhooks, webhooks},
};
use crate::{
    config::Settings,
    health::{Health, Neighbour},
    relay::Bells,
};

/// What the server and every command are built on.
pub(crate) struct Core {
    /// The pool.
    pub(crate) database: Database,
    /// Runs commands.
    pub(crate) bus: CommandBus,
    /// Wake whoever waits for events.
    pub(crate) bells: Bells,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
    /// Makes ids.
    pub(crate) ids: Arc<dyn IdGenerator>,
    /// Makes keys.
    pub(crate) secrets: Arc<dyn SecretGenerator>,
    /// The organizations.
    pub(crate) organizations: Arc<dyn OrganizationQueries>,
    /// The keys, as they are.
    pub(crate) stored_api_keys: Arc<dyn ApiKeyQueries>,
    /// The keys, from memory for some seconds.
    pub(crate) api_keys: Arc<dyn ApiKeyQueries>,
    /// The invoices, from the cache.
    pub(crate) invoices: Arc<dyn InvoiceQueries>,
    /// The users of wallets.
    pub(crate) users: Arc<dyn UserQueries>,
    /// Who moves money outside of the ledger.
    pub(crate) providers: Providers,
    /// Who reads what they tell without being asked.
    pub(crate) notice_readers: NoticeReaders,
    /// Counts requests.
    pub(crate) rate_limiter: Arc<dyn RateLimiter>,
    /// Counts codes that are guessed.
    pub(crate) guess_limiter: Arc<dyn GuessLimiter>,
    /// The connections to Redis, if there is one.
    pub(crate) redis: Option<RedisPool>,
}

impl Core {
    /// Everything over one pool. Must be called on the runtime of the background work.
    pub(crate) fn new(database: Database, settings: &Settings) -> anyhow::Result<Self> {
        let shared = Shared::new(settings)?;
        let clock = clock(settings);

        let bells = Bells::default();
        let stored_keys = Arc::new(PgApiKeyQueries::new(database.clone()));
        let limits = KeyMemoryLimits::default();
        let api_keys = Arc::new(CachedApiKeyQueries::new(stored_keys.clone(), limits));

        let stored_invoices = Arc::new(PgInvoiceQueries::new(database.clone()));
        let mut listeners: Vec<Arc<dyn CommitListener>> =
            vec![api_keys.clone(), Arc::new(bells.commits.clone())];
        let invoices: Arc<dyn InvoiceQueries> = if let Some(cache) = shared.invoice_cache {
            let cached = CachedInvoiceQueries::new(stored_invoices, cache);
            listeners.push(Arc::new(cached.invalidation()));
            Arc::new(cached)
        } else {
            stored_invoices
        };

        let stored_users = Arc::new(PgUserQueries::new(database.clone()));
        let users: Arc<dyn UserQueries> = if let Some(caches) = shared.user_caches {
            let cached = CachedUserQueries::new(stored_users, caches);
            listeners.push(Arc::new(cached.invalidation()));
            Arc::new(cached)
        } else {
            stored_users
        };

        let retention = settings.idempotency.retention;
        let transactor = PgTransactor::new(database.clone(), clock.clone(), retention);
        let providers = providers::providers(&database, &clock, settings)?;
        let notice_readers = providers::notice_readers(&clock, &settings.providers)?;
        Ok(Self {
            bus: CommandBus::new(Arc::new(transactor), listeners),
            bells,
            clock,
            ids: Arc::new(UuidV7Generator),
            secrets: Arc::new(OsSecrets),
            organizations: Arc::new(PgOrganizationQueries::new(database.clone())),
            stored_api_keys: stored_keys,
            api_keys,
            invoices,
            users,
            providers,
            notice_readers,
            rate_limiter: shared.rate_limiter,
            guess_limiter: shared.guess_limiter,
            redis: shared.redis,
            database,
        })
    }
}

/// The time that the configuration goes by.
pub(crate) fn clock(settings: &Settings) -> Arc<dyn Clock> {
    let offset = SignedDuration::from_secs(settings.clock.offset_seconds);
    Arc::new(SystemClock::shifted(offset))
}

/// 32 bytes of the operating system's randomness.
fn random_bytes() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the operating system gives no random bytes")?;
    Ok(bytes)
}

/// How the process is, as far as its neighbours are concerned.
pub(crate) fn health(core: &Core, broker: &Broker) -> Health {
    let redis = core.redis.clone();
    let redis = redis.map(|redis| -> Arc<dyn Neighbour> { Arc::new(redis) });
    let database = core.database.clone();
    let events = Arc::new(PgOutboxStatus::new(database.clone()));
    Health::new(Arc::new(database), redis, events).with_broker(broker.watch.clone())
}
