//! Users remembered near at hand.

use std::sync::Arc;

use domain::{
    ids::{OrganizationId, UserId},
    version::Version,
    wallets::{UserFacts, Username},
};

use super::{CacheAnswer, Offer};

/// Remembers users for some minutes, and that there is none for some seconds: with their national ids sealed, as they are
/// stored. In this process, so that nothing waits and nothing fails.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait UserCache: Send + Sync {
    /// What is known of a user.
    fn get(&self, organization_id: OrganizationId, id: UserId) -> CacheAnswer<UserFacts>;

    /// Whose name it is, if that is known. It can be remembered however long: nobody gets the name of another.
    fn id_of(&self, organization_id: OrganizationId, username: &Username) -> Option<UserId>;

    /// Offers a user that was read from storage. MUST be refused as stale when a version above it was announced by
    /// [`UserCache::invalidate`], however late it comes within the time to live; MUST not replace a newer one.
    fn offer(&self, facts: Arc<UserFacts>) -> Offer;

    /// Offers that there is no such user. MUST be refused as stale when any version was announced, or is remembered.
    fn offer_absent(&self, organization_id: OrganizationId, id: UserId) -> Offer;

    /// Announces that a user has reached a version: what is older MUST not be answered any more.
    fn invalidate(&self, organization_id: OrganizationId, id: UserId, version: Version);
}
