//! A provider that moves nothing but its own record: for embedded mode and for tests.
//!
//! It behaves as it is told, order by order, and keeps to what providers promise: once per key, whatever is asked. The
//! record is the judge of whoever calls it.

mod behaviour;

use std::{sync::Arc, time::Duration};

use app::ports::{
    Clock, InvalidProviderData, NotedCall, PaymentProvider, ProviderOrder, Sighting,
    SimulatorEntry, SimulatorRecord,
};
use async_trait::async_trait;
use domain::payments::{Outcome, ProviderAnswer, ProviderName, ProviderReference};

use self::behaviour::Behaviour;

const NAME: &str = "simulator";

/// What the simulator does that nobody outside of tests wants at its worst.
#[derive(Clone, Copy)]
pub struct SimulatorTemper {
    /// How long an answer that never comes is waited for.
    pub patience: Duration,
    /// Ends this process at once, with nothing put in order; without it, a crash is a lost connection.
    pub crash: Option<fn()>,
}

impl Default for SimulatorTemper {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(10),
            crash: None,
        }
    }
}

/// The simulated provider.
pub struct Simulator {
    name: ProviderName,
    record: Arc<dyn SimulatorRecord>,
    clock: Arc<dyn Clock>,
    temper: SimulatorTemper,
}

impl Simulator {
    /// One that keeps this record.
    pub fn new(
        record: Arc<dyn SimulatorRecord>,
        clock: Arc<dyn Clock>,
        temper: SimulatorTemper,
    ) -> Result<Self, domain::values::InvalidValue> {
        Ok(Self {
            name: ProviderName::parse(NAME)?,
            record,
            clock,
            temper,
        })
    }

    /// What the record says, told as the behaviour wants it.
    async fn answer(
        &self,
        order: &ProviderOrder,
        (behaviour, entry): (Behaviour, SimulatorEntry),
    ) -> ProviderAnswer {
        if entry.moved_on_call.is_none() {
            return match behaviour {
                Behaviour::Decline => ProviderAnswer::of(Outcome::Declined, "declined"),
                Behaviour::Lost => self.never_answer("no_answer").await,
                _ => ProviderAnswer::of(Outcome::Retryable, "try_again"),
            };
        }
        match behaviour {
            Behaviour::Pending => told(order, Outcome::Pending, "processing"),
            _ if !entry.has_just_moved() => told(order, Outcome::Succeeded, "succeeded"),
            Behaviour::Timeout => self.never_answer("timeout").await,
            Behaviour::Slow(pause) => {
                tokio::time::sleep(pause).await;
                told(order, Outcome::Succeeded, "succeeded")
            }
            Behaviour::CrashAfterCharge => {
                if let Some(crash) = self.temper.crash {
                    crash();
                }
                ProviderAnswer::of(Outcome::Unknown, "connection_lost")
            }
            _ => told(order, Outcome::Succeeded, "succeeded"),
        }
    }

    async fn never_answer(&self, code: &'static str) -> ProviderAnswer {
        tokio::time::sleep(self.temper.patience).await;
        ProviderAnswer::of(Outcome::Unknown, code)
    }
}

#[async_trait]
impl PaymentProvider for Simulator {
    fn name(&self) -> &ProviderName {
        &self.name
    }

    fn check(&self, order: &ProviderOrder) -> Result<(), InvalidProviderData> {
        let behaviour = Behaviour::of(order);
        behaviour.map(drop).map_err(|why| InvalidProviderData {
            field: "metadata/simulate",
            why,
        })
    }

    async fn execute(&self, order: &ProviderOrder) -> ProviderAnswer {
        let Ok(behaviour) = Behaviour::of(order) else {
            return ProviderAnswer::of(Outcome::Declined, "simulate_unknown");
        };
        let now = self.clock.now();
        if behaviour.is_out_of_reach(order.created_at, now) {
            return ProviderAnswer::of(Outcome::Retryable, "unreachable");
        }
        let moves_on = behaviour.moves_on();
        match self.record.note_call(order, moves_on, now).await {
            Ok(NotedCall::Noted(entry)) => self.answer(order, (behaviour, entry)).await,
            Ok(NotedCall::KeyReused) => ProviderAnswer::of(Outcome::Unknown, "key_reused"),
            Err(why) => {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(error = why, "the simulator cannot write its record");
                ProviderAnswer::of(Outcome::Unknown, "no_record")
            }
        }
    }

    async fn look_up(
        &self,
        order: &ProviderOrder,
        _reference: Option<ProviderReference>,
    ) -> Sighting {
        let Ok(behaviour) = Behaviour::of(order) else {
            return Sighting::NeverArrived;
        };
        if behaviour.is_out_of_reach(order.created_at, self.clock.now()) {
            return Sighting::NoAnswer;
        }
        match (self.record.note_look_up(order.key).await, behaviour) {
            (Ok(Some(entry)), _) if entry.moved_on_call.is_some() => {
                Sighting::Seen(told(order, Outcome::Succeeded, "succeeded"))
            }
            (Ok(Some(_)), Behaviour::Decline) => {
                Sighting::Seen(ProviderAnswer::of(Outcome::Declined, "declined"))
            }
            (Ok(_), _) => Sighting::NeverArrived,
            (Err(why), _) => {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(error = why, "the simulator cannot read its record");
                Sighting::NoAnswer
            }
        }
    }

    async fn observe(
        &self,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting {
        // Its record is not changed by looking, but for the number of looks.
        self.look_up(order, reference).await
    }
}

/// About something that has moved or will: the reference is the key.
fn told(order: &ProviderOrder, outcome: Outcome, code: &'static str) -> ProviderAnswer {
    let reference = ProviderReference::parse(&format!("sim_{}", order.key.simple())).ok();
    ProviderAnswer {
        reference,
        ..ProviderAnswer::of(outcome, code)
    }
}

#[cfg(test)]
mod tests;
