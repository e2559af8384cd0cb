//! Gauges that are read when somebody asks for them.

use std::sync::Arc;

use metrics::{Unit, describe_gauge, gauge};

use app::ledger::WaitingTransfers;

use super::Core;
use crate::metrics::Gauges;

const CONNECTIONS_MAX: &str = "database_pool_connections_max";
const CONNECTIONS: &str = "database_pool_connections";
const IDLE: &str = "database_pool_connections_idle";
const WAITING: &str = "database_pool_waiting";
const TRANSFERS_WAITING: &str = "ledger_transfers_waiting";
const REDIS_CONNECTIONS: &str = "redis_pool_connections";

/// Those of the core, and of the posting engine where there is one.
pub(crate) fn gauges(core: &Core, transfers: Option<WaitingTransfers>) -> Gauges {
    describe();
    let (database, redis) = (core.database.clone(), core.redis.clone());
    Arc::new(move || {
        let pool = database.pool_status();
        set(CONNECTIONS_MAX, pool.size_max);
        set(CONNECTIONS, pool.size);
        set(IDLE, pool.idle);
        set(WAITING, pool.waiting);
        if let Some(transfers) = &transfers {
            set(TRANSFERS_WAITING, transfers.count());
        }
        if let Some(redis) = &redis {
            set(REDIS_CONNECTIONS, redis.connections());
        }
    })
}

fn describe() {
    describe_gauge!(
        CONNECTIONS_MAX,
        Unit::Count,
        "The most connections to the database"
    );
    describe_gauge!(CONNECTIONS, Unit::Count, "Connections to the database");
    describe_gauge!(
        IDLE,
        Unit::Count,
        "Connections to the database that nobody uses"
    );
    describe_gauge!(
        WAITING,
        Unit::Count,
        "Callers that wait for a connection to the database"
    );
    describe_gauge!(
        TRANSFERS_WAITING,
        Unit::Count,
        "Transfers that wait for the posting engine, or that it is posting"
    );
    describe_gauge!(REDIS_CONNECTIONS, Unit::Count, "Connections to Redis");
}

fn set(name: &'static str, count: usize) {
    // Counts of connections and of what waits fit into 32 bits, which a float holds exactly.
    gauge!(name).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
}
