//! The ledger.

mod deposit;
mod post_transfer;
mod post_transfers;
mod rejection;
mod transfer_body;
mod transfer_fields;
mod withdraw;

use app::ledger::PostingEngine;
use utoipa_actix_web::service_config::ServiceConfig;

/// What can be done with the ledger.
pub struct LedgerUseCases {
    /// Posts transfers.
    pub engine: PostingEngine,
}

/// Paths with a name come before those with an id in the same place.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(post_transfer::post_transfer)
        .service(post_transfers::post_transfers)
        .service(deposit::deposit)
        .service(withdraw::withdraw);
}

#[cfg(test)]
mod tests;
