//! Problems with the state of things: the request is well-formed, but what it asks for cannot be.

super::kinds! {
    NOT_FOUND = NotFound "not_found", "Not found",
        "There is no such thing, or it is not of the API key's organization.",
        [is_final];
    ALREADY_EXISTS = Conflict "already_exists", "Already exists",
        "Another one has the value that must be unique; the detail names it.",
        [is_final];
    AMOUNT_OUT_OF_RANGE = UnprocessableEntity "amount_out_of_range", "Amount out of range",
        "An amount would be beyond ±9,007,199,254,740,991 minor units.",
        [is_final];
}
