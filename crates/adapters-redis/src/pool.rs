//! Connections to Redis, and what is done when there are none.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use redis::FromRedisValue;
use tokio::time::timeout;

use self::connections::Connections;
pub use self::failure::{InvalidRedisUrl, RedisFailure};
pub(crate) use self::request::Request;
use crate::options::RedisOptions;

mod connections;
mod failure;
mod request;

/// A handle on the connections; a copy of it uses the same ones.
///
/// After a failure Redis is left alone: calls fail at once until it has answered in the background, so no caller ever
/// pays for finding out whether it is back.
#[derive(Clone)]
pub struct RedisPool {
    shared: Arc<Shared>,
}

struct Shared {
    options: RedisOptions,
    connections: Arc<Connections>,
    is_down: AtomicBool,
}

impl RedisPool {
    /// A pool that connects when it is first used: Redis need not be there yet. It MUST be used inside of a tokio runtime.
    pub fn open(options: RedisOptions) -> Result<Self, InvalidRedisUrl> {
        let connections = Connections::new(&options)?;
        report_fallback(false);
        Ok(Self {
            shared: Arc::new(Shared {
                options,
                connections: Arc::new(connections),
                is_down: AtomicBool::new(false),
            }),
        })
    }

    /// Asks Redis for a sign of life, and says how long it took. For health checks.
    pub async fn ping(&self) -> Result<Duration, RedisFailure> {
        let asked = Instant::now();
        self.query::<()>("ping", Request::Command(&redis::cmd("PING")))
            .await?;
        Ok(asked.elapsed())
    }

    /// Whether Redis is left alone at the moment because it failed.
    pub fn is_down(&self) -> bool {
        self.shared.is_down.load(Ordering::Acquire)
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.shared.connections.len()
    }

    pub(crate) fn options(&self) -> &RedisOptions {
        &self.shared.options
    }

    /// Asks Redis, within the deadline. `name` is what the request is called in metrics.
    pub(crate) async fn query<T: FromRedisValue>(
        &self,
        name: &'static str,
        request: Request<'_>,
    ) -> Result<T, RedisFailure> {
        if self.is_down() {
            return Err(RedisFailure::CoolingDown);
        }
        let deadline = self.shared.options.command_deadline;
        let asked = timeout(deadline, self.shared.connections.ask(request)).await;
        let failure = match asked {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => failure,
            Err(_elapsed) => RedisFailure::TimedOut { deadline },
        };
        metrics::counter!("redis_commands_failed_total", "command" => name).increment(1);
        if failure.is_of_the_connection() {
            self.shared.leave_alone(&failure);
        }
        Err(failure)
    }
}

impl Shared {
    fn leave_alone(self: &Arc<Self>, failure: &RedisFailure) {
        self.connections.close_all();
        if self.is_down.swap(true, Ordering::AcqRel) {
            return;
        }
        report_fallback(true);
        let reason: &dyn std::error::Error = failure;
        tracing::warn!(error = reason, "Redis is out of reach: going on without it");
        let waiting = wait_until_it_answers(Arc::downgrade(self), self.options.cool_down);
        tokio::spawn(waiting);
    }

    fn take_up_again(&self) {
        self.is_down.store(false, Ordering::Release);
        report_fallback(false);
        tracing::info!("Redis answers again");
    }
}

/// Ends with the pool, or when Redis has answered.
async fn wait_until_it_answers(pool: Weak<Shared>, cool_down: Duration) {
    loop {
        tokio::time::sleep(cool_down).await;
        let Some(shared) = pool.upgrade() else {
            return;
        };
        match shared.connections.open_one().await {
            Ok(()) => return shared.take_up_again(),
            Err(error) => tracing::debug!(error = %error, "Redis is still out of reach"),
        }
    }
}

fn report_fallback(is_active: bool) {
    metrics::gauge!("redis_fallback_active").set(if is_active { 1.0 } else { 0.0 });
}
