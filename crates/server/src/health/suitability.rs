//! Whether the broker may be used at all, as it was when it was last looked at.

use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use app::ports::{BrokerCondition, BrokerWatch};
use tokio::{sync::Mutex, time::Instant};

use super::{KEPT, condition_of};

/// Keeps what is known of a broker. Whoever asks waits for the first look only: the later ones go on beside it.
pub(super) struct Suitability {
    broker: Arc<dyn BrokerWatch>,
    known: StdMutex<Option<(Instant, bool)>>,
    turn: Arc<Mutex<()>>,
}

impl Suitability {
    /// Of a broker that nobody has looked at.
    pub(super) fn of(broker: Arc<dyn BrokerWatch>) -> Self {
        Self {
            broker,
            known: StdMutex::new(None),
            turn: Arc::default(),
        }
    }

    /// Whether it may be used. One that is away may: events wait for it.
    pub(super) async fn is_given(self: &Arc<Self>) -> bool {
        let Some((at, is_given)) = self.known() else {
            let _turn = self.turn.lock().await;
            return match self.known() {
                Some((_, is_given)) => is_given,
                None => !self.look().await.is_unsuitable(),
            };
        };
        if at.elapsed() >= KEPT
            && let Ok(turn) = Arc::clone(&self.turn).try_lock_owned()
        {
            let looking = Arc::clone(self);
            tokio::spawn(async move {
                looking.look().await;
                drop(turn);
            });
        }
        is_given
    }

    /// How it is now.
    pub(super) async fn look(&self) -> BrokerCondition {
        let condition = condition_of(self.broker.as_ref()).await;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Instant::now(), !condition.is_unsuitable()));
        condition
    }

    fn known(&self) -> Option<(Instant, bool)> {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
