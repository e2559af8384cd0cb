//! The use cases of the ledger.

use std::sync::Arc;

use app::{
    ledger::{ChangeAccountHandler, OpenAccountHandler, PostingEngine, ReverseTransferHandler},
    ports::{
        AccountQueries, Clock, EntryQueries, HoldQueries, IdGenerator, InvariantQueries,
        TransferQueries, TrialBalanceQueries,
    },
};

use super::HoldUseCases;

/// What can be done with the ledger.
#[derive(Clone)]
pub struct LedgerUseCases {
    /// Posts transfers.
    pub engine: PostingEngine,
    /// Opens accounts.
    pub open_account: Arc<OpenAccountHandler>,
    /// Changes accounts.
    pub change_account: Arc<ChangeAccountHandler>,
    /// Takes transfers back.
    pub reverse: Arc<ReverseTransferHandler>,
    /// Reserves money.
    pub holds: HoldUseCases,
    /// Reads accounts.
    pub accounts: Arc<dyn AccountQueries>,
    /// Reads their entries.
    pub entries: Arc<dyn EntryQueries>,
    /// Reads transfers.
    pub transfers: Arc<dyn TransferQueries>,
    /// Sums all accounts up.
    pub trial_balances: Arc<dyn TrialBalanceQueries>,
    /// Tells whether the ledger keeps its promises.
    pub invariants: Arc<dyn InvariantQueries>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
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
