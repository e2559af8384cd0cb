//! Carrying out payments over the core.

use std::sync::Arc;

use adapters_local::OsDice;
use adapters_postgres::{PgPaymentWorkQueries, PgWorkLeases};
use adapters_redis::RedisWorkLeases;
use app::{
    payments::{Patience, PaymentWorker, PaymentWorkerParts, PaymentWorkerTerms},
    ports::{PaymentWorkQueries, WorkLeases},
};
use domain::payments::{BreakerTerms, CheckSchedule, RetryPolicy};
use jiff::SignedDuration;

use super::Core;
use crate::config::{PaymentSettings, Settings};

/// What the role `worker` consists of.
pub(crate) struct PaymentWork {
    /// Carries out what is due.
    pub(crate) worker: Arc<PaymentWorker>,
    /// Tells how much there is to do.
    pub(crate) queries: Arc<dyn PaymentWorkQueries>,
}

/// A worker.
pub(crate) fn payment_worker(core: &Core, settings: &Settings) -> PaymentWork {
    let queries: Arc<dyn PaymentWorkQueries> =
        Arc::new(PgPaymentWorkQueries::new(core.database.clone()));
    let parts = PaymentWorkerParts {
        queries: queries.clone(),
        bus: core.bus.clone(),
        providers: core.providers.clone(),
        leases: leases(core, settings),
        clock: core.clock.clone(),
        ids: core.ids.clone(),
        dice: Arc::new(OsDice),
    };
    let worker = PaymentWorker::new(parts, terms(settings));
    PaymentWork {
        worker: Arc::new(worker),
        queries,
    }
}

/// In Redis, where there is one. Locks of sessions are for the embedded database: others may stand behind a `PgBouncer` that
/// shares sessions. There, the rows that are claimed and their versions have to do, and do.
fn leases(core: &Core, settings: &Settings) -> Option<Arc<dyn WorkLeases>> {
    if let Some(redis) = &core.redis {
        return Some(Arc::new(RedisWorkLeases::new(redis.clone())));
    }
    let database = core.database.clone();
    settings
        .is_embedded()
        .then(|| -> Arc<dyn WorkLeases> { Arc::new(PgWorkLeases::new(database)) })
}

fn terms(settings: &Settings) -> PaymentWorkerTerms {
    // Less than the process has to end: what is left then is let go of.
    let finish_within = settings.shutdown.drain.mul_f64(0.9);
    let settings: &PaymentSettings = &settings.payments;
    let signed = |it| SignedDuration::try_from(it).unwrap_or(SignedDuration::MAX);
    let retry = RetryPolicy::new(
        settings.attempts_max,
        signed(settings.retry_first),
        signed(settings.retry_longest),
    );
    PaymentWorkerTerms {
        patience: Patience {
            retry,
            checks: CheckSchedule::new(settings.checks.clone()),
        },
        breaker: BreakerTerms {
            failures_pct_min: settings.breaker_failures_pct,
            calls_min: settings.breaker_calls_min,
            window: signed(settings.breaker_window),
            open_for: signed(settings.breaker_open),
        },
        calls_max: settings.calls_max,
        call_limit: settings.call_limit,
        lost_after: settings.lost_after,
        lease: settings.lease,
        sweep_every: settings.sweep,
        finish_within,
    }
}
