//! Stored users.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, UserId},
    wallets::{User, UserFacts, Username},
};

use super::StorageError;

/// What became of a new user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserInserted {
    /// It is stored.
    Stored,
    /// Nothing was written: the username is another user's, or was.
    UsernameTaken,
    /// Nothing was written: the national id is that of another user who is not closed.
    NationalIdTaken,
}

/// The users, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait UserRepository: Send {
    /// Finds one that is not closed and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<Option<User>, StorageError>;

    /// Stores a new one. Usernames are never given twice: MUST be refused also when a closed user has had it.
    async fn insert(&mut self, user: &User) -> Result<UserInserted, StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, user: &User) -> Result<(), StorageError>;
}

/// The users, for reading: closed ones as well.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait UserQueries: Send + Sync {
    /// Finds one.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<Option<Arc<UserFacts>>, StorageError>;

    /// Finds the one of this name.
    async fn find_by_username(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Result<Option<Arc<UserFacts>>, StorageError>;
}
