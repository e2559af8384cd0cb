//! Users as they are shown.

use domain::wallets::{MaskedNationalId, UserFacts};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    ports::{Holder, PersonalDataSeal, SealError},
    wire,
};

/// A user, without anything that identifies a person beyond the name: what events tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// Which one.
    pub id: Uuid,
    /// What the user is known by.
    pub username: String,
    /// What the user is called.
    pub name: String,
    /// What the wallet is in.
    pub currency: &'static str,
    /// The account that the wallet is.
    pub wallet_account_id: Uuid,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When the user last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// When the user was closed.
    #[serde(with = "wire::optional_instant")]
    pub closed_at: Option<Timestamp>,
    /// How often the user changed.
    pub version: i64,
}

impl From<&UserFacts> for UserView {
    fn from(facts: &UserFacts) -> Self {
        let registration = &facts.registration;
        Self {
            id: facts.id.as_uuid(),
            username: registration.username.as_str().to_owned(),
            name: registration.name.as_str().to_owned(),
            currency: registration.wallet.currency.code(),
            wallet_account_id: registration.wallet.account_id.as_uuid(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            closed_at: facts.closed_at,
            version: facts.version.as_i64(),
        }
    }
}

/// A user, as clients are shown one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownUser {
    /// What everybody is told.
    pub user: UserView,
    /// What of the national id may be shown.
    pub national_id: MaskedNationalId,
}

impl ShownUser {
    /// Shows a user. The national id is opened for as long as it takes to mask it.
    pub(super) fn of(facts: &UserFacts, seal: &dyn PersonalDataSeal) -> Result<Self, SealError> {
        let holder = Holder {
            organization_id: facts.organization_id,
            user_id: facts.id,
        };
        let national_id = seal.open(holder, &facts.registration.national_id)?;
        Ok(Self {
            user: UserView::from(facts),
            national_id: national_id.masked(),
        })
    }
}
