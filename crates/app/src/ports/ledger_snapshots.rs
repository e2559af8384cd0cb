//! The whole ledger at one moment, for those who check it.

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, TransferId},
    ledger::{Entry, Folio},
};
use futures_util::stream::BoxStream;
use jiff::Timestamp;

use super::StorageError;
use crate::ledger::{ChainBlock, ChainRecord};

/// Rows as they are stored, one after the other: reading them MUST take little memory, however many they are.
pub type Stored<'s, T> = BoxStream<'s, Result<T, StorageError>>;

/// A page, and what it has to agree with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStanding {
    /// Which page.
    pub folio: Folio,
    /// Whose it says it is.
    pub organization_id: OrganizationId,
    /// What it says it is in.
    pub currency: String,
    /// Its account: whose it is, and what it is in; `None` if there is none.
    pub account: Option<StoredAccount>,
    /// How far below zero it may go, in minor units.
    pub overdraft_limit_minor: Option<i64>,
    /// What it says is on it, in minor units.
    pub balance_minor: i64,
    /// What it says is held, in minor units.
    pub held_minor: i64,
    /// What the pending holds on it come to, in minor units.
    pub pending_holds_minor: i64,
    /// How many entries it says it has.
    pub last_sequence: i64,
}

/// Whose an account is, and what it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    /// Whose.
    pub organization_id: OrganizationId,
    /// The code of its currency.
    pub currency: String,
}

/// An entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry.
    pub entry: Entry,
    /// Of which transfer.
    pub transfer_id: TransferId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A transfer, as far as others have to agree with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTransfer {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which one.
    pub id: TransferId,
    /// The page that it lowers.
    pub source: Folio,
    /// Which entry of it that is.
    pub source_sequence: i64,
    /// The account that it lowers; `None` if it is not there.
    pub source_account: Option<StoredAccount>,
    /// The page that it raises.
    pub destination: Folio,
    /// Which entry of it that is.
    pub destination_sequence: i64,
    /// The account that it raises; `None` if it is not there.
    pub destination_account: Option<StoredAccount>,
    /// By how much, in minor units.
    pub amount_minor: i64,
    /// The code of its currency.
    pub currency: String,
    /// When it was posted.
    pub created_at: Timestamp,
    /// Whether the chains reach as far.
    pub is_due_in_chain: bool,
}

/// What an organization's customers owe, by its ledger and by its invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReceivables {
    /// Whose customers.
    pub organization_id: OrganizationId,
    /// The code of the currency.
    pub currency: String,
    /// The balance of `receivables`, in minor units.
    pub balance_minor: i128,
    /// What is open of the invoices that are sent, viewed or overdue, in minor units.
    pub open_minor: i128,
}

/// Opens the ledger as it is at one moment.
#[async_trait]
pub trait LedgerSnapshots: Send + Sync {
    /// The ledger as it is now. What others write from now on MUST NOT be seen in it, nor wait for it.
    async fn open(&self) -> Result<Box<dyn LedgerSnapshot>, StorageError>;
}

/// The chains at one moment.
#[async_trait]
pub trait ChainSnapshot: Send + Sync {
    /// What the blocks of all chains name, in the order of the ids of the transfers.
    fn chained_transfers(&self) -> Stored<'_, (TransferId, OrganizationId)>;

    /// All blocks, in the order of their organizations and numbers.
    fn blocks(&self) -> Stored<'_, ChainBlock>;

    /// These transfers, in this order; `None` where one or an entry of it is not there.
    async fn records(
        &self,
        wanted: &[(OrganizationId, TransferId)],
    ) -> Result<Vec<Option<ChainRecord>>, StorageError>;
}

/// The ledger at one moment. Each stream is asked for once; several may be read in turns.
#[async_trait]
pub trait LedgerSnapshot: ChainSnapshot + Send + Sync {
    /// How many entries there should be, by the accounts.
    async fn entry_count(&self) -> Result<u64, StorageError>;

    /// All pages, in the order of their folios.
    fn standings(&self) -> Stored<'_, StoredStanding>;

    /// All entries, in the order of their folios and sequences.
    fn entries_by_folio(&self) -> Stored<'_, StoredEntry>;

    /// All transfers, in the order of their ids.
    fn transfers(&self) -> Stored<'_, StoredTransfer>;

    /// All entries, in the order of the ids of their transfers.
    fn entries_by_transfer(&self) -> Stored<'_, StoredEntry>;

    /// What customers owe, where they do by the ledger or by invoices.
    fn receivables(&self) -> Stored<'_, StoredReceivables>;
}
