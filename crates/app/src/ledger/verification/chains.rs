//! The chains, recomputed.

use domain::ids::{OrganizationId, TransferId};
use futures_util::TryStreamExt as _;

use super::{Findings, Heard, Promise, Verification};
use crate::{
    ledger::{ChainBlock, ChainHash, ChainRecord, ChainTip},
    ports::{LedgerSnapshot, StorageError},
};

/// How many transfers are looked up together, at least.
const TOGETHER: usize = 2_000;

/// Goes through all blocks.
pub(super) async fn check(
    snapshot: &dyn LedgerSnapshot,
    heard: Heard<'_>,
    verification: &mut Verification,
) -> Result<(), StorageError> {
    let mut stream = snapshot.blocks();
    let mut chain = Chain::default();
    let mut blocks: Vec<ChainBlock> = Vec::new();
    let mut wanted: Vec<(OrganizationId, TransferId)> = Vec::new();
    loop {
        let block = stream.try_next().await?;
        let is_last = block.is_none();
        if let Some(block) = block {
            let ids = block.transfer_ids.iter();
            wanted.extend(ids.map(|id| (block.organization_id, *id)));
            blocks.push(block);
        }
        if is_last || wanted.len() >= TOGETHER {
            let mut records = snapshot.records(&wanted).await?.into_iter();
            for block in blocks.drain(..) {
                heard(u64::try_from(block.transfer_ids.len()).unwrap_or_default());
                chain.add(&block, records.by_ref(), &mut verification.findings);
                note(&mut verification.tips, block.organization_id, chain.tip);
            }
            wanted.clear();
        }
        if is_last {
            return Ok(());
        }
    }
}

/// Blocks come chain by chain, each in its order.
fn note(tips: &mut Vec<(OrganizationId, ChainTip)>, owner: OrganizationId, tip: ChainTip) {
    match tips.last_mut() {
        Some((of, last)) if *of == owner => *last = tip,
        Some(_) | None => tips.push((owner, tip)),
    }
}

/// The chain of one organization so far.
struct Chain {
    organization_id: Option<OrganizationId>,
    tip: ChainTip,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            organization_id: None,
            tip: ChainTip::START,
        }
    }
}

impl Chain {
    /// Adds a block with the transfers that it names. Of each, all that was read is taken from `records`.
    fn add(
        &mut self,
        block: &ChainBlock,
        records: &mut impl Iterator<Item = Option<ChainRecord>>,
        findings: &mut Findings,
    ) {
        let owner = block.organization_id;
        if self.organization_id.replace(owner) != Some(owner) {
            self.tip = ChainTip::START;
        }
        let number = block.block;
        let follows = self.tip.block.checked_add(1) == Some(number);
        findings.expect(Promise::ChainIsUnbroken, follows, || {
            let before = self.tip.block;
            format!("the chain of organization {owner}: block {number} comes after block {before}")
        });
        self.tip.block = number;
        let hashes = block.hashes.chunks_exact(ChainHash::LENGTH);
        let is_whole = block.hashes.len() == block.transfer_ids.len() * ChainHash::LENGTH;
        findings.expect(Promise::ChainIsUnbroken, is_whole, || {
            let (count, length) = (block.transfer_ids.len(), block.hashes.len());
            format!("block {number} of organization {owner}: {count} transfers, {length} bytes of hashes")
        });
        let stored = hashes.map(Some).chain(std::iter::repeat(None));
        for ((id, stored), record) in block.transfer_ids.iter().zip(stored).zip(records) {
            let computed = record.map(|record| self.tip.hash.followed_by(&record));
            let stored = stored
                .and_then(|bytes| bytes.try_into().ok())
                .map(ChainHash);
            let agrees = computed.is_some() && computed == stored;
            findings.expect(Promise::ChainIsUnbroken, agrees, || {
                let what = match computed {
                    Some(computed) => format!("hashes to {computed:x}"),
                    None => "or an entry of it is not there".to_owned(),
                };
                let stored = stored.map_or_else(|| "nothing".to_owned(), |it| format!("{it:x}"));
                format!("block {number} of organization {owner}: transfer {id} {what}, the chain has {stored}")
            });
            // What comes after a changed transfer is compared with what was chained, so that it is not found as well.
            self.tip.hash = stored.or(computed).unwrap_or(self.tip.hash);
        }
    }
}
