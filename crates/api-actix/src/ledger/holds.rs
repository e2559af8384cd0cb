//! Holds: money that is reserved, and taken or let go later.

mod capture_hold;
mod get_hold;
mod hold_body;
mod hold_fields;
mod hold_refusal;
mod list_holds;
mod place_hold;
mod void_hold;

use std::sync::Arc;

use app::{
    ledger::{CaptureHoldHandler, PlaceHoldHandler, VoidHoldHandler},
    ports::{Clock, HoldQueries, IdGenerator},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// What can be done with holds.
pub(crate) struct HoldUseCases {
    pub(crate) place: Arc<PlaceHoldHandler>,
    pub(crate) capture: Arc<CaptureHoldHandler>,
    pub(crate) void: Arc<VoidHoldHandler>,
    pub(crate) queries: Arc<dyn HoldQueries>,
}

impl HoldUseCases {
    /// The use cases over these ports.
    pub(crate) fn new(
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

pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(place_hold::place_hold)
        .service(list_holds::list_holds)
        .service(get_hold::get_hold)
        .service(capture_hold::capture_hold)
        .service(void_hold::void_hold);
}

#[cfg(test)]
mod tests;
