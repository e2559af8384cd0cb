//! Things with versions remembered near at hand: invoices, users, and whose a name is.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId, UserId},
    version::Version,
    wallets::{UserFacts, Username},
};

use crate::invoicing::InvoiceView;

/// Nobody takes longer than this from reading a thing to offering it: requests end before.
pub const SLOWEST_READER: Duration = Duration::from_mins(1);

/// What an invoice is remembered by.
pub type InvoiceKey = (OrganizationId, InvoiceId);
/// What a user is remembered by.
pub type UserKey = (OrganizationId, UserId);
/// What the holder of a name is remembered by: the name in lower case, see [`username_key`].
pub type UsernameKey = (OrganizationId, String);

/// Remembers invoices.
pub type InvoiceCache = dyn VersionedCache<InvoiceKey, InvoiceView>;
/// Remembers users, with their national ids sealed, as they are stored.
pub type UserCache = dyn VersionedCache<UserKey, UserFacts>;
/// Remembers whose a name is.
pub type UsernameCache = dyn VersionedCache<UsernameKey, NameHolder>;

/// The same for all spellings of a name.
pub fn username_key(organization_id: OrganizationId, username: &Username) -> UsernameKey {
    (organization_id, username.folded())
}

/// Whose a name is. That never changes: nobody gets the name of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameHolder(pub UserId);

/// What has a version, which rises with every change.
pub trait Versioned {
    /// How often it changed.
    fn version(&self) -> Version;
}

impl Versioned for InvoiceView {
    fn version(&self) -> Version {
        Version::new(self.entry.version)
    }
}

impl Versioned for UserFacts {
    fn version(&self) -> Version {
        self.version
    }
}

impl Versioned for NameHolder {
    fn version(&self) -> Version {
        Version::FIRST
    }
}

/// What a cache knows of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheAnswer<V> {
    /// This is it.
    Hit(Arc<V>),
    /// There is none, as of a few seconds ago, or any more.
    Absent,
    /// Not what it is, but that it has reached this version, or is about to.
    Announced(Version),
    /// Nothing is known.
    Miss,
}

/// What became of something offered to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It is remembered.
    Accepted,
    /// It has changed since it was read: read again.
    Stale,
}

/// The cache could not be asked. Never shown to a client: a cache error is a miss.
#[derive(Debug, thiserror::Error)]
#[error("the cache is unavailable")]
pub struct CacheError(#[source] pub Box<dyn std::error::Error + Send + Sync + 'static>);

/// Remembers things of one kind for some minutes, and that there is none for some seconds. A key MUST name the organization.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VersionedCache<K: Send + Sync + 'static, V: Send + Sync + 'static>: Send + Sync {
    /// Whether it outlives this process, and others answer from it: then an announcement that this process does not come
    /// to make is missed by somebody.
    fn is_shared(&self) -> bool;

    /// What is known of a thing.
    async fn get(&self, key: &K) -> Result<CacheAnswer<V>, CacheError>;

    /// Offers a thing that was read from storage. MUST be refused as stale when a version above it was announced by
    /// [`VersionedCache::invalidate`], however late it comes within the time to live; MUST not replace a newer one.
    async fn offer(&self, key: &K, value: Arc<V>) -> Result<Offer, CacheError>;

    /// Offers that there is no such thing, read after [`VersionedCache::get`] told of this announcement, or of none. MUST be
    /// refused as stale when another one was made since, or a thing is remembered. One that was made before is no reason:
    /// there was such a thing then, and whoever finds none afterwards knows that it was deleted.
    async fn offer_absent(&self, key: &K, announced: Option<Version>) -> Result<Offer, CacheError>;

    /// Announces that a thing has reached a version (also by being deleted), or is about to: what is older MUST not be
    /// answered any more, by any instance that shares the cache. When the cache is out of reach, this instance MUST not
    /// answer it either, and goes on trying to tell the others.
    async fn invalidate(&self, key: &K, version: Version);
}
