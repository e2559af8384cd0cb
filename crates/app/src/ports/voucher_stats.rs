//! What was redeemed of campaigns, and what can still be.

use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId},
    values::Currency,
    vouchers::{CampaignFacts, Cap, Counts, Holder, VoucherFacts},
};
use jiff::Timestamp;

use super::StorageError;

/// What a campaign has given in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// The currency.
    pub currency: Currency,
    /// How many redemptions stand.
    pub redeemed: i64,
    /// How many were taken back.
    pub released: i64,
    /// How much those that stand give, in minor units.
    pub value_minor: i64,
}

/// How a campaign does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignStats {
    /// The campaign.
    pub campaign: CampaignFacts,
    /// How many vouchers it has.
    pub issued: i64,
    /// What it has given, a row for each currency.
    pub given: Vec<Given>,
}

impl CampaignStats {
    /// Those of a campaign of which nothing is known but that it is there.
    pub const fn of_new(campaign: CampaignFacts) -> Self {
        Self {
            campaign,
            issued: 0,
            given: Vec::new(),
        }
    }

    /// How many redemptions stand.
    pub fn redeemed(&self) -> i64 {
        self.given.iter().map(|it| it.redeemed).sum()
    }

    /// How many were taken back.
    pub fn released(&self) -> i64 {
        self.given.iter().map(|it| it.released).sum()
    }

    /// How many redemptions are left, all codes together; `None` where there is no limit. What was redeemed before a limit was set
    /// may be more than it.
    pub fn redemptions_left(&self) -> Option<i64> {
        let most = self.campaign.terms.limits.redemptions?;
        Some((most.get() - self.redeemed()).max(0))
    }

    /// What is left of the budget, in minor units of its currency; `None` where there is no budget. What was redeemed before a
    /// budget was set may be more than it.
    pub fn budget_left_minor(&self) -> Option<i64> {
        let terms = &self.campaign.terms;
        let is_its = |it: &&Given| Some(it.currency) == terms.currency;
        let spent = self
            .given
            .iter()
            .find(is_its)
            .map_or(0, |it| it.value_minor);
        let budget = terms.limits.budget?;
        Some((budget.get() - spent).max(0))
    }
}

/// Who asks for vouchers, and for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferQuery {
    /// The currency of the total.
    pub currency: Currency,
    /// When.
    pub now: Timestamp,
    /// Who.
    pub holder: Holder,
}

/// A campaign whose vouchers may give something, and how much was redeemed of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignStanding {
    /// The campaign.
    pub campaign: CampaignFacts,
    /// What was redeemed of it, all codes together, and by whoever asks.
    pub counts: Counts,
}

/// A campaign whose vouchers are wanted, and how often each can be redeemed that does not say so itself.
pub type OpenCampaign = (CampaignId, Option<Cap>);

/// How campaigns do, for reading: a little behind what was committed.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherStatsQueries: Send + Sync {
    /// How a campaign does, once it is known.
    async fn find_stats(
        &self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignStats>, StorageError>;

    /// Campaigns that go on at the time and go with the currency, newest first; at most `limit`, those before `before`. How often
    /// somebody has redeemed and whether one is blocked MUST be as it is now.
    async fn list_standings(
        &self,
        organization_id: OrganizationId,
        query: &OfferQuery,
        before: Option<CampaignId>,
        limit: i64,
    ) -> Result<Vec<CampaignStanding>, StorageError>;

    /// Vouchers of these campaigns that are enabled and not used up, in the order of the campaigns, those first that were
    /// redeemed least; at most `limit`.
    async fn list_open(
        &self,
        organization_id: OrganizationId,
        campaigns: &[OpenCampaign],
        limit: i64,
    ) -> Result<Vec<VoucherFacts>, StorageError>;
}
