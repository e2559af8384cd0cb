//! Problems with vouchers: why one gives nothing.

super::kinds! {
    CAMPAIGN_NOT_FOUND = NotFound "campaign_not_found", "Campaign not found",
        "The campaign that the body names does not exist, or is not of the API key's organization.",
        [is_final];
    VOUCHER_NOT_FOUND = NotFound "voucher_not_found", "Voucher not found",
        "The voucher that the body names does not exist, or is not of the API key's organization.",
        [is_final];
    TOO_MANY_GUESSES = TooManyRequests "too_many_guesses", "Too many unknown codes",
        "The API key has asked for 20 codes within a minute that no voucher has. Repeat the request after the time in Retry-After.";
    TOO_MANY_JOBS = TooManyRequests "too_many_jobs", "Too many jobs",
        "The organization has 20 jobs that are not finished, and no more are taken until one is. Repeat the request after the time in Retry-After.",
        [retry 5];
    CAMPAIGN_ENDED = UnprocessableEntity "campaign_ended", "Campaign ended",
        "A campaign that has ended does not change any more, and no vouchers of it are issued.",
        [is_final];
    VOUCHER_OF_OTHER_KIND = UnprocessableEntity "voucher_of_other_kind", "Voucher of another kind",
        "A gift is redeemed to an account, a discount is applied to a draft.",
        [is_final];
    ALREADY_APPLIED = UnprocessableEntity "already_applied", "Voucher already applied",
        "The voucher takes something off the draft already.",
        [is_final];
    VOUCHER_DISABLED = UnprocessableEntity "voucher_disabled", "Voucher disabled",
        "The voucher was disabled.",
        [is_final];
    CAMPAIGN_PAUSED = UnprocessableEntity "campaign_paused", "Campaign paused",
        "No voucher of the campaign can be redeemed for now.",
        [is_final];
    VOUCHER_NOT_YET_VALID = UnprocessableEntity "voucher_not_yet_valid", "Voucher not yet valid",
        "The campaign of the voucher has not begun.",
        [is_final];
    VOUCHER_EXPIRED = UnprocessableEntity "voucher_expired", "Voucher expired",
        "The campaign of the voucher is over.",
        [is_final];
    CUSTOMER_BLOCKED = UnprocessableEntity "customer_blocked", "Customer blocked",
        "The customer, or its address, is on the blocklist of vouchers.",
        [is_final];
    MINIMUM_NOT_REACHED = UnprocessableEntity "minimum_not_reached", "Minimum not reached",
        "The total is below the least one of the campaign, or so low that nothing would come off.",
        [is_final];
    VOUCHER_EXHAUSTED = UnprocessableEntity "voucher_exhausted", "Voucher exhausted",
        "The voucher, or all vouchers of its campaign together, was redeemed as often as can be.",
        [is_final];
    VOUCHER_CUSTOMER_LIMIT = UnprocessableEntity "voucher_customer_limit", "Limit of the customer reached",
        "The customer has redeemed vouchers of the campaign as often as one may. Somebody of whom neither a customer nor an address is known cannot be counted, and redeems none of such a campaign.",
        [is_final];
    CAMPAIGN_BUDGET_EXHAUSTED = UnprocessableEntity "campaign_budget_exhausted", "Budget exhausted",
        "What the campaign has left to give is less than the voucher would give.",
        [is_final];
}
