//! What queries read of vouchers, as whoever writes it sees it.
//!
//! Everything that is put there is an aggregate as one of its events tells it. What is older than what is there already
//! changes nothing, so that the same may be put there again, and in any order between aggregates.

use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId, RedemptionId, VoucherId},
    values::Currency,
    version::Version,
    vouchers::{CampaignFacts, RedemptionFacts, VoucherCode, VoucherFacts},
};
use jiff::Timestamp;

use super::StorageError;

/// One making of the projections. Queries read one of them; while they are rebuilt there is a second one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation(i32);

impl Generation {
    /// The one of this number.
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn as_i32(self) -> i32 {
        self.0
    }
}

/// Which generations are kept up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generations {
    /// The one that queries read.
    pub live: Generation,
    /// The one that is to take its place.
    pub building: Option<Generation>,
}

impl Generations {
    /// Both of them.
    pub fn all(self) -> Vec<Generation> {
        std::iter::once(self.live).chain(self.building).collect()
    }
}

/// A rebuild that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// What is being built.
    pub generation: Generation,
    /// Of about so many aggregates.
    pub count: u64,
}

/// A redemption, as far as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherUse {
    /// Which one.
    pub id: RedemptionId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// Of which voucher.
    pub voucher_id: VoucherId,
    /// The code of the voucher.
    pub code: VoucherCode,
    /// For how much, in minor units.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
    /// Whether it was taken back.
    pub is_released: bool,
    /// How often it changed.
    pub version: Version,
}

impl From<&RedemptionFacts> for VoucherUse {
    fn from(facts: &RedemptionFacts) -> Self {
        let it = &facts.use_of;
        Self {
            id: facts.id,
            organization_id: facts.organization_id,
            campaign_id: it.campaign_id,
            voucher_id: it.voucher_id,
            code: it.code.clone(),
            amount_minor: it.amount_minor,
            currency: it.currency,
            is_released: facts.released_at.is_some(),
            version: facts.version,
        }
    }
}

/// Aggregates as they are to be seen by queries. None comes twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Projected {
    /// Campaigns.
    pub campaigns: Vec<CampaignFacts>,
    /// Vouchers.
    pub vouchers: Vec<VoucherFacts>,
    /// Redemptions.
    pub uses: Vec<VoucherUse>,
}

impl Projected {
    /// How many there are.
    pub const fn count(&self) -> usize {
        self.campaigns.len() + self.vouchers.len() + self.uses.len()
    }
}

/// Up to where the stored aggregates were read, in the order in which they are: behind this one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredPlace {
    /// Before everything.
    Start,
    /// Campaigns up to this one.
    Campaign(OrganizationId, CampaignId),
    /// All campaigns, and vouchers up to this one.
    Voucher(OrganizationId, VoucherId),
    /// All campaigns and vouchers, and redemptions up to this one.
    Use(OrganizationId, RedemptionId),
}

/// The projections, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherProjection: Send {
    /// Keeps everybody else from writing until the transaction ends, and tells which generations are kept up.
    async fn hold(&mut self) -> Result<Generations, StorageError>;

    /// Puts aggregates into generations that are held. MUST leave alone what is there in the same or a later version.
    async fn put(&mut self, into: &[Generation], seen: &Projected) -> Result<(), StorageError>;

    /// Reads at most `limit` stored aggregates behind a place, of which it tells the next; nothing at the end.
    async fn read_stored(
        &mut self,
        after: StoredPlace,
        limit: i64,
    ) -> Result<(Projected, Option<StoredPlace>), StorageError>;

    /// Begins another generation, which takes the place of one that somebody else may be building.
    async fn begin(&mut self, now: Timestamp) -> Result<Begun, StorageError>;

    /// Notes that somebody goes on with building a generation, and tells whether it is still his to build. MUST hold what
    /// [`Self::hold`] does.
    async fn go_on(&mut self, built: Generation, now: Timestamp) -> Result<bool, StorageError>;

    /// Ends building a generation. Queries read it from now on, or else it is not kept up any more. Nothing happens when another
    /// one is being built.
    async fn end(&mut self, built: Generation, is_shown: bool) -> Result<(), StorageError>;

    /// Gives up a generation with which nobody went on since this instant. Forgets at most `limit` rows of generations that are
    /// not kept up any more, and tells whether there may be more.
    async fn forget_others(
        &mut self,
        silent_since: Timestamp,
        limit: i64,
    ) -> Result<bool, StorageError>;
}
