//! The log of events: everything that is committed comes in it once, in an order that can be relied on, and what cannot be
//! delivered holds up nothing but its own aggregate.

mod consumers;
mod contract;
mod days;
mod feed;
mod later_kinds;
mod of_use;
mod order;
mod plans;
mod readers;
mod status;

use adapters_postgres::{Advanced, PgEventLog, PgEventSequencer, PgEventSource};
use app::{
    events::{EventBell, EventPosition, LoggedEvent},
    paging::Limit,
    ports::{AggregateKind, ConsumerGroup, EventFilter, EventLog, UseFor},
    testing::ORGANIZATION,
};

use jiff::Timestamp;

use crate::support::{Admin, World};

/// Everybody who is interested in invoices.
const GROUP: ConsumerGroup = ConsumerGroup {
    name: "test",
    kinds: &[AggregateKind::Invoice],
    use_for: UseFor::All,
};

/// Appends the event that takes an invoice, named by a number, to a version.
fn event(invoice: i64, version: i64) -> String {
    format!(
        "INSERT INTO outbox (day, event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type,
                             payload, created_at)
         VALUES ((now() AT TIME ZONE 'UTC')::date, gen_random_uuid(), '{ORGANIZATION}', 'invoice',
                 lpad(to_hex({invoice}), 32, '0')::uuid, {version}, 'invoice.updated', '{{}}', now());"
    )
}

/// Many events, each the first of an invoice of its own.
async fn append(admin: &Admin, count: i64) {
    let statement = format!(
        "INSERT INTO outbox (day, event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type,
                             payload, created_at)
         SELECT (now() AT TIME ZONE 'UTC')::date, gen_random_uuid(), '{ORGANIZATION}', 'invoice', gen_random_uuid(), 1,
                'invoice.created', '{{}}', now()
           FROM generate_series(1, {count})"
    );
    admin.run(&statement).await;
}

fn sequencer(world: &World) -> PgEventSequencer {
    PgEventSequencer::new(world.database.clone())
}

/// Gives positions until there is nothing left to do.
async fn place_all(world: &World) {
    while sequencer(world).advance(100_000).await.unwrap() != Advanced::default() {}
}

fn source(world: &World) -> PgEventSource {
    PgEventSource::new(world.database.clone(), EventBell::default())
}

/// What is in the log behind a position, from as many pages as it takes.
async fn read(world: &World, mut after: EventPosition) -> Vec<LoggedEvent> {
    let log = PgEventLog::new(world.database.clone());
    let (filter, limit) = (EventFilter::default(), Limit::new(100).unwrap());
    let mut events = Vec::new();
    loop {
        let page = log
            .list_events(ORGANIZATION, &filter, after, limit)
            .await
            .unwrap();
        events.extend(page.events);
        if !page.has_more {
            return events;
        }
        after = page.end;
    }
}

/// The invoices, as [`event`] names them, of what happened between two instants.
async fn list(world: &World, from: Option<Timestamp>, to: Option<Timestamp>) -> Vec<u128> {
    let log = PgEventLog::new(world.database.clone());
    let (limit, start) = (Limit::new(100).unwrap(), EventPosition::START);
    let filter = EventFilter {
        from,
        to,
        ..EventFilter::default()
    };
    let page = log
        .list_events(ORGANIZATION, &filter, start, limit)
        .await
        .unwrap();
    let invoices = steps(&page.events).into_iter();
    invoices.map(|(invoice, _)| invoice).collect()
}

/// Which invoice, as [`event`] names it, and which version.
fn steps(events: &[LoggedEvent]) -> Vec<(u128, i64)> {
    let step = |it: &LoggedEvent| (it.event.aggregate_id.as_u128(), it.event.sequence);
    events.iter().map(step).collect()
}
