//! Saying again what Redis did not hear.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Shared, Stored};
use crate::pool::Request;

/// Few enough to be done within the deadline of one round trip.
const AT_ONCE: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// Sends pending announcements whenever there are any. Never ends by itself.
pub(super) async fn until_all_is_said<S: Stored>(shared: Arc<Shared<S>>) {
    loop {
        shared.has_pending.notified().await;
        while say_some(&shared).await {}
    }
}

/// Says whether there may be more.
async fn say_some<S: Stored>(shared: &Shared<S>) -> bool {
    let some = shared.pending.some(AT_ONCE);
    if some.is_empty() {
        return false;
    }
    let ttl = shared.lifetimes.longest();
    let all = shared.scripts.announce_all(&some, ttl);
    let said = shared.ask::<()>("cache_invalidate", Request::Pipeline(&all));
    match said.await {
        Ok(()) => {
            for announcement in &some {
                shared.pending.settle(announcement);
            }
        }
        Err(_counted_already) => {
            tokio::time::sleep(PAUSE).await;
            shared.pending.drop_ended(Instant::now());
        }
    }
    true
}
