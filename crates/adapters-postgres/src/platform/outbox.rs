//! The outbox of a transaction, and the timelines.

use app::{
    events::SpeltEvent,
    ports::{AggregateKind, Outbox, StorageError},
};
use async_trait::async_trait;
use domain::{actor::Actor, event::DomainEvent};
use tokio_postgres::types::Json;

use crate::unit_of_work::PgUnitOfWork;

const APPEND: &str = "
    INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const ENTER_IN_TIMELINE: &str = "
    INSERT INTO invoice_timeline (invoice_id, version, event_id, type, actor_kind, actor, occurred_at, changes)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

#[async_trait]
impl Outbox for PgUnitOfWork {
    async fn append(&mut self, events: Vec<DomainEvent>, by: &Actor) -> Result<(), StorageError> {
        for event in &events {
            let spelt = SpeltEvent::from(event);
            self.touch(spelt.touched);
            if spelt.touched.kind == AggregateKind::Invoice {
                self.enter_in_timeline(event, &spelt, by);
            }
            self.append_one(event, spelt);
        }
        Ok(())
    }
}

impl PgUnitOfWork {
    fn append_one(&mut self, event: &DomainEvent, spelt: SpeltEvent) {
        self.defer(
            APPEND,
            vec![
                Box::new(event.id.as_uuid()),
                Box::new(event.organization_id.as_uuid()),
                Box::new(spelt.touched.kind.code()),
                Box::new(spelt.touched.id),
                Box::new(event.version.as_i64()),
                Box::new(spelt.event_type),
                Box::new(Json(spelt.data)),
                Box::new(event.occurred_at),
            ],
        );
    }

    fn enter_in_timeline(&mut self, event: &DomainEvent, spelt: &SpeltEvent, by: &Actor) {
        let (actor_kind, actor) = match by {
            Actor::ApiKey(id) => ("api_key", Some(id.to_string())),
            Actor::Role(role) => ("role", Some((*role).to_owned())),
            Actor::CommandLine => ("command_line", None),
        };
        self.defer(
            ENTER_IN_TIMELINE,
            vec![
                Box::new(spelt.touched.id),
                Box::new(event.version.as_i64()),
                Box::new(event.id.as_uuid()),
                Box::new(spelt.event_type),
                Box::new(actor_kind),
                Box::new(actor),
                Box::new(event.occurred_at),
                Box::new(Json(spelt.changes.clone())),
            ],
        );
    }
}
