//! Problems with transfers and the accounts between which they are.

super::kinds! {
    ACCOUNT_NOT_FOUND = NotFound "account_not_found", "Account not found",
        "An account that the request names does not exist, or is not of the API key's organization.",
        [is_final];
    SAME_ACCOUNT = UnprocessableEntity "same_account", "Source and destination are one account",
        "A transfer is between two accounts.",
        [is_final];
    CURRENCY_MISMATCH = UnprocessableEntity "currency_mismatch", "Currency mismatch",
        "An account is in another currency than the transfer. The detail names both.",
        [is_final];
    INSUFFICIENT_FUNDS = UnprocessableEntity "insufficient_funds", "Insufficient funds",
        "The source has less available than is needed: its balance and its overdraft limit, less what is held.",
        [is_final];
    ACCOUNT_FROZEN = UnprocessableEntity "account_frozen", "Account frozen",
        "An account takes no part in transfers until it is active again.",
        [is_final];
    ACCOUNT_CLOSED = UnprocessableEntity "account_closed", "Account closed",
        "A closed account takes no part in transfers, and does not change any more.",
        [is_final];
    ACCOUNT_NOT_EMPTY = UnprocessableEntity "account_not_empty", "Account not empty",
        "An account can be closed with a balance of 0, nothing held, and no payment under way that may bring money to it.",
        [is_final];
    OVERDRAFT_IN_USE = UnprocessableEntity "overdraft_in_use", "Overdraft in use",
        "The overdraft limit cannot go below what is drawn or held. The detail names the least that it can be.",
        [is_final];
    SYSTEM_ACCOUNT = UnprocessableEntity "system_account", "System account",
        "The account belongs to the service, which alone changes it.",
        [is_final];
    BATCH_REJECTED = UnprocessableEntity "batch_rejected", "Batch rejected",
        "Some transfers of an atomic batch cannot be posted, so none was. `errors` points at each of them.",
        [is_final];
    ALREADY_REVERSED = Conflict "already_reversed", "Transfer already reversed",
        "A transfer can be taken back once, and this one was.",
        [is_final];
    TRANSFER_NOT_REVERSIBLE = UnprocessableEntity "transfer_not_reversible", "Transfer not reversible",
        "Only transfers, deposits, withdrawals, captured holds and initial balances are reversed, and no reversal itself. What an invoice or a payment has posted is taken back by their own means: a cancellation or a refund.",
        [is_final];
    HOLD_ALREADY_RESOLVED = Conflict "hold_already_resolved", "Hold already resolved",
        "The hold was captured or voided before. The detail says which.",
        [is_final];
    HOLD_EXPIRED = UnprocessableEntity "hold_expired", "Hold expired",
        "The time in which the hold could be captured is over.",
        [is_final];
    HOLD_OF_PAYMENT = UnprocessableEntity "hold_of_payment", "Hold of a payment",
        "A payment has reserved the money. It takes it, or lets it go, by itself: cancel the payment instead.",
        [is_final];
    AMOUNT_EXCEEDS_HOLD = UnprocessableEntity "amount_exceeds_hold", "More than is held",
        "A capture takes at most what the hold has reserved.",
        [is_final];
}
