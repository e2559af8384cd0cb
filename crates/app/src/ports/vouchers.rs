//! Stored campaigns, vouchers and redemptions.
//!
//! How much was redeemed is counted where a limit needs it, and nowhere else: what has no limit makes nobody wait. Counting
//! begins when a limit does, from the redemptions that there are ([`CampaignRepository::recount`]).

use std::collections::HashSet;

use async_trait::async_trait;
use domain::{
    ids::{CampaignId, InvoiceId, OrganizationId, VoucherId},
    vouchers::{
        Campaign, CampaignFacts, CampaignStatus, Cap, Counts, Holder, Limits, Reason, Redemption,
        RedemptionFacts, Voucher, VoucherCode, VoucherFacts, VoucherStatus,
    },
};

use super::{StorageError, Written};
use crate::paging::{Listing, Window};

/// A voucher with its campaign, and how much was redeemed of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherStanding {
    /// The campaign.
    pub campaign: CampaignFacts,
    /// The voucher.
    pub voucher: VoucherFacts,
    /// What was redeemed where that is limited; whether the customer is blocked. That the voucher is applied already is not
    /// told here.
    pub counts: Counts,
}

/// What a redemption adds to the counts, and up to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherClaim {
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// The limits of the campaign.
    pub limits: Limits,
    /// The voucher, and how often it can be redeemed.
    pub voucher: (VoucherId, Option<Cap>),
    /// The names of the customer.
    pub holder: Vec<String>,
    /// How much, in minor units.
    pub amount_minor: i64,
}

/// Campaigns, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait CampaignRepository: Send {
    /// Finds one, as it is for whoever issues vouchers of it. MUST keep it from changing until the transaction ends, and MUST NOT
    /// keep others from issuing or redeeming.
    async fn find(
        &mut self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignFacts>, StorageError>;

    /// Finds one. MUST wait for redemptions of its vouchers that are under way, and keep others from beginning until the
    /// transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<Campaign>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, campaign: &Campaign) -> Result<(), StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, campaign: &Campaign) -> Result<(), StorageError>;

    /// Counts anew what was redeemed of one that is held by [`Self::find_for_update`] or [`VoucherRepository::find_for_update`].
    async fn recount(&mut self, id: CampaignId) -> Result<(), StorageError>;
}

/// Vouchers, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherRepository: Send {
    /// Finds one to be redeemed by somebody. MUST keep it and its campaign from changing until the transaction ends, and MUST
    /// NOT keep others from redeeming.
    async fn find_for_redeeming(
        &mut self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        holder: &Holder,
    ) -> Result<Option<VoucherStanding>, StorageError>;

    /// Finds one. MUST wait for redemptions of its campaign that are under way, and keep others from beginning until the
    /// transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        code: &VoucherCode,
    ) -> Result<Option<Voucher>, StorageError>;

    /// Stores a new one, unless its code is another's.
    async fn insert(&mut self, voucher: &Voucher) -> Result<Written, StorageError>;

    /// Stores many new ones, but for those whose code is another's, and tells which it has stored.
    async fn insert_all(
        &mut self,
        vouchers: &[Voucher],
    ) -> Result<HashSet<VoucherId>, StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, voucher: &Voucher) -> Result<(), StorageError>;
}

/// Redemptions, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait RedemptionRepository: Send {
    /// Counts a redemption, unless a limit would be passed: then it tells which one. What was counted before a limit refused
    /// stays counted: the caller MUST NOT commit then. MUST be exact whatever happens at the same time.
    async fn claim(&mut self, claim: &VoucherClaim) -> Result<Option<Reason>, StorageError>;

    /// Counts that a redemption is for more or less than before, and by whom it is, unless a limit would be passed. Otherwise
    /// the same; but where it is by the same as before, nothing MUST be counted that is refused.
    async fn adjust(
        &mut self,
        before: &RedemptionFacts,
        after: &VoucherClaim,
    ) -> Result<Option<Reason>, StorageError>;

    /// Takes a redemption out of the counts. MUST NOT meet a recount.
    async fn give_back(&mut self, redemption: &RedemptionFacts) -> Result<(), StorageError>;

    /// The ones that take something off an invoice, in the order in which they came; locked.
    async fn list_of_invoice(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<Vec<Redemption>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, redemption: &Redemption) -> Result<(), StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, redemption: &Redemption) -> Result<(), StorageError>;
}

/// Which campaigns. What is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignFilter {
    /// That stand there.
    pub status: Option<CampaignStatus>,
}

/// Which vouchers. What is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VoucherFilter {
    /// Of this campaign.
    pub campaign_id: Option<CampaignId>,
    /// That stand there.
    pub status: Option<VoucherStatus>,
}

/// Campaigns and vouchers, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherQueries: Send + Sync {
    /// Finds a campaign.
    async fn find_campaign(
        &self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignFacts>, StorageError>;

    /// Lists campaigns, newest first.
    async fn list_campaigns(
        &self,
        organization_id: OrganizationId,
        filter: &CampaignFilter,
        window: Window,
    ) -> Result<Listing<CampaignFacts>, StorageError>;

    /// Finds a voucher by its code.
    async fn find(
        &self,
        organization_id: OrganizationId,
        code: &VoucherCode,
    ) -> Result<Option<VoucherFacts>, StorageError>;

    /// Lists vouchers, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &VoucherFilter,
        window: Window,
    ) -> Result<Listing<VoucherFacts>, StorageError>;

    /// Finds a voucher with all that decides whether somebody can redeem it.
    async fn find_standing(
        &self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        holder: &Holder,
    ) -> Result<Option<VoucherStanding>, StorageError>;
}
