//! Problems with transfers and the accounts between which they are.

super::kinds! {
    ACCOUNT_NOT_FOUND = NOT_FOUND "account_not_found", "Account not found",
        "An account that the request names does not exist, or is not of the API key's organization.",
        [is_final];
    SAME_ACCOUNT = UNPROCESSABLE_ENTITY "same_account", "Source and destination are one account",
        "A transfer is between two accounts.",
        [is_final];
    CURRENCY_MISMATCH = UNPROCESSABLE_ENTITY "currency_mismatch", "Currency mismatch",
        "An account is in another currency than the transfer. The detail names both.",
        [is_final];
    INSUFFICIENT_FUNDS = UNPROCESSABLE_ENTITY "insufficient_funds", "Insufficient funds",
        "The source has less available than is needed: its balance and its overdraft limit, less what is held.",
        [is_final];
    ACCOUNT_FROZEN = UNPROCESSABLE_ENTITY "account_frozen", "Account frozen",
        "An account takes no part in transfers until it is active again.",
        [is_final];
    ACCOUNT_CLOSED = UNPROCESSABLE_ENTITY "account_closed", "Account closed",
        "A closed account takes no part in transfers, and does not change any more.",
        [is_final];
    ACCOUNT_NOT_EMPTY = UNPROCESSABLE_ENTITY "account_not_empty", "Account not empty",
        "An account can be closed with a balance of 0 and nothing held.",
        [is_final];
    OVERDRAFT_IN_USE = UNPROCESSABLE_ENTITY "overdraft_in_use", "Overdraft in use",
        "The overdraft limit cannot go below what is drawn or held. The detail names the least that it can be.",
        [is_final];
    SYSTEM_ACCOUNT = UNPROCESSABLE_ENTITY "system_account", "System account",
        "The account belongs to the service, which alone changes it.",
        [is_final];
    BATCH_REJECTED = UNPROCESSABLE_ENTITY "batch_rejected", "Batch rejected",
        "Some transfers of an atomic batch cannot be posted, so none was. `errors` points at each of them.",
        [is_final];
}
