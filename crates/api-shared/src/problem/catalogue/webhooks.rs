//! Problems with webhooks.

super::kinds! {
    WEBHOOK_DISABLED = UnprocessableEntity "webhook_disabled", "Webhook disabled",
        "Nothing is sent to a webhook that is disabled. Enable it first.",
        [is_final];
}
