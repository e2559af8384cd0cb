//! The fields of a user in a request.

use app::{paging::Window, platform::Caller, wallets::RegisterUser};
use domain::wallets::{NationalId, PersonName, Username};

use crate::input::{
    Fields, Query,
    readers::{currency, text},
};

/// Reads a new user.
pub fn new_user(fields: &mut Fields<'_>, caller: Caller) -> Option<RegisterUser> {
    let username = fields.required("username", text(Username::parse));
    let name = fields.required("name", text(PersonName::parse));
    let national_id = fields.required("dni", text(NationalId::parse));
    let currency = fields.required("currency", currency);
    Some(RegisterUser {
        caller,
        username: username?,
        name: name?,
        national_id: national_id?,
        currency: currency?,
    })
}

/// What a request says of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChanges {
    /// What the user is to be called; as before if nothing is said.
    pub name: Option<PersonName>,
}

/// Reads what is to be different.
pub fn user_changes(fields: &mut Fields<'_>) -> Option<UserChanges> {
    let name = fields.change("name", text(PersonName::parse))?;
    Some(UserChanges { name })
}

/// Reads whom a list is to have, and which piece of it.
pub fn named_users(query: &mut Query<'_>) -> Option<(Username, Window)> {
    let username = query.parameter("username", Username::parse);
    if let Some(None) = &username {
        query.refuse("username", "required", "must be given");
    }
    let window = query.window();
    Some((username??, window?))
}
