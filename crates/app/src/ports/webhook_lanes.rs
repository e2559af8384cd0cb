//! Lanes: what is due, by endpoint. Whoever holds a lane is the only one who sends to its endpoint.

use async_trait::async_trait;
use domain::{
    ids::WebhookId,
    version::Version,
    webhooks::{Delivery, SigningSecrets, WebhookUrl},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::StorageError;
use domain::ids::OrganizationId;

/// How lanes are claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimTerms {
    /// Who claims.
    pub holder: Uuid,
    /// The time.
    pub now: Timestamp,
    /// Until when the lanes are held if nobody lets go of them.
    pub until: Timestamp,
    /// How many at most of those whose endpoint answers well, or has not been asked.
    pub well: usize,
    /// How many at most of those whose endpoint has failed the last time.
    pub ailing: usize,
    /// How many deliveries of each.
    pub parcels: usize,
}

/// Where the parcels of a lane go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneTarget {
    /// The URL.
    pub url: WebhookUrl,
    /// What they are signed with.
    pub secrets: SigningSecrets,
    /// Of which version of the endpoint this is.
    pub version: Version,
}

/// A delivery with what is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The delivery.
    pub delivery: Delivery,
    /// What is sent.
    pub body: String,
}

/// A lane in somebody's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldLane {
    /// To which endpoint.
    pub webhook_id: WebhookId,
    /// In whose hands.
    pub holder: Uuid,
    /// What had been put into the lane, as a number that grows.
    pub arrivals: i64,
    /// Since when the endpoint had done nothing but fail.
    pub failing_since: Option<Timestamp>,
}

/// A lane with what is due in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedLane {
    /// The lane.
    pub lane: HeldLane,
    /// Whose endpoint it is.
    pub organization_id: OrganizationId,
    /// Where it leads.
    pub target: LaneTarget,
    /// What is due, in the order in which it became so.
    pub parcels: Vec<Parcel>,
}

/// A delivery after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledDelivery {
    /// As it is now.
    pub delivery: Delivery,
    /// How often it had been tried before.
    pub attempts_before: u32,
}

/// What came of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The lane.
    pub lane: HeldLane,
    /// Where it led.
    pub url: WebhookUrl,
    /// What was sent.
    pub deliveries: Vec<SettledDelivery>,
    /// Since when the endpoint has done nothing but fail.
    pub failing_since: Option<Timestamp>,
    /// The time.
    pub now: Timestamp,
}

/// The lanes.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait WebhookLanes: Send + Sync {
    /// Claims lanes in which something is due, those first that wait longest. Each MUST be in one pair of hands at a time
    /// until `terms.until`, and a delivery MUST come as it was settled last. Lanes of disabled endpoints MUST NOT come. The
    /// cost MUST not depend on how much waits.
    async fn claim(&self, terms: ClaimTerms) -> Result<Vec<ClaimedLane>, StorageError>;

    /// Takes note of what was sent, lets go of the lane, and tells whether there is more that is due. A delivery that was
    /// begun anew meanwhile MUST stay so, and an endpoint that was, too: what came of its former self MUST NOT count
    /// against it.
    async fn settle(&self, settlement: &Settlement) -> Result<bool, StorageError>;

    /// Forgets some deliveries that were made before an instant, and tells whether there may be more.
    async fn forget(&self, before: Timestamp) -> Result<bool, StorageError>;
}
