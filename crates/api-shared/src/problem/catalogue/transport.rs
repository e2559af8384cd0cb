//! Problems of the exchange itself: they come before any endpoint is asked, or instead of its answer.

super::kinds! {
    MALFORMED_REQUEST = BadRequest "malformed_request", "Malformed request",
        "The request is not valid HTTP, or ended before it was complete.";
    UNAUTHENTICATED = Unauthorized "unauthenticated", "Unauthenticated",
        "There is no API key in the Authorization header, or it is unknown, expired or revoked. Send `Authorization: Bearer tsk_…`.";
    INSUFFICIENT_SCOPE = Forbidden "insufficient_scope", "Insufficient scope",
        "The API key is valid, but lacks the scope that the detail names.";
    ROUTE_NOT_FOUND = NotFound "route_not_found", "Unknown path",
        "There is nothing at this path. The paths are listed in /openapi.json.";
    METHOD_NOT_ALLOWED = MethodNotAllowed "method_not_allowed", "Method not allowed",
        "The path exists, but not with this method. The Allow header lists those that it has.";
    NOT_ACCEPTABLE = NotAcceptable "not_acceptable", "Not acceptable",
        "The Accept or Accept-Encoding header rules out everything that could be answered. Answers are application/json.";
    BODY_TIMEOUT = RequestTimeout "body_timeout", "The body took too long",
        "The body of the request did not arrive in time.";
    BODY_TOO_LARGE = PayloadTooLarge "body_too_large", "The body is too large",
        "The body of the request is larger than 1 MiB.";
    UNSUPPORTED_MEDIA_TYPE = UnsupportedMediaType "unsupported_media_type", "Unsupported media type",
        "Bodies must be application/json in UTF-8, without a content encoding.";
    RATE_LIMITED = TooManyRequests "rate_limited", "Too many requests",
        "The limit of the API key, or of the client's address where there is no valid key, is used up. Wait for the time in Retry-After.",
        [retry 1];
    INTERNAL_ERROR = InternalServerError "internal_error", "Internal error",
        "Something went wrong inside of the service. The log knows more under the `request_id`.";
    UNAVAILABLE = ServiceUnavailable "unavailable", "Unavailable",
        "The service cannot answer right now: its database is away or busy, or it is shutting down. Nothing is known to have been changed; repeat the request after the time in Retry-After, a write under the same Idempotency-Key.",
        [retry 1];
    OVERLOADED = ServiceUnavailable "overloaded", "Too many transfers are waiting",
        "More transfers wait to be posted than the service lets wait. Nothing was posted; repeat the request under the same Idempotency-Key after the time in Retry-After.",
        [retry 1];
    DEADLINE_EXCEEDED = ServiceUnavailable "deadline_exceeded", "The answer took too long",
        "The request was given up after the time limit of the service. A write may or may not have happened; repeat it under the same Idempotency-Key.",
        [retry 1];
}
