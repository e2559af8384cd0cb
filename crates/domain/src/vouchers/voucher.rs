//! The voucher aggregate.

use jiff::Timestamp;

use super::{Cap, VoucherCode, VoucherEvent};
use crate::{
    ids::{CampaignId, OrganizationId, VoucherId},
    values::{InvalidValue, Metadata},
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

/// What is said of a voucher besides its code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VoucherTerms {
    /// How often it can be redeemed, if not as often as its campaign says.
    pub max_redemptions: Option<Cap>,
    /// The client's own notes.
    pub metadata: Metadata,
}

/// What is to be different about a voucher. `None` keeps what is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VoucherRevision {
    /// Whether it can be redeemed.
    pub status: Option<VoucherStatus>,
    /// How often; `Some(None)` is as often as its campaign says.
    pub max_redemptions: Option<Option<Cap>>,
    /// The client's own notes, all of them.
    pub metadata: Option<Metadata>,
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
    /// How often, and the client's own notes.
    pub terms: VoucherTerms,
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
        self.terms.max_redemptions.or(per_code)
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
        (code, terms): (VoucherCode, VoucherTerms),
        now: Timestamp,
    ) -> Self {
        let facts = VoucherFacts {
            id,
            organization_id,
            campaign_id,
            code,
            status: VoucherStatus::Enabled,
            terms,
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

    /// Changes it, and tells whether it has a limit now that it had not before: then what was redeemed has to be counted.
    pub fn revise(&mut self, revision: VoucherRevision, now: Timestamp) -> bool {
        let terms = &mut self.facts.terms;
        let was_limited = terms.max_redemptions.is_some();
        terms.max_redemptions = revision.max_redemptions.unwrap_or(terms.max_redemptions);
        let begins_to_count = !was_limited && terms.max_redemptions.is_some();
        if let Some(metadata) = revision.metadata {
            terms.metadata = metadata;
        }
        self.facts.status = revision.status.unwrap_or(self.facts.status);
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        self.events.push(VoucherEvent::Updated(self.facts.clone()));
        begins_to_count
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
