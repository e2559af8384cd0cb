//! The campaign aggregate.

use jiff::Timestamp;

use super::{CampaignEvent, CampaignTerms, Cap, InvalidTerms, Limits};
use crate::{
    ids::{CampaignId, OrganizationId},
    values::{InvalidValue, Metadata, Name},
    version::Version,
};

/// Whether vouchers of a campaign can be redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignStatus {
    /// They can.
    Active,
    /// They cannot for now.
    Paused,
    /// They never can again.
    Ended,
}

impl CampaignStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Paused, Self::Ended];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "one of active, paused, ended",
            })
    }
}

/// It is over for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the campaign has ended")]
pub struct CampaignEnded;

/// Why a campaign was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviseError {
    /// It is over for good.
    #[error(transparent)]
    Ended(#[from] CampaignEnded),
    /// The terms would contradict themselves.
    #[error(transparent)]
    Invalid(#[from] InvalidTerms),
}

/// What is to be different about a campaign. `None` keeps what is there; `Some(None)` takes it away. What its vouchers give
/// does not change: it was promised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignRevision {
    /// Its name.
    pub name: Option<Name>,
    /// The most that comes off at once.
    pub max_discount: Option<Option<Cap>>,
    /// The least total.
    pub min_total: Option<Option<Cap>>,
    /// From when on.
    pub valid_from: Option<Option<Timestamp>>,
    /// Up to when.
    pub valid_until: Option<Option<Timestamp>>,
    /// Times, all codes together.
    pub redemptions: Option<Option<Cap>>,
    /// Times, each code.
    pub per_code: Option<Option<Cap>>,
    /// Times, each customer.
    pub per_customer: Option<Option<Cap>>,
    /// Minor units, all codes together.
    pub budget: Option<Option<Cap>>,
    /// Whether vouchers can be redeemed.
    pub status: Option<CampaignStatus>,
    /// The client's notes, all of them.
    pub metadata: Option<Metadata>,
}

impl CampaignRevision {
    fn terms(&self, old: &CampaignTerms) -> CampaignTerms {
        let limits = old.limits;
        CampaignTerms {
            name: self.name.clone().unwrap_or_else(|| old.name.clone()),
            max_discount: self.max_discount.unwrap_or(old.max_discount),
            min_total: self.min_total.unwrap_or(old.min_total),
            valid_from: self.valid_from.unwrap_or(old.valid_from),
            valid_until: self.valid_until.unwrap_or(old.valid_until),
            limits: Limits {
                redemptions: self.redemptions.unwrap_or(limits.redemptions),
                per_code: self.per_code.unwrap_or(limits.per_code),
                per_customer: self.per_customer.unwrap_or(limits.per_customer),
                budget: self.budget.unwrap_or(limits.budget),
            },
            metadata: self
                .metadata
                .clone()
                .unwrap_or_else(|| old.metadata.clone()),
            ..old.clone()
        }
        .with_defaults()
    }
}

/// All that is stored of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignFacts {
    /// Which one.
    pub id: CampaignId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What it offers.
    pub terms: CampaignTerms,
    /// Whether it goes on.
    pub status: CampaignStatus,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl CampaignFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq)]
pub struct Campaign {
    facts: CampaignFacts,
    events: Vec<CampaignEvent>,
}

impl Campaign {
    /// Begins one: its vouchers can be redeemed as soon as there are some and its time has come.
    pub fn launch(
        id: CampaignId,
        organization_id: OrganizationId,
        terms: CampaignTerms,
        now: Timestamp,
    ) -> Result<Self, InvalidTerms> {
        let terms = terms.with_defaults();
        terms.check()?;
        let facts = CampaignFacts {
            id,
            organization_id,
            terms,
            status: CampaignStatus::Active,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Ok(Self {
            events: vec![CampaignEvent::Created(Box::new(facts.clone()))],
            facts,
        })
    }

    /// Rebuilds a stored one. For storage adapters only: no rule is checked.
    pub const fn restore(facts: CampaignFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Changes it, and tells whether it has limits now that it had not: what was redeemed before counts for them.
    pub fn revise(
        &mut self,
        revision: &CampaignRevision,
        now: Timestamp,
    ) -> Result<bool, ReviseError> {
        if self.facts.status == CampaignStatus::Ended {
            return Err(CampaignEnded.into());
        }
        let terms = revision.terms(&self.facts.terms);
        terms.check()?;
        let before = std::mem::replace(&mut self.facts.terms, terms).limits;
        let after = self.facts.terms.limits;
        let is_new = |old: Option<Cap>, new: Option<Cap>| old.is_none() && new.is_some();
        let begins_to_count = is_new(before.redemptions, after.redemptions)
            || is_new(before.per_code, after.per_code)
            || is_new(before.per_customer, after.per_customer)
            || is_new(before.budget, after.budget);
        self.facts.status = revision.status.unwrap_or(self.facts.status);
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        let facts = Box::new(self.facts.clone());
        self.events.push(CampaignEvent::Updated(facts));
        Ok(begins_to_count)
    }

    /// What is known of it.
    pub const fn facts(&self) -> &CampaignFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<CampaignEvent> {
        std::mem::take(&mut self.events)
    }
}

#[cfg(test)]
mod tests;
