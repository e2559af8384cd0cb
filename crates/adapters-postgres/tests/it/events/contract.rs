//! The log as a broker, held to the contract of brokers.

use adapters_postgres::PgEventSource;
use app::{
    events::LoggedEvent,
    ports::{EventSource, IdGenerator},
    testing::contracts::{BrokerUnderTest, hold_broker_to_its_contract},
};
use async_trait::async_trait;

use super::{sequencer, source};
use crate::support::{Admin, World, wait_until};

struct Log {
    world: World,
    admin: Admin,
    source: PgEventSource,
}

fn insertion(it: &LoggedEvent) -> String {
    let event = &it.event;
    let trace = event.traceparent.as_deref();
    let trace = trace.map_or("NULL".to_owned(), |trace| format!("'{trace}'"));
    format!(
        "INSERT INTO outbox (day, event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type,
                             payload, trace_context, created_at)
         VALUES ((now() AT TIME ZONE 'UTC')::date, '{}', '{}', '{}', '{}', {}, '{}', '{}', {trace}, '{}');",
        event.id,
        event.organization_id,
        event.kind.code(),
        event.aggregate_id,
        event.sequence,
        event.event_type,
        event.data,
        event.occurred_at
    )
}

#[async_trait]
impl BrokerUnderTest for Log {
    fn source(&self) -> &dyn EventSource {
        &self.source
    }

    async fn publish(&self, events: &[LoggedEvent]) {
        let insertions: String = events.iter().map(insertion).collect();
        self.admin.run(&insertions).await;
        let unplaced =
            "SELECT (SELECT count(*) FROM outbox) - (SELECT count(*) FROM event_positions)";
        wait_until("they have their positions", || async {
            // Fails over connections that have broken.
            let advanced = sequencer(&self.world).advance(100_000).await;
            advanced.is_ok() && self.admin.value::<i64>(unplaced).await == 0
        })
        .await;
    }

    /// Other tests use the server, so only the connections break.
    async fn restart(&self) {
        for back_end in self.admin.back_ends().await {
            let ending = format!("SELECT pg_terminate_backend({back_end})");
            self.admin.value::<bool>(&ending).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_does_what_a_broker_has_to() {
    let world = World::new().await;
    let log = Log {
        admin: world.admin().await,
        source: source(&world),
        world,
    };
    let ids = log.world.ids.clone();

    hold_broker_to_its_contract(&log, move || ids.new_id()).await;
}
