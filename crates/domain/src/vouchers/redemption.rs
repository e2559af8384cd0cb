//! The redemption aggregate: one use of a voucher.

use jiff::Timestamp;

use super::{Holder, RedemptionEvent, VoucherCode};
use crate::{
    ids::{AccountId, CampaignId, InvoiceId, OrganizationId, RedemptionId, TransferId, VoucherId},
    values::Currency,
    version::Version,
};

/// What a voucher was redeemed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedemptionTarget {
    /// A draft, off which it takes something.
    Invoice(InvoiceId),
    /// An account, to which it brings money by a transfer.
    Account(AccountId, TransferId),
}

/// A use of a voucher that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRedemption {
    /// Of which voucher.
    pub voucher_id: VoucherId,
    /// Its code.
    pub code: VoucherCode,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// On what.
    pub target: RedemptionTarget,
    /// By whom.
    pub holder: Holder,
    /// For how much, in minor units.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
}

/// All that is stored of a redemption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedemptionFacts {
    /// Which one.
    pub id: RedemptionId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What was redeemed.
    pub use_of: NewRedemption,
    /// When.
    pub redeemed_at: Timestamp,
    /// When it was taken back, if it was: it counts no more.
    pub released_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl RedemptionFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// A redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Redemption {
    facts: RedemptionFacts,
    events: Vec<RedemptionEvent>,
}

impl Redemption {
    /// Redeems a voucher.
    pub fn redeem(
        id: RedemptionId,
        organization_id: OrganizationId,
        use_of: NewRedemption,
        now: Timestamp,
    ) -> Self {
        let facts = RedemptionFacts {
            id,
            organization_id,
            use_of,
            redeemed_at: now,
            released_at: None,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![RedemptionEvent::Redeemed(Box::new(facts.clone()))],
            facts,
        }
    }

    /// Rebuilds a stored one. For storage adapters only: no rule is checked.
    pub const fn restore(facts: RedemptionFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Takes it back. One that was taken back stays so.
    pub fn release(&mut self, now: Timestamp) {
        if self.facts.released_at.is_some() {
            return;
        }
        self.facts.released_at = Some(now);
        self.touch(now);
        let facts = Box::new(self.facts.clone());
        self.events.push(RedemptionEvent::Released(facts));
    }

    /// Takes note that the draft has changed: how much comes off it now, and whose it is.
    pub fn restate(&mut self, amount_minor: i64, holder: Holder, now: Timestamp) {
        let from_minor = self.facts.use_of.amount_minor;
        if from_minor == amount_minor && self.facts.use_of.holder == holder {
            return;
        }
        self.facts.use_of.amount_minor = amount_minor;
        self.facts.use_of.holder = holder;
        self.touch(now);
        self.events.push(RedemptionEvent::Restated {
            redemption: Box::new(self.facts.clone()),
            from_minor,
        });
    }

    /// What is known of it.
    pub const fn facts(&self) -> &RedemptionFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<RedemptionEvent> {
        std::mem::take(&mut self.events)
    }

    fn touch(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
    }
}
