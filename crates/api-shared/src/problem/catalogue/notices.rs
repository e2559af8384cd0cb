//! Problems with what payment providers tell without being asked.

super::kinds! {
    NOTICE_REFUSED = BadRequest "notice_refused", "Notice refused",
        "The notice is not signed as its provider signs, was signed too long ago, or is not what the provider sends.";
    NOTICES_UNKNOWN = NotFound "notices_unknown", "No notices expected",
        "No notices of a provider of this name are expected in this deployment.";
    NOTICE_UNVERIFIABLE = ServiceUnavailable "notice_unverifiable", "Notice cannot be verified now",
        "Whether the notice comes from its provider cannot be told at this moment. Send it again after the time in Retry-After.",
        [retry 30];
}
