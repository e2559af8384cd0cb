//! A ledger in memory, for those who check it.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, TransferId},
    ledger::Entry,
};
use futures_util::{StreamExt as _, stream};
use uuid::Uuid;

use super::chain_record;
use crate::{
    ledger::{ChainBlock, ChainRecord, blocks_of},
    ports::{
        ChainSnapshot, LedgerSnapshot, StorageError, Stored, StoredAccount, StoredEntry,
        StoredReceivables, StoredStanding, StoredTransfer,
    },
};

/// What is stored. Each stream gives what is in it in the order that it has to be in.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger {
    /// The pages.
    pub standings: Vec<StoredStanding>,
    /// The entries.
    pub entries: Vec<StoredEntry>,
    /// The transfers.
    pub transfers: Vec<StoredTransfer>,
    /// The same for the chain.
    pub records: Vec<ChainRecord>,
    /// The chain.
    pub blocks: Vec<ChainBlock>,
    /// What customers owe.
    pub receivables: Vec<StoredReceivables>,
}

impl MemoryLedger {
    /// So many transfers of 5 EUR between two accounts, which keep all promises.
    pub fn with_transfers(count: u128) -> Self {
        let records: Vec<_> = (0..count).map(|number| chain_record(1, number)).collect();
        let mut ledger = Self {
            blocks: blocks_of(&records, &BTreeMap::new()),
            transfers: records.iter().map(transfer).collect(),
            entries: records.iter().flat_map(entries).collect(),
            ..Self::default()
        };
        ledger
            .standings
            .extend(records.last().into_iter().flat_map(|last| {
                [
                    standing(last, &last.source),
                    standing(last, &last.destination),
                ]
            }));
        ledger.records = records;
        ledger
    }
}

fn account() -> StoredAccount {
    StoredAccount {
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(1)),
        currency: "EUR".to_owned(),
    }
}

fn standing(record: &ChainRecord, last: &Entry) -> StoredStanding {
    StoredStanding {
        folio: last.folio,
        organization_id: record.organization_id,
        currency: record.currency.clone(),
        account: Some(account()),
        overdraft_limit_minor: Some(10_000_000),
        balance_minor: last.balance_after_minor,
        held_minor: 0,
        pending_holds_minor: 0,
        last_sequence: last.sequence,
    }
}

fn entries(record: &ChainRecord) -> [StoredEntry; 2] {
    [record.source, record.destination].map(|entry| StoredEntry {
        entry,
        transfer_id: record.id,
        created_at: record.created_at,
    })
}

fn transfer(record: &ChainRecord) -> StoredTransfer {
    StoredTransfer {
        organization_id: record.organization_id,
        id: record.id,
        source: record.source.folio,
        source_sequence: record.source.sequence,
        source_account: Some(account()),
        destination: record.destination.folio,
        destination_sequence: record.destination.sequence,
        destination_account: Some(account()),
        amount_minor: record.amount_minor,
        currency: record.currency.clone(),
        created_at: record.created_at,
        is_due_in_chain: true,
    }
}

fn in_order<'s, T: Clone + Send + 's, K: Ord>(items: &[T], key: impl Fn(&T) -> K) -> Stored<'s, T> {
    let mut items = items.to_vec();
    items.sort_by_key(key);
    stream::iter(items.into_iter().map(Ok)).boxed()
}

#[async_trait]
impl LedgerSnapshot for MemoryLedger {
    async fn entry_count(&self) -> Result<u64, StorageError> {
        Ok(u64::try_from(self.entries.len()).unwrap_or(u64::MAX))
    }

    fn standings(&self) -> Stored<'_, StoredStanding> {
        in_order(&self.standings, |it| it.folio)
    }

    fn entries_by_folio(&self) -> Stored<'_, StoredEntry> {
        in_order(&self.entries, |it| (it.entry.folio, it.entry.sequence))
    }

    fn transfers(&self) -> Stored<'_, StoredTransfer> {
        in_order(&self.transfers, |it| it.id)
    }

    fn entries_by_transfer(&self) -> Stored<'_, StoredEntry> {
        in_order(&self.entries, |it| it.transfer_id)
    }

    fn receivables(&self) -> Stored<'_, StoredReceivables> {
        in_order(&self.receivables, |it| {
            (it.organization_id, it.currency.clone())
        })
    }
}

#[async_trait]
impl ChainSnapshot for MemoryLedger {
    fn chained_transfers(&self) -> Stored<'_, (TransferId, OrganizationId)> {
        let links = self.blocks.iter().flat_map(|block| {
            let ids = block.transfer_ids.iter();
            ids.map(|id| (*id, block.organization_id))
        });
        in_order(&links.collect::<Vec<_>>(), |link| *link)
    }

    fn blocks(&self) -> Stored<'_, ChainBlock> {
        in_order(&self.blocks, |it| (it.organization_id, it.block))
    }

    async fn records(
        &self,
        wanted: &[(OrganizationId, TransferId)],
    ) -> Result<Vec<Option<ChainRecord>>, StorageError> {
        let by_key = self
            .records
            .iter()
            .map(|it| ((it.organization_id, it.id), it));
        let by_key: HashMap<_, _> = by_key.collect();
        let find = |key| by_key.get(key).copied().cloned();
        Ok(wanted.iter().map(find).collect())
    }
}
