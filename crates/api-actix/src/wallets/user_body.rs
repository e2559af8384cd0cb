//! Users on the wire.

use app::{
    wallets::{ShownUser, UserView},
    wire,
};
use domain::version::Version;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{answer::Answer, schemas};

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "username": "ada1815",
    "name": "Ada Lovelace",
    "dni": "****5678",
    "currency": "PEN",
    "wallet_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "closed_at": null,
    "version": 1,
}))]
pub(super) struct UserBody {
    /// Which one.
    id: Uuid,
    /// What the user is paid by.
    #[schema(value_type = schemas::Username)]
    username: String,
    /// What the user is called.
    #[schema(value_type = schemas::PersonName)]
    name: String,
    /// The last digits of the national id.
    #[schema(value_type = schemas::MaskedNationalId)]
    dni: String,
    /// What the wallet is in.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// The account that the wallet is.
    wallet_account_id: Uuid,
    /// Since when the user is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When the user last changed.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// When the user was closed, if so.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    closed_at: Option<Timestamp>,
    /// How often the user changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<ShownUser> for UserBody {
    fn from(shown: ShownUser) -> Self {
        let UserView {
            id,
            username,
            name,
            currency,
            wallet_account_id,
            created_at,
            updated_at,
            closed_at,
            version,
        } = shown.user;
        Self {
            id,
            username,
            name,
            dni: shown.national_id.as_str().to_owned(),
            currency,
            wallet_account_id,
            created_at,
            updated_at,
            closed_at,
            version,
        }
    }
}

/// 200 with a user.
pub(super) fn single(shown: &ShownUser) -> Answer {
    let version = Version::new(shown.user.version);
    Answer::single(version, &UserBody::from(shown.clone()))
}

/// 201 with a user.
pub(super) fn created(shown: &ShownUser) -> Answer {
    let location = format!("/api/v1/users/{}", shown.user.id);
    let version = Version::new(shown.user.version);
    Answer::created(&location, version, &UserBody::from(shown.clone()))
}
