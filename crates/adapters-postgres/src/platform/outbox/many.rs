//! Appending many events with one statement.

use app::events::SpeltEvent;
use domain::event::DomainEvent;
use jiff::Timestamp;
use serde_json::value::RawValue;
use tokio_postgres::types::Json;
use uuid::Uuid;

use crate::unit_of_work::OwnedParam;

/// Their order is that of the ids that they get.
pub(super) const APPEND_ALL: &str = "
    INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at, day, trace_context)
    SELECT event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload, created_at,
           (created_at AT TIME ZONE 'UTC')::date, $9
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::bigint[], $6::text[], $7::json[], $8::timestamptz[])
           WITH ORDINALITY AS event (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                                     created_at, number)
     ORDER BY number";

/// A list for each column.
#[derive(Default)]
pub(super) struct Lists {
    event_ids: Vec<Uuid>,
    organizations: Vec<Uuid>,
    kinds: Vec<&'static str>,
    aggregates: Vec<Uuid>,
    versions: Vec<i64>,
    types: Vec<&'static str>,
    payloads: Vec<Json<Box<RawValue>>>,
    instants: Vec<Timestamp>,
}

impl Lists {
    pub(super) fn add(&mut self, event: &DomainEvent, spelt: SpeltEvent) {
        self.event_ids.push(event.id.as_uuid());
        self.organizations.push(event.organization_id.as_uuid());
        self.kinds.push(spelt.touched.kind.code());
        self.aggregates.push(spelt.touched.id);
        self.versions.push(event.version.as_i64());
        self.types.push(spelt.event_type);
        self.payloads.push(Json(spelt.data));
        self.instants.push(event.occurred_at);
    }

    pub(super) fn into_params(self) -> Vec<OwnedParam> {
        vec![
            Box::new(self.event_ids),
            Box::new(self.organizations),
            Box::new(self.kinds),
            Box::new(self.aggregates),
            Box::new(self.versions),
            Box::new(self.types),
            Box::new(self.payloads),
            Box::new(self.instants),
            Box::new(super::cause()),
        ]
    }
}
