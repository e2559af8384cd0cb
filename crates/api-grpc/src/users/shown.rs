//! Users as messages.

use app::wallets::ShownUser;

use crate::proto::{stamp, v1::User};

/// A user, whose national id is shown in part.
pub(super) fn user(shown: &ShownUser) -> User {
    let view = &shown.user;
    User {
        id: view.id.to_string(),
        username: view.username.clone(),
        name: view.name.clone(),
        dni: shown.national_id.as_str().to_owned(),
        currency: view.currency.to_owned(),
        wallet_account_id: view.wallet_account_id.to_string(),
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        closed_at: view.closed_at.map(stamp),
        version: view.version,
    }
}
