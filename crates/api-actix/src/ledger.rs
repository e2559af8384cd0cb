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
mod rejection;
mod reverse_transfer;
mod transfer_body;
mod transfer_fields;
mod withdraw;

use std::sync::Arc;

pub(crate) use self::{
    transfer_body::TransferBody,
    transfer_fields::{new_details, show_single},
};

use app::{
    ledger::{ChangeAccountHandler, OpenAccountHandler, PostingEngine, ReverseTransferHandler},
    ports::{
        AccountQueries, Clock, EntryQueries, HoldQueries, IdGenerator, InvariantQueries,
        TransferQueries, TrialBalanceQueries,
    },
};
use domain::ids::AccountId;
use utoipa_actix_web::service_config::ServiceConfig;

use self::holds::HoldUseCases;
use crate::problem::{Problem, catalogue::NOT_FOUND};

/// What can be done with the ledger.
pub struct LedgerUseCases {
    pub(crate) engine: PostingEngine,
    pub(crate) open_account: Arc<OpenAccountHandler>,
    pub(crate) change_account: Arc<ChangeAccountHandler>,
    pub(crate) reverse: Arc<ReverseTransferHandler>,
    pub(crate) holds: HoldUseCases,
    pub(crate) accounts: Arc<dyn AccountQueries>,
    pub(crate) entries: Arc<dyn EntryQueries>,
    pub(crate) transfers: Arc<dyn TransferQueries>,
    pub(crate) trial_balances: Arc<dyn TrialBalanceQueries>,
    pub(crate) invariants: Arc<dyn InvariantQueries>,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What can be read of the ledger.
pub struct LedgerQueries {
    /// The accounts.
    pub accounts: Arc<dyn AccountQueries>,
    /// Their entries.
    pub entries: Arc<dyn EntryQueries>,
    /// The holds.
    pub holds: Arc<dyn HoldQueries>,
    /// The transfers.
    pub transfers: Arc<dyn TransferQueries>,
    /// What all accounts come to.
    pub trial_balances: Arc<dyn TrialBalanceQueries>,
    /// What tells whether the ledger keeps its promises.
    pub invariants: Arc<dyn InvariantQueries>,
}

impl LedgerUseCases {
    /// The use cases over these ports.
    pub fn new(
        engine: PostingEngine,
        queries: LedgerQueries,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn IdGenerator>,
    ) -> Self {
        let holds = HoldUseCases::new(queries.holds, clock, ids);
        let (clock, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            engine,
            open_account: Arc::new(OpenAccountHandler::new(clock(), ids())),
            change_account: Arc::new(ChangeAccountHandler::new(clock(), ids())),
            reverse: Arc::new(ReverseTransferHandler::new(clock(), ids())),
            holds,
            accounts: queries.accounts,
            entries: queries.entries,
            transfers: queries.transfers,
            trial_balances: queries.trial_balances,
            invariants: queries.invariants,
            clock: clock(),
        }
    }
}

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

fn unknown_account(id: AccountId) -> Problem {
    Problem::of(&NOT_FOUND).because(format!("there is no account {id}"))
}

#[cfg(test)]
mod tests;
