//! Problems with users and their wallets.

super::kinds! {
    USER_NOT_FOUND = NOT_FOUND "user_not_found", "User not found",
        "A user that the body names does not exist in the API key's organization. The detail tells which.";
}
