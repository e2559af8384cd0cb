//! Problems with users and their wallets.

super::kinds! {
    USER_NOT_FOUND = NotFound "user_not_found", "User not found",
        "A user that the body names does not exist in the API key's organization. The detail tells which.",
        [is_final];
}
