//! Who is at work on something.

use std::{collections::HashSet, time::Duration};

use async_trait::async_trait;
use uuid::Uuid;

/// Nobody can say who is at work on what. Whoever asked goes on by what storage says: a lease saves work that would be in
/// vain, and decides nothing.
#[derive(Debug, thiserror::Error)]
#[error("leases cannot be taken at the moment")]
pub struct LeasesUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync + 'static>);

/// A piece of a worker's work: what it is about, and on whose behalf.
#[derive(Debug, Clone, Copy)]
pub struct LeaseRequest<'a> {
    /// What is worked on.
    pub work: &'a [Uuid],
    /// Who works on it: a new one for each time that something is taken up.
    pub token: Uuid,
    /// For how long nobody else may, unless it is extended.
    pub lasts: Duration,
}

/// Keeps workers out of each other's way.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait WorkLeases: Send + Sync {
    /// Takes what nobody holds, and tells what it was. Of any number who ask at the same time, at most one MUST get each
    /// piece; whoever holds a piece MUST not get it a second time. A lease that is neither extended nor released MUST be
    /// free after its time, give or take a second, also when its holder is stopped or dead.
    async fn take<'a>(&self, request: LeaseRequest<'a>)
    -> Result<HashSet<Uuid>, LeasesUnavailable>;

    /// Makes leases last from now, and tells which were still held by this token. One that was lost MUST stay lost.
    async fn extend<'a>(
        &self,
        request: LeaseRequest<'a>,
    ) -> Result<HashSet<Uuid>, LeasesUnavailable>;

    /// Lets go of what this token holds. A lease that somebody else holds by now MUST stay theirs.
    async fn release(&self, work: &[Uuid], token: Uuid) -> Result<(), LeasesUnavailable>;
}
