//! What keeps up the projections of vouchers, over the core.

use std::sync::Arc;

use adapters_postgres::PgHeldEvents;
use app::{events::EventConsumer, vouchers::VoucherProjector};

use super::Core;

/// How many events are one transaction: many codes of a campaign are issued at once.
const BATCH: usize = 1_000;

/// A projector.
pub(crate) fn voucher_projector(core: &Core) -> EventConsumer {
    EventConsumer {
        name: VoucherProjector::GROUP.name,
        sink: Arc::new(VoucherProjector::new(core.bus.clone())),
        held: Arc::new(PgHeldEvents::new(core.database.clone())),
        clock: core.clock.clone(),
        batch: BATCH,
    }
}
