//! The fields of a user in a request.

use domain::{
    values::Currency,
    wallets::{NationalId, PersonName, Username},
};
use utoipa::ToSchema;

use crate::{
    input::{
        Fields,
        readers::{currency, text},
    },
    schemas,
};

/// A user to be registered.
#[derive(ToSchema)]
#[schema(example = json!({"username": "ada1815", "name": "Ada Lovelace", "dni": "12345678", "currency": "PEN"}))]
#[expect(dead_code, reason = "the schema of the body, which `new_user` reads")]
pub(super) struct NewUser {
    /// What the user is to be paid by, for ever: nobody else in the organization has it, or had it, in whatever case.
    username: schemas::Username,
    /// What the user is called.
    name: schemas::PersonName,
    /// The national id, which no other user who is not closed has. It is stored encrypted, and never answered whole.
    dni: schemas::NationalIdDigits,
    /// What the wallet is to be in.
    currency: schemas::CurrencyCode,
}

/// What is to be different.
#[derive(ToSchema)]
#[schema(as = UserChanges, example = json!({"name": "Ada King"}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `user_changes` reads"
)]
pub(super) struct ChangedUser {
    /// What the user is called.
    #[schema(required = false)]
    name: schemas::PersonName,
}

/// What a body says of a new user.
pub(super) struct NewUserFields {
    pub(super) username: Username,
    pub(super) name: PersonName,
    pub(super) national_id: NationalId,
    pub(super) currency: Currency,
}

/// Reads a new user.
pub(super) fn new_user(fields: &mut Fields<'_>) -> Option<NewUserFields> {
    let username = fields.required("username", text(Username::parse));
    let name = fields.required("name", text(PersonName::parse));
    let national_id = fields.required("dni", text(NationalId::parse));
    let currency = fields.required("currency", currency);
    Some(NewUserFields {
        username: username?,
        name: name?,
        national_id: national_id?,
        currency: currency?,
    })
}

/// What a body says of changes.
pub(super) struct UserChanges {
    pub(super) name: Option<PersonName>,
}

/// Reads what is to be different.
pub(super) fn user_changes(fields: &mut Fields<'_>) -> Option<UserChanges> {
    let name = fields.change("name", text(PersonName::parse))?;
    Some(UserChanges { name })
}
