//! Requests at a pace, whether or not those before were answered.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at},
};

use crate::http::Client;

/// More than are ever waited for at once, at a pace that is kept up with.
const SENDERS: u32 = 20;

/// How quickly, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) per_second: u32,
    pub(super) lasting: Duration,
}

/// Makes payments of these at a pace, each under a key of its own. Tells how many.
pub(super) async fn send(
    (address, key): (SocketAddr, &str),
    bodies: Vec<String>,
    pace: Pace,
) -> anyhow::Result<usize> {
    let mut senders = JoinSet::new();
    let step = Duration::from_secs(1) / pace.per_second;
    let begin = Instant::now();
    let mut parts: Vec<Vec<String>> = (0..SENDERS).map(|_| Vec::new()).collect();
    let count = pace.lasting.as_secs() * u64::from(pace.per_second);
    for (number, body) in bodies.into_iter().take(usize::try_from(count)?).enumerate() {
        let senders = parts.len();
        parts[number % senders].push(body);
    }
    for (number, bodies) in (0..SENDERS).zip(parts) {
        let mut client = Client::connect(address, Some(key)).await?;
        let mut ticks = interval_at(begin + step * number, step * SENDERS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        senders.spawn(async move {
            for (place, body) in bodies.iter().enumerate() {
                ticks.tick().await;
                let key = format!("paced-{number}-{place}");
                client.post_once("/api/v1/payments", &key, body).await?;
            }
            anyhow::Ok(bodies.len())
        });
    }
    let mut sent = 0;
    while let Some(ended) = senders.join_next().await {
        sent += ended.context("a sender panicked")??;
    }
    Ok(sent)
}
