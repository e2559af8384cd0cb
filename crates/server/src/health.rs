//! How the process is: asked of its neighbours at most once a second, however many probes come.

mod suitability;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use adapters_postgres::{Database, PgOutboxStatus};
use adapters_redis::RedisPool;
use api_actix::health::{
    HealthChecks, HealthReport, HealthReporter, HealthStatus, NeighbourHealth,
};
use api_grpc::Readiness;
use app::payments::PaymentWorker;
use app::ports::{BrokerCondition, BrokerWatch};
use async_trait::async_trait;
use tokio::{sync::Mutex, time::Instant};

use self::suitability::Suitability;

/// The commit that the binary was built from, if whoever built it has said so.
const COMMIT: Option<&str> = option_env!("TALLYSTICK_COMMIT");
const KEPT: Duration = Duration::from_secs(1);
/// A neighbour that takes longer is as good as gone.
const ANSWER_MAX: Duration = Duration::from_secs(2);

const POSTGRES: &str = "postgres";
const REDIS: &str = "redis";
const BROKER: &str = "broker";

/// Whether requests may come, as far as this process decides it.
#[derive(Debug, Default)]
pub(crate) struct Gate(AtomicBool);

impl Gate {
    /// They may.
    pub(crate) fn open(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// They should go elsewhere from now on.
    pub(crate) fn close(&self) {
        self.0.store(false, Ordering::Release);
    }

    fn is_open(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Something that can be asked whether it is there.
#[async_trait]
pub(crate) trait Neighbour: Send + Sync {
    /// How long it took to answer; `None` if it did not.
    async fn ping(&self) -> Option<Duration>;
}

#[async_trait]
impl Neighbour for Database {
    async fn ping(&self) -> Option<Duration> {
        Self::ping(self).await.ok()
    }
}

#[async_trait]
impl Neighbour for RedisPool {
    async fn ping(&self) -> Option<Duration> {
        Self::ping(self).await.ok()
    }
}

/// Knows how far events are behind.
#[async_trait]
pub(crate) trait EventLag: Send + Sync {
    /// How long the oldest event waits that is not everywhere yet; `None` if that cannot be told.
    async fn lag(&self) -> Option<Duration>;
}

#[async_trait]
impl EventLag for PgOutboxStatus {
    async fn lag(&self) -> Option<Duration> {
        Some(self.look().await.ok()?.lag())
    }
}

/// Knows which payment providers are left alone at the moment.
pub(crate) trait Breakers: Send + Sync {
    /// Where the breaker of each provider stands: `closed`, `open` or `half_open`.
    fn states(&self) -> BTreeMap<String, &'static str>;
}

impl Breakers for PaymentWorker {
    fn states(&self) -> BTreeMap<String, &'static str> {
        let states = self.breakers().into_iter();
        states
            .map(|(provider, state)| (provider.as_str().to_owned(), state.code()))
            .collect()
    }
}

/// Tells how the process is.
pub(crate) struct Health {
    started: Instant,
    readiness: Gate,
    postgres: Arc<dyn Neighbour>,
    redis: Option<Arc<dyn Neighbour>>,
    broker: Option<Arc<Suitability>>,
    events: Arc<dyn EventLag>,
    breakers: OnceLock<Arc<dyn Breakers>>,
    last: Mutex<Option<(Instant, HealthReport)>>,
    last_ping: Mutex<Option<(Instant, bool)>>,
}

impl Health {
    /// Of a process that starts, and is not ready yet.
    pub(crate) fn new(
        postgres: Arc<dyn Neighbour>,
        redis: Option<Arc<dyn Neighbour>>,
        events: Arc<dyn EventLag>,
    ) -> Self {
        Self {
            started: Instant::now(),
            readiness: Gate::default(),
            postgres,
            redis,
            broker: None,
            events,
            breakers: OnceLock::new(),
            last: Mutex::new(None),
            last_ping: Mutex::new(None),
        }
    }

    /// The same of one that events go through, unless that is the database.
    #[must_use]
    pub(crate) fn with_broker(mut self, broker: Option<Arc<dyn BrokerWatch>>) -> Self {
        self.broker = broker.map(|it| Arc::new(Suitability::of(it)));
        self
    }

    /// Tells where these breakers stand, too.
    pub(crate) fn watch_breakers(&self, breakers: Arc<dyn Breakers>) {
        // Whoever comes second is not told of: a process has one worker.
        let _ = self.breakers.set(breakers);
    }

    /// Whether requests may come, as far as this process decides it.
    pub(crate) const fn readiness(&self) -> &Gate {
        &self.readiness
    }

    /// Whether requests may come: as far as this process decides it, the database answers, and the broker is not one that must not
    /// be used. Nobody else is waited for: balancers ask several times a second, and whoever follows a stream does, too.
    pub(crate) async fn is_ready(&self) -> bool {
        self.readiness.is_open() && self.has_a_broker_to_use().await && self.has_database().await
    }

    async fn has_a_broker_to_use(&self) -> bool {
        match &self.broker {
            Some(broker) => broker.is_given().await,
            None => true,
        }
    }

    async fn has_database(&self) -> bool {
        let ping = async || ask(Some(&self.postgres)).await.flatten().is_some();
        let answers = at_most_once_a_second(&self.last_ping, ping).await;
        if !answers && let Ok(mut last) = self.last.try_lock() {
            // What was seen before is not so any more.
            *last = None;
        }
        answers
    }

    /// How long the database takes to answer now. Who only asks whether it does need not look again.
    async fn ping(&self) -> Option<Duration> {
        let took = ask(Some(&self.postgres)).await.flatten();
        if let Ok(mut last) = self.last_ping.try_lock() {
            *last = Some((Instant::now(), took.is_some()));
        }
        took
    }

    async fn look(&self) -> HealthReport {
        let (postgres, redis, broker, lag) = tokio::join!(
            self.ping(),
            ask(self.redis.as_ref()),
            ask_broker(self.broker.as_ref()),
            tokio::time::timeout(ANSWER_MAX, self.events.lag())
        );
        let postgres = Some((POSTGRES, health(postgres, HealthStatus::Unhealthy)));
        let redis = redis.map(|answer| (REDIS, health(answer, HealthStatus::Degraded)));
        let broker = broker.map(|health| (BROKER, health));
        let neighbours: BTreeMap<_, _> = [postgres, redis, broker].into_iter().flatten().collect();
        HealthReport {
            status: worst(neighbours.values().map(|it| it.status)),
            version: env!("CARGO_PKG_VERSION"),
            commit: COMMIT,
            uptime_seconds: 0,
            checks: HealthChecks {
                neighbours,
                circuit_breakers: self
                    .breakers
                    .get()
                    .map_or_else(BTreeMap::new, |it| it.states()),
                outbox_lag_seconds: lag.ok().flatten().map(|lag| lag.as_secs_f64()),
            },
        }
    }
}

fn worst(all: impl Iterator<Item = HealthStatus>) -> HealthStatus {
    all.fold(HealthStatus::Healthy, |worst, next| match (worst, next) {
        (HealthStatus::Unhealthy, _) | (_, HealthStatus::Unhealthy) => HealthStatus::Unhealthy,
        (HealthStatus::Degraded, _) | (_, HealthStatus::Degraded) => HealthStatus::Degraded,
        (HealthStatus::Healthy, HealthStatus::Healthy) => HealthStatus::Healthy,
    })
}

/// `None` when there is nobody to ask, `Some(None)` when nobody answered.
async fn ask(neighbour: Option<&Arc<dyn Neighbour>>) -> Option<Option<Duration>> {
    let answer = tokio::time::timeout(ANSWER_MAX, neighbour?.ping()).await;
    Some(answer.ok().flatten())
}

/// Events wait for a broker that is away. One that loses them must not be used.
async fn ask_broker(broker: Option<&Arc<Suitability>>) -> Option<NeighbourHealth> {
    let (took, otherwise) = match broker?.look().await {
        BrokerCondition::Well(took) => (Some(took), HealthStatus::Healthy),
        BrokerCondition::Away => (None, HealthStatus::Degraded),
        BrokerCondition::Unsuitable(_) => (None, HealthStatus::Unhealthy),
    };
    Some(health(took, otherwise))
}

async fn condition_of(broker: &dyn BrokerWatch) -> BrokerCondition {
    let look = tokio::time::timeout(ANSWER_MAX, broker.look()).await;
    let condition = look.unwrap_or(BrokerCondition::Away);
    if let BrokerCondition::Unsuitable(reason) = &condition {
        tracing::error!(reason, "the broker must not be used");
    }
    condition
}

/// What was seen less than a second ago, or is seen now. Whoever comes while somebody looks waits, and finds what was seen.
async fn at_most_once_a_second<T: Clone>(
    last: &Mutex<Option<(Instant, T)>>,
    look: impl AsyncFnOnce() -> T,
) -> T {
    let mut last = last.lock().await;
    if let Some((_, fresh)) = last.as_ref().filter(|(at, _)| at.elapsed() < KEPT) {
        return fresh.clone();
    }
    let seen = look().await;
    // However long it took to look.
    *last = Some((Instant::now(), seen.clone()));
    seen
}

fn health(answer: Option<Duration>, otherwise: HealthStatus) -> NeighbourHealth {
    NeighbourHealth {
        status: answer.map_or(otherwise, |_| HealthStatus::Healthy),
        latency_ms: answer.map(|took| took.as_secs_f64() * 1_000.0),
    }
}

#[async_trait]
impl Readiness for Health {
    async fn is_ready(&self) -> bool {
        self.is_ready().await
    }
}

#[async_trait]
impl HealthReporter for Health {
    async fn report(&self) -> HealthReport {
        let report = at_most_once_a_second(&self.last, async || self.look().await).await;
        HealthReport {
            uptime_seconds: self.started.elapsed().as_secs(),
            ..report
        }
    }

    async fn is_ready(&self) -> bool {
        self.is_ready().await
    }
}

#[cfg(test)]
mod tests;
