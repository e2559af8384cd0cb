//! The block aggregate: somebody who may not redeem vouchers.

use jiff::Timestamp;

use super::{BlockEvent, Blocked};
use crate::{
    ids::{OrganizationId, VoucherBlockId},
    values::Metadata,
    version::Version,
};

/// All that is stored of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFacts {
    /// Which one.
    pub id: VoucherBlockId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Who is blocked: a name of a [`super::Holder`].
    pub name: String,
    /// The client's own notes.
    pub metadata: Metadata,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl BlockFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// A block.
#[derive(Debug, Clone, PartialEq)]
pub struct VoucherBlock {
    facts: BlockFacts,
    events: Vec<BlockEvent>,
}

impl VoucherBlock {
    /// Blocks somebody.
    pub fn block(
        id: VoucherBlockId,
        organization_id: OrganizationId,
        (who, metadata): (&Blocked, Metadata),
        now: Timestamp,
    ) -> Self {
        let facts = BlockFacts {
            id,
            organization_id,
            name: who.name(),
            metadata,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![BlockEvent::Created(facts.clone())],
            facts,
        }
    }

    /// Rebuilds a stored one. For storage adapters only: no rule is checked.
    pub const fn restore(facts: BlockFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Ends it: whoever was blocked redeems again.
    pub fn lift(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        self.events.push(BlockEvent::Lifted(self.facts.clone()));
    }

    /// What is known of it.
    pub const fn facts(&self) -> &BlockFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<BlockEvent> {
        std::mem::take(&mut self.events)
    }
}
