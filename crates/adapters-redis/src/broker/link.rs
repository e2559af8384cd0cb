//! One connection, made anew when it breaks.

use std::time::Duration;

use redis::{AsyncConnectionConfig, Client, FromRedisValue, aio::MultiplexedConnection};
use tokio::{sync::Mutex, time::timeout};

use crate::pool::{RedisFailure, Request};

/// What is asked over it at the same time is on its way together.
pub(super) struct Link {
    client: Client,
    deadline: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Link {
    pub(super) fn new(client: Client, deadline: Duration) -> Self {
        Self {
            client,
            deadline,
            connection: Mutex::new(None),
        }
    }

    /// Asks within the deadline.
    pub(super) async fn ask<T: FromRedisValue>(
        &self,
        request: Request<'_>,
    ) -> Result<T, RedisFailure> {
        self.ask_patiently(request, Duration::ZERO).await
    }

    /// Asks for what Redis may take so much longer to answer.
    pub(super) async fn ask_patiently<T: FromRedisValue>(
        &self,
        request: Request<'_>,
        longer: Duration,
    ) -> Result<T, RedisFailure> {
        let deadline = self.deadline + longer;
        let asking = async {
            let mut connection = self.connection().await?;
            let answer = request.ask(&mut connection).await;
            answer.map_err(RedisFailure::from)
        };
        let failure = match timeout(deadline, asking).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => failure,
            Err(_elapsed) => RedisFailure::TimedOut { deadline },
        };
        if failure.is_of_the_connection() {
            *self.connection.lock().await = None;
        }
        Err(failure)
    }

    async fn connection(&self) -> Result<MultiplexedConnection, RedisFailure> {
        let mut known = self.connection.lock().await;
        if let Some(connection) = known.as_ref() {
            return Ok(connection.clone());
        }
        let patient = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let opening = self
            .client
            .get_multiplexed_async_connection_with_config(&patient);
        let opened = opening.await.map_err(RedisFailure::to_connect)?;
        Ok(known.insert(opened).clone())
    }
}
