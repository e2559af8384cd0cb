//! The use cases of holds.

use std::sync::Arc;

use app::{
    ledger::{CaptureHoldHandler, PlaceHoldHandler, VoidHoldHandler},
    ports::{Clock, HoldQueries, IdGenerator},
};

/// What can be done with holds.
#[derive(Clone)]
pub struct HoldUseCases {
    /// Reserves money.
    pub place: Arc<PlaceHoldHandler>,
    /// Takes what is reserved.
    pub capture: Arc<CaptureHoldHandler>,
    /// Lets it go.
    pub void: Arc<VoidHoldHandler>,
    /// Reads holds.
    pub queries: Arc<dyn HoldQueries>,
}

impl HoldUseCases {
    /// The use cases over these ports.
    pub fn new(
        queries: Arc<dyn HoldQueries>,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn IdGenerator>,
    ) -> Self {
        let (clock, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            place: Arc::new(PlaceHoldHandler::new(clock(), ids())),
            capture: Arc::new(CaptureHoldHandler::new(clock(), ids())),
            void: Arc::new(VoidHoldHandler::new(clock(), ids())),
            queries,
        }
    }
}
