//! One look-up for many who ask for the same key at the same time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::traces;
use domain::platform::KeyHash;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use super::Found;

/// A look-up that has been under way for longer is not joined: what it will find may be too old by then.
const JOINABLE_FOR: Duration = Duration::from_secs(1);

type Landing = Shared<BoxFuture<'static, Found>>;

/// Look-ups that are under way.
#[derive(Default)]
pub(super) struct Flights {
    under_way: Mutex<UnderWay>,
}

#[derive(Default)]
struct UnderWay {
    by_hash: HashMap<KeyHash, Flight>,
    /// Tells a flight from a later one of the same hash.
    last_number: u64,
}

struct Flight {
    number: u64,
    began: Instant,
    landing: Landing,
}

impl Flights {
    /// What `look_up` finds, or what a look-up of the same hash finds that has just begun.
    ///
    /// It runs as a task of its own: whoever started it may go away without the others losing it.
    pub(super) fn join<F>(self: &Arc<Self>, hash: KeyHash, look_up: impl FnOnce() -> F) -> Landing
    where
        F: Future<Output = Found> + Send + 'static,
    {
        let mut under_way = self.under_way();
        let began = Instant::now();
        if let Some(flight) = under_way.by_hash.get(&hash)
            && began < flight.began + JOINABLE_FOR
        {
            return flight.landing.clone();
        }
        under_way.last_number += 1;
        let number = under_way.last_number;
        let (flights, looking) = (Arc::clone(self), look_up());
        let flying = async move {
            let found = looking.await;
            flights.land(hash, number);
            found
        };
        // It belongs to whoever has asked first.
        let landing = traces::carry(flying).boxed().shared();
        tokio::spawn(landing.clone());
        let flight = Flight {
            number,
            began,
            landing: landing.clone(),
        };
        under_way.by_hash.insert(hash, flight);
        landing
    }

    /// Whoever asks from now on is not told what a look-up finds that began before.
    pub(super) fn forget_all(&self) {
        self.under_way().by_hash.clear();
    }

    fn land(&self, hash: KeyHash, number: u64) {
        let mut under_way = self.under_way();
        let is_mine = |flight: &Flight| flight.number == number;
        if under_way.by_hash.get(&hash).is_some_and(is_mine) {
            under_way.by_hash.remove(&hash);
        }
    }

    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
