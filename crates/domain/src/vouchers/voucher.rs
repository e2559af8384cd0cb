//! The voucher aggregate.

use jiff::Timestamp;

use super::{Cap, VoucherCode, VoucherEvent};
use crate::{
    ids::{CampaignId, OrganizationId, VoucherId},
    values::InvalidValue,
    version::Version,
};

/// Whether a voucher can be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoucherStatus {
    /// It can, as far as its campaign goes.
    Enabled,
    /// It cannot.
    Disabled,
}

impl VoucherStatus {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Enabled, Self::Disabled];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "enabled or disabled",
            })
    }
}

/// All that is stored of a voucher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherFacts {
    /// Which one.
    pub id: VoucherId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// What is typed in to redeem it.
    pub code: VoucherCode,
    /// Whether it can be redeemed.
    pub status: VoucherStatus,
    /// How often, if not as often as its campaign says.
    pub max_redemptions: Option<Cap>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl VoucherFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }

    /// How often it can be redeemed, where its campaign says `per_code` of codes that have no limit of their own.
    pub fn cap(&self, per_code: Option<Cap>) -> Option<Cap> {
        self.max_redemptions.or(per_code)
    }
}

/// A voucher.
#[derive(Debug, Clone, PartialEq)]
pub struct Voucher {
    facts: VoucherFacts,
    events: Vec<VoucherEvent>,
}

impl Voucher {
    /// Issues one of a campaign.
    pub fn issue(
        id: VoucherId,
        (organization_id, campaign_id): (OrganizationId, CampaignId),
        (code, max_redemptions): (VoucherCode, Option<Cap>),
        now: Timestamp,
    ) -> Self {
        let facts = VoucherFacts {
            id,
            organization_id,
            campaign_id,
            code,
            status: VoucherStatus::Enabled,
            max_redemptions,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![VoucherEvent::Created(facts.clone())],
            facts,
        }
    }

    /// Rebuilds a stored one. For storage adapters only: no rule is checked.
    pub const fn restore(facts: VoucherFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Changes it.
    pub fn revise(&mut self, status: VoucherStatus, max_redemptions: Option<Cap>, now: Timestamp) {
        self.facts.status = status;
        self.facts.max_redemptions = max_redemptions;
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        self.events.push(VoucherEvent::Updated(self.facts.clone()));
    }

    /// What is known of it.
    pub const fn facts(&self) -> &VoucherFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<VoucherEvent> {
        std::mem::take(&mut self.events)
    }
}
