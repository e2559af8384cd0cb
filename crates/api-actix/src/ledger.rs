//! The ledger: accounts, and the transfers between them.

mod account_body;
mod account_fields;
mod change_account;
mod deposit;
mod get_account;
mod get_account_balance;
mod get_invariants;
mod get_transfer;
mod get_trial_balance;
mod holds;
mod list_account_transactions;
mod list_accounts;
mod list_transfers;
mod open_account;
mod post_transfer;
mod post_transfers;
mod reverse_transfer;
mod transfer_body;
mod transfer_fields;
mod withdraw;

pub(crate) use self::{transfer_body::TransferBody, transfer_fields::show_single};

use utoipa_actix_web::service_config::ServiceConfig;

/// Paths with a name come before those with an id in the same place.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(open_account::open_account)
        .service(list_accounts::list_accounts)
        .service(get_account::get_account)
        .service(change_account::change_account)
        .service(get_account_balance::get_account_balance)
        .service(list_account_transactions::list_account_transactions)
        .service(deposit::deposit)
        .service(withdraw::withdraw)
        .service(post_transfer::post_transfer)
        .service(post_transfers::post_transfers)
        .service(reverse_transfer::reverse_transfer)
        .service(list_transfers::list_transfers)
        .service(get_transfer::get_transfer)
        .service(get_trial_balance::get_trial_balance)
        .service(get_invariants::get_invariants)
        .configure(holds::endpoints);
}

#[cfg(test)]
mod tests;
