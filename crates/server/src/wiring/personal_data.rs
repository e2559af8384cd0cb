//! The key that personal data is sealed with.

use adapters_local::PersonalDataKey;
use adapters_postgres::{Database, PgServiceSecrets};
use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::config::Settings;

/// What the key is called that is kept in the database where none is configured: not in production.
const KEPT_KEY: &str = "wallets";

/// The configured key, or one that was made once. All instances on a database share it.
pub(super) async fn personal_data_key(
    database: &Database,
    settings: &Settings,
) -> anyhow::Result<PersonalDataKey> {
    if let Some(configured) = &settings.wallets.encryption_key {
        let key = PersonalDataKey::from_base64(configured.expose_secret());
        return key.context("TALLYSTICK_WALLETS__ENCRYPTION_KEY");
    }
    let secrets = PgServiceSecrets::new(database.clone());
    let kept = secrets
        .find_or_keep(KEPT_KEY, super::random_bytes()?)
        .await?;
    Ok(PersonalDataKey::new(kept))
}
