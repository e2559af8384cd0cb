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
    ALREADY_REVERSED = CONFLICT "already_reversed", "Transfer already reversed",
        "A transfer can be taken back once, and this one was.",
        [is_final];
    TRANSFER_NOT_REVERSIBLE = UNPROCESSABLE_ENTITY "transfer_not_reversible", "Transfer not reversible",
        "Only transfers, deposits and withdrawals are reversed. What an invoice or a hold has posted is taken back by their own means.",
        [is_final];
    HOLD_ALREADY_RESOLVED = CONFLICT "hold_already_resolved", "Hold already resolved",
        "The hold was captured or voided before. The detail says which.",
        [is_final];
    HOLD_EXPIRED = UNPROCESSABLE_ENTITY "hold_expired", "Hold expired",
        "The time in which the hold could be captured is over.",
        [is_final];
    AMOUNT_EXCEEDS_HOLD = UNPROCESSABLE_ENTITY "amount_exceeds_hold", "More than is held",
        "A capture takes at most what the hold has reserved.",
        [is_final];
}
