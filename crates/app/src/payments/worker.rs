//! Carries payments and refunds out through their providers.
//!
//! What is due is taken up in groups, each piece under a lease, and written down as begun before the provider hears of it.
//! The answer is written down only where nobody else has dealt with the piece meanwhile: whoever was too slow has no say. So
//! it never matters how many workers there are, or which of them dies, stops or comes back late.

mod calls;
mod hints;
mod leases;
mod line;
mod returns;
mod rounds;
mod seat;
mod tally;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::payments::{BreakerState, BreakerTerms, ProviderName};
use tokio::sync::Notify;
use uuid::Uuid;

use self::line::Line;
use super::{
    BeginWorkHandler, BookReturnedPayoutHandler, DoubtPayoutsHandler, Patience, SettleWorkHandler,
};
use crate::{
    ports::{Clock, Dice, IdGenerator, PaymentWorkQueries, Providers, WorkLeases},
    transaction::CommandBus,
};

pub use self::hints::PaymentHints;

/// What a worker works with.
pub struct PaymentWorkerParts {
    /// Finds what is due.
    pub queries: Arc<dyn PaymentWorkQueries>,
    /// Changes it.
    pub bus: CommandBus,
    /// Carry it out.
    pub providers: Providers,
    /// Keep other workers away; `None` where storage alone does.
    pub leases: Option<Arc<dyn WorkLeases>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Spreads what is tried again.
    pub dice: Arc<dyn Dice>,
}

/// How a worker works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentWorkerTerms {
    /// With what may be tried again, and with what nobody knows.
    pub patience: Patience,
    /// When a provider is left alone.
    pub breaker: BreakerTerms,
    /// How many calls to a provider at once.
    pub calls_max: usize,
    /// How long a call may take.
    pub call_limit: Duration,
    /// After what time whoever took something up is presumed to be gone. More than a call may take.
    pub lost_after: Duration,
    /// How long a lease lasts, unless it is extended.
    pub lease: Duration,
    /// How often to look for what is due.
    pub sweep_every: Duration,
    /// How long to wait for what is under way when the worker is told to end.
    pub finish_within: Duration,
}

/// Carries payments and refunds out.
pub struct PaymentWorker {
    parts: PaymentWorkerParts,
    terms: PaymentWorkerTerms,
    begin: Arc<BeginWorkHandler>,
    settle: Arc<SettleWorkHandler>,
    doubt: Arc<DoubtPayoutsHandler>,
    book: Arc<BookReturnedPayoutHandler>,
    lines: BTreeMap<ProviderName, Arc<Line>>,
    hints: Arc<PaymentHints>,
    /// What this worker is at, and by which token.
    in_hand: Mutex<HashMap<Uuid, Uuid>>,
    /// What it was at since leases were last let go of.
    done: Mutex<Vec<Uuid>>,
    /// A provider may have room again.
    room: Notify,
}

impl PaymentWorker {
    /// A worker for all providers that are set up.
    pub fn new(parts: PaymentWorkerParts, terms: PaymentWorkerTerms) -> Self {
        let line = |name: &ProviderName| {
            let provider = parts.providers.find(name)?.clone();
            let line = Line::new(provider, &terms, parts.clock.clone());
            Some((name.clone(), Arc::new(line)))
        };
        let lines: BTreeMap<_, _> = parts.providers.names().filter_map(line).collect();
        let (clock, ids) = (parts.clock.clone(), parts.ids.clone());
        let patience = terms.patience.clone();
        Self {
            begin: Arc::new(BeginWorkHandler::new(clock.clone(), ids.clone())),
            doubt: Arc::new(DoubtPayoutsHandler::new(patience.clone(), clock.clone())),
            book: Arc::new(BookReturnedPayoutHandler::new(
                patience.clone(),
                clock.clone(),
                ids.clone(),
            )),
            settle: Arc::new(SettleWorkHandler::new(patience, clock, ids)),
            hints: Arc::new(PaymentHints::of(lines.keys().cloned())),
            in_hand: Mutex::default(),
            done: Mutex::default(),
            room: Notify::new(),
            lines,
            parts,
            terms,
        }
    }

    /// Where it hears of what is new: something that events are delivered to.
    pub fn hints(&self) -> Arc<PaymentHints> {
        self.hints.clone()
    }

    /// Where the breakers of the providers stand.
    pub fn breakers(&self) -> Vec<(ProviderName, BreakerState)> {
        let lines = self.lines.iter();
        lines
            .map(|(name, line)| (name.clone(), line.breaker_state()))
            .collect()
    }

    fn done(&self) -> MutexGuard<'_, Vec<Uuid>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_hand(&self) -> MutexGuard<'_, HashMap<Uuid, Uuid>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
