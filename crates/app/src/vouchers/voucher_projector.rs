//! The consumer that keeps up what queries read of vouchers.

use std::sync::Arc;

use async_trait::async_trait;
use domain::ids::EventId;

use super::{
    project_vouchers::{ProjectVouchers, ProjectVouchersHandler},
    seen::{Seen, seen_in},
};
use crate::{
    events::LoggedEvent,
    ports::{
        AggregateKind, ConsumerGroup, Delivered, EventSink, SinkUnavailable, StorageError, UseFor,
    },
    transaction::CommandBus,
};

/// Where events of campaigns, vouchers and redemptions go to be seen by queries: a batch is one transaction.
pub struct VoucherProjector {
    bus: CommandBus,
    handler: Arc<ProjectVouchersHandler>,
}

impl VoucherProjector {
    /// All projectors of a deployment share the work.
    pub const GROUP: ConsumerGroup = ConsumerGroup {
        name: ProjectVouchersHandler::ROLE,
        kinds: &[
            AggregateKind::Campaign,
            AggregateKind::Voucher,
            AggregateKind::Redemption,
        ],
        use_for: UseFor::All,
    };

    /// A projector.
    pub fn new(bus: CommandBus) -> Self {
        Self {
            bus,
            handler: Arc::new(ProjectVouchersHandler),
        }
    }

    /// Keeps all of it, or nothing where the storage refuses some of it.
    async fn project(&self, seen: Vec<(EventId, Seen)>) -> Result<Delivered, SinkUnavailable> {
        let command = ProjectVouchers { seen };
        match self.bus.execute(self.handler.clone(), command).await {
            Ok(()) => Ok(Delivered::Taken),
            Err(why @ StorageError::Corrupt { .. }) => Ok(Delivered::Refused(why.to_string())),
            Err(why) => Err(SinkUnavailable::Away(Box::new(why))),
        }
    }
}

#[async_trait]
impl EventSink for VoucherProjector {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let mut seen = Vec::with_capacity(events.len());
        let mut outcomes = Vec::with_capacity(events.len());
        for logged in events {
            outcomes.push(match seen_in(&logged.event) {
                Ok(it) => {
                    seen.push((outcomes.len(), (logged.event.id, it)));
                    Delivered::Taken
                }
                Err(why) => Delivered::Refused(why.to_string()),
            });
        }
        if seen.is_empty() {
            return Ok(outcomes);
        }
        let all = seen.iter().map(|(_, it)| it.clone()).collect();
        if self.project(all).await? == Delivered::Taken {
            return Ok(outcomes);
        }
        // What cannot be kept is refused by itself, so that nobody waits for it but its own aggregate.
        for (place, it) in seen {
            let kept = self.project(vec![it]).await?;
            if let Some(outcome) = outcomes.get_mut(place) {
                *outcome = kept;
            }
        }
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests;
