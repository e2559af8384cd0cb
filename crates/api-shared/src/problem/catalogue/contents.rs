//! Problems with what a request says: found before any business rule is looked at.

super::kinds! {
    MALFORMED_JSON = BadRequest "malformed_json", "Malformed JSON",
        "The body is not one JSON document in UTF-8, or is nested deeper than 64 levels.";
    DUPLICATE_FIELD = BadRequest "duplicate_field", "Duplicate field",
        "An object in the body has the same key twice.";
    UNKNOWN_FIELD = BadRequest "unknown_field", "Unknown field",
        "The body has a field that the operation does not know.";
    VALIDATION_FAILED = BadRequest "validation_failed", "Validation failed",
        "Fields of the body are missing, of the wrong type, or outside of their rules. `errors` lists all of them.";
    DUPLICATE_PARAMETER = BadRequest "duplicate_parameter", "Duplicate parameter",
        "A query parameter that may be given once is there twice.";
    UNKNOWN_PARAMETER = BadRequest "unknown_parameter", "Unknown parameter",
        "The query has a parameter that the operation does not know.";
    INVALID_PARAMETER = BadRequest "invalid_parameter", "Invalid parameter",
        "A path or query parameter is not of its form, outside of its rules, or does not go with another one.";
    INVALID_CURSOR = BadRequest "invalid_cursor", "Invalid cursor",
        "The cursor was not made by this service for this list. Start again without a cursor.";
    CURSOR_MISMATCH = BadRequest "cursor_mismatch", "Cursor of another list",
        "The cursor was made for other filters. Keep the filters as they were, or start again without a cursor.";
    PAGE_TOO_DEEP = BadRequest "page_too_deep", "Page too deep",
        "Pages end at the 10,000th row. Use `limit` and `cursor` to go further.";
    INVALID_HEADER = BadRequest "invalid_header", "Invalid header",
        "A header such as If-Match or If-None-Match is not of its form.";
    INVALID_IDEMPOTENCY_KEY = BadRequest "invalid_idempotency_key", "Invalid idempotency key",
        "An Idempotency-Key has 1 to 255 printable ASCII characters, and there is at most one.";
}
