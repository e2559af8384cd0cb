//! The chain in blocks, as it is stored.

use std::collections::BTreeMap;

use domain::ids::{OrganizationId, TransferId};

use super::{ChainHash, ChainRecord};

/// The most transfers in a block.
pub const BLOCK_MAX: usize = 1_000;

/// Where the chain of an organization ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainTip {
    /// The number of the last block; 0 when there is none.
    pub block: i64,
    /// The last hash.
    pub hash: ChainHash,
}

impl ChainTip {
    /// Of an organization without transfers.
    pub const START: Self = Self {
        block: 0,
        hash: ChainHash::BEFORE_ALL,
    };
}

/// Some transfers of an organization, in the order in which their transactions began to write, which none that was committed
/// before another began can break; and their hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainBlock {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which block, counted from 1.
    pub block: i64,
    /// The transfers.
    pub transfer_ids: Vec<TransferId>,
    /// [`ChainHash::LENGTH`] bytes for each of them.
    pub hashes: Vec<u8>,
}

/// Adds transfers, in the order of their transactions, to the chains that end at these tips.
pub fn blocks_of(
    records: &[ChainRecord],
    tips: &BTreeMap<OrganizationId, ChainTip>,
) -> Vec<ChainBlock> {
    let mut by_owner: BTreeMap<OrganizationId, Vec<&ChainRecord>> = BTreeMap::new();
    for record in records {
        by_owner
            .entry(record.organization_id)
            .or_default()
            .push(record);
    }
    let mut blocks = Vec::new();
    for (organization_id, records) in by_owner {
        let mut tip = *tips.get(&organization_id).unwrap_or(&ChainTip::START);
        for records in records.chunks(BLOCK_MAX) {
            tip.block += 1;
            let mut hashes = Vec::with_capacity(records.len() * ChainHash::LENGTH);
            for record in records {
                tip.hash = tip.hash.followed_by(record);
                hashes.extend_from_slice(&tip.hash.0);
            }
            blocks.push(ChainBlock {
                organization_id,
                block: tip.block,
                transfer_ids: records.iter().map(|record| record.id).collect(),
                hashes,
            });
        }
    }
    blocks
}
