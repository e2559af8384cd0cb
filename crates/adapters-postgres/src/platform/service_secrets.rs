//! Secrets of the service itself, the same for all instances.

use app::ports::StorageError;

use crate::{database::Database, error::corrupt};

/// What all instances on a database share without being configured to, such as the key that signs cursors.
pub struct PgServiceSecrets {
    database: Database,
}

const KEEP_FIRST: &str = "
    INSERT INTO service_secrets (name, value) VALUES ($1, $2)
    ON CONFLICT (name) DO UPDATE SET value = service_secrets.value
    RETURNING value";

impl PgServiceSecrets {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// The secret of this name; `fresh` if there was none before.
    pub async fn find_or_keep(
        &self,
        name: &str,
        fresh: [u8; 32],
    ) -> Result<[u8; 32], StorageError> {
        let row = self
            .database
            .query_opt(KEEP_FIRST, &[&name, &fresh.as_slice()])
            .await?;
        let value: Vec<u8> = row.map(|row| row.get("value")).unwrap_or_default();
        value
            .try_into()
            .map_err(|_| corrupt("service secret", "its length is not 32 bytes"))
    }
}
