//! Problems of repeated and of simultaneous requests.

super::kinds! {
    IDEMPOTENCY_KEY_REQUIRED = BadRequest "idempotency_key_required", "Idempotency key required",
        "The operation moves money, so the request needs an Idempotency-Key: then it can be repeated without moving it twice.";
    IDEMPOTENCY_IN_PROGRESS = Conflict "idempotency_in_progress", "The first request is still running",
        "Another request with the same Idempotency-Key is not answered yet. Repeat this one after the time in Retry-After.",
        [retry 1];
    IDEMPOTENCY_KEY_REUSED = UnprocessableEntity "idempotency_key_reused", "Idempotency key used before",
        "The Idempotency-Key was used for another request. A key stands for one request and its repetitions.";
    CONCURRENT_CHANGE = Conflict "concurrent_change", "Changed by others at the same time",
        "Other requests kept changing the same things. Nothing was done; repeat the request.",
        [retry 1];
    VERSION_CONFLICT = PreconditionFailed "version_conflict", "Changed meanwhile",
        "The resource is not in a version that If-Match names. Read it again and decide anew.",
        [is_final];
}
