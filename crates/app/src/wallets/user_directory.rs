//! Looking users up.

use std::sync::Arc;

use domain::{
    ids::{OrganizationId, UserId},
    wallets::{UserFacts, Username},
};

use super::ShownUser;
use crate::ports::{PersonalDataSeal, StorageError, UserQueries};

/// Finds users, by their ids and by their names.
#[derive(Clone)]
pub struct UserDirectory {
    queries: Arc<dyn UserQueries>,
    seal: Arc<dyn PersonalDataSeal>,
}

impl UserDirectory {
    /// A directory of these users.
    pub fn new(queries: Arc<dyn UserQueries>, seal: Arc<dyn PersonalDataSeal>) -> Self {
        Self { queries, seal }
    }

    /// A user, closed or not.
    pub async fn find(
        &self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<Option<Arc<UserFacts>>, StorageError> {
        self.queries.find(organization_id, id).await
    }

    /// The user of a name, closed or not.
    pub async fn find_by_username(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Result<Option<Arc<UserFacts>>, StorageError> {
        self.queries
            .find_by_username(organization_id, username)
            .await
    }

    /// What clients are shown of a user.
    pub fn show(&self, facts: &UserFacts) -> Result<ShownUser, StorageError> {
        Ok(ShownUser::of(facts, self.seal.as_ref())?)
    }
}
