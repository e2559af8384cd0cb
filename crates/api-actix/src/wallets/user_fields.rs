//! The fields of a user in a request.

use utoipa::ToSchema;

use crate::schemas;

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
