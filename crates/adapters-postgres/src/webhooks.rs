//! Webhooks.

mod delivery_row;
mod enqueue;
mod lane_statements;
mod webhook_deliveries;
mod webhook_lanes;
mod webhook_queries;
mod webhook_repository;
mod webhook_row;

use app::ports::StorageError;

pub use webhook_lanes::PgWebhookLanes;
pub use webhook_queries::PgWebhookQueries;

/// One that cannot be read is not in the way of the others: it is told in the log.
fn readable<T>(read: Result<T, StorageError>) -> Option<T> {
    read.inspect_err(|why| {
        let why: &dyn std::error::Error = why;
        tracing::error!(
            error = why,
            "a webhook or a delivery cannot be read, so nothing is sent"
        );
    })
    .ok()
}
