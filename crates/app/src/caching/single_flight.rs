//! One look-up for many who ask the same at the same time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tracing::Instrument;

use crate::traces;

/// Look-ups that are under way, by key.
pub(crate) struct SingleFlight<K, V> {
    flights: Arc<Mutex<HashMap<K, Flight<V>>>>,
}

#[derive(Clone)]
struct Flight<V> {
    /// Tells this flight from a later one of the same key.
    number: u64,
    landing: Shared<BoxFuture<'static, V>>,
}

impl<K, V> SingleFlight<K, V>
where
    K: Eq + Hash + Clone + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new() -> Self {
        Self {
            flights: Arc::default(),
        }
    }

    /// What `look_up` finds, or what a look-up of the same key finds that is under way already.
    ///
    /// The look-up runs as a task of its own: whoever started it may go away without the others losing it.
    pub(crate) async fn run<F>(&self, key: K, look_up: impl FnOnce() -> F) -> V
    where
        F: Future<Output = V> + Send + 'static,
    {
        let landing = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            match flights.get(&key) {
                Some(flight) => flight.landing.clone(),
                None => self.take_off(key, look_up(), &mut flights),
            }
        };
        landing.await
    }

    /// Whoever asks from now on is not told what a look-up finds that began before.
    pub(crate) fn forget(&self, key: &K) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.remove(key);
    }

    fn take_off<F>(
        &self,
        key: K,
        look_up: F,
        flights: &mut HashMap<K, Flight<V>>,
    ) -> Shared<BoxFuture<'static, V>>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let ending = Ending {
            flights: Arc::clone(&self.flights),
            key: key.clone(),
            number,
        };
        let flying = async move {
            let _when_it_ends = ending;
            look_up.await
        };
        // It belongs to whoever has asked first.
        let landing = traces::carry(flying.in_current_span()).boxed().shared();
        tokio::spawn(landing.clone());
        let flight = Flight {
            number,
            landing: landing.clone(),
        };
        flights.insert(key, flight);
        landing
    }
}

static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// Ends a flight for those who ask later, also when its look-up panics.
struct Ending<K: Eq + Hash, V> {
    flights: Arc<Mutex<HashMap<K, Flight<V>>>>,
    key: K,
    number: u64,
}

impl<K: Eq + Hash, V> Drop for Ending<K, V> {
    fn drop(&mut self) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        let flight = flights.get(&self.key);
        if flight.is_some_and(|flight| flight.number == self.number) {
            flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use tokio::sync::{Notify, oneshot};

    use super::*;

    #[tokio::test]
    async fn many_who_ask_at_once_cost_one_look_up() {
        let flights = Arc::new(SingleFlight::<u8, u32>::new());
        let (look_ups, gate) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));

        let asking: Vec<_> = (0..50)
            .map(|_| {
                let (flights, look_ups, gate) = (flights.clone(), look_ups.clone(), gate.clone());
                tokio::spawn(async move {
                    let look_up = || async move {
                        gate.notified().await;
                        look_ups.fetch_add(1, Ordering::SeqCst)
                    };
                    flights.run(1, look_up).await
                })
            })
            .collect();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        gate.notify_one();
        for asked in asking {
            assert_eq!(asked.await.unwrap(), 0);
        }

        assert_eq!(look_ups.load(Ordering::SeqCst), 1);
        assert_eq!(flights.run(1, || async { 7 }).await, 7);
    }

    #[tokio::test]
    async fn a_forgotten_flight_is_joined_by_nobody_and_does_not_end_the_next_one() {
        let flights = Arc::new(SingleFlight::<u8, u32>::new());
        let asking = |landed: oneshot::Receiver<u32>| {
            let flights = flights.clone();
            tokio::spawn(async move { flights.run(1, || async { landed.await.unwrap() }).await })
        };
        let (land_first, first_landed) = oneshot::channel();
        let (land_second, second_landed) = oneshot::channel();
        let first = asking(first_landed);
        tokio::task::yield_now().await;

        flights.forget(&1);
        let second = asking(second_landed);
        tokio::task::yield_now().await;
        land_first.send(1).unwrap();
        assert_eq!(first.await.unwrap(), 1);
        let mut third = Box::pin(flights.run(1, || async { 3 }));
        assert_eq!(third.as_mut().now_or_never(), None);
        land_second.send(2).unwrap();

        assert_eq!((second.await.unwrap(), third.await), (2, 2));
    }

    #[tokio::test]
    async fn a_look_up_that_panics_is_begun_anew_by_whoever_asks_next() {
        let flights = Arc::new(SingleFlight::<u8, u32>::new());

        let asked = tokio::spawn({
            let flights = flights.clone();
            async move { flights.run(1, || async { panic!("broken") }).await }
        });

        assert!(asked.await.unwrap_err().is_panic());
        assert_eq!(flights.run(1, || async { 2 }).await, 2);
    }
}
