//! The users of a transaction.

use std::sync::LazyLock;

use app::ports::{StorageError, UserInserted, UserRepository, Written};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, UserId},
    wallets::User,
};

use super::user_row::{COLUMNS, changes, columns, user_from};
use crate::{columns::Columns, unit_of_work::PgUnitOfWork};

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM users WHERE organization_id = $1 AND id = $2 AND closed_at IS NULL FOR UPDATE"
    )
});

/// Whoever registers the same at the same time is waited for.
const INSERT: &str = "
    INSERT INTO users (id, organization_id, username, username_folded, name, dni_hmac, dni_sealed, account_id, currency,
                       created_at, updated_at, closed_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT DO NOTHING";

const IS_USERNAME_TAKEN: &str = "
    SELECT EXISTS (SELECT FROM users WHERE organization_id = $1 AND username_folded = $2) AS is_taken";

const UPDATE: &str = "
    UPDATE users SET name = $3, updated_at = $4, closed_at = $5, version = $6 WHERE organization_id = $1 AND id = $2";

#[async_trait]
impl UserRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<Option<User>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(user_from).transpose()?;
        Ok(facts.map(User::restore))
    }

    async fn insert(&mut self, user: &User) -> Result<UserInserted, StorageError> {
        let facts = user.facts();
        if self.write(INSERT, &columns(facts)).await? == Written::Stored {
            return Ok(UserInserted::Stored);
        }
        let organization = facts.organization_id.as_uuid();
        let username = facts.registration.username.folded();
        let asked = self
            .query_opt(IS_USERNAME_TAKEN, &[&organization, &username])
            .await?;
        let is_taken = asked.map(|row| Columns::of("user", &row).get("is_taken"));
        Ok(if is_taken.unwrap_or(Ok(false))? {
            UserInserted::UsernameTaken
        } else {
            UserInserted::NationalIdTaken
        })
    }

    async fn update(&mut self, user: &User) -> Result<(), StorageError> {
        self.defer(UPDATE, changes(user.facts()));
        Ok(())
    }
}
