//! Every type of event there is.

use crate::ports::AggregateKind;

/// A type of event.
#[derive(Debug, PartialEq, Eq)]
pub struct EventType {
    /// Its name: `invoice.sent`.
    pub name: &'static str,
    /// What kind of aggregate it happens to.
    pub kind: AggregateKind,
    /// What has happened, in a sentence.
    pub meaning: &'static str,
}

/// Declares types and a list of them all: `NAME = Kind "name" "meaning"`.
macro_rules! event_types {
    ($($constant:ident = $kind:ident $name:literal $meaning:literal;)+) => {
        $(
            #[doc = $meaning]
            pub static $constant: EventType = EventType {
                name: $name,
                kind: AggregateKind::$kind,
                meaning: $meaning,
            };
        )+

        /// All of them: what can be subscribed to. The contract of events is made from it, and from [`WEBHOOK_TEST`].
        pub static EVENT_TYPES: &[&EventType] = &[$(&$constant),+];
    };
}

event_types! {
    ORGANIZATION_CREATED = Organization "organization.created" "An organization was founded.";
    ORGANIZATION_UPDATED = Organization "organization.updated" "What an organization tells of itself has changed.";
    API_KEY_CREATED = ApiKey "api_key.created" "An API key was made.";
    API_KEY_REVOKED = ApiKey "api_key.revoked" "An API key opens nothing any more.";
    CUSTOMER_CREATED = Customer "customer.created" "A customer was registered.";
    CUSTOMER_UPDATED = Customer "customer.updated" "What is known of a customer has changed.";
    CUSTOMER_ARCHIVED = Customer "customer.archived" "A customer was archived.";
    INVOICE_CREATED = Invoice "invoice.created" "An invoice was drafted.";
    INVOICE_UPDATED = Invoice "invoice.updated" "The contents of a draft have changed.";
    INVOICE_APPROVED = Invoice "invoice.approved" "The review of an invoice has found nothing that speaks against it.";
    INVOICE_REJECTED = Invoice "invoice.rejected" "The review of an invoice has rejected it; its reasons tell why.";
    INVOICE_SENT = Invoice "invoice.sent" "An invoice was issued: it has a number, and its contents are frozen.";
    INVOICE_VIEWED = Invoice "invoice.viewed" "The customer has seen an invoice.";
    INVOICE_OVERDUE = Invoice "invoice.overdue" "An invoice was not paid in time.";
    INVOICE_PAID = Invoice "invoice.paid" "An invoice is settled.";
    INVOICE_CANCELLED = Invoice "invoice.cancelled" "An invoice was withdrawn.";
    INVOICE_PAYMENT_RECEIVED = Invoice "invoice.payment_received" "A part of an invoice was paid.";
    INVOICE_PAYMENT_REFUNDED = Invoice "invoice.payment_refunded" "Some of what was paid for an invoice was given back, and is due again.";
    INVOICE_DELETED = Invoice "invoice.deleted" "A draft was deleted.";
    ACCOUNT_OPENED = Account "account.opened" "An account was opened.";
    ACCOUNT_UPDATED = Account "account.updated" "An account has changed, but for what is on it.";
    ACCOUNT_CLOSED = Account "account.closed" "An account was closed.";
    TRANSFER_POSTED = Transfer "transfer.posted" "Money was moved between two accounts.";
    HOLD_CREATED = Hold "hold.created" "Money was reserved.";
    HOLD_CAPTURED = Hold "hold.captured" "Reserved money was taken.";
    HOLD_VOIDED = Hold "hold.voided" "Reserved money was let go.";
    HOLD_EXPIRED = Hold "hold.expired" "Nobody has taken reserved money in time.";
    USER_CREATED = User "user.created" "A user has joined, and has a wallet.";
    USER_UPDATED = User "user.updated" "A user has another name.";
    USER_CLOSED = User "user.closed" "A user has left.";
    PAYMENT_CREATED = Payment "payment.created" "A payment through a provider was accepted.";
    PAYMENT_PROCESSING = Payment "payment.processing" "A payment is being carried out.";
    PAYMENT_RETRY_SCHEDULED = Payment "payment.retry_scheduled" "A provider could not take a payment; another attempt is to be made.";
    PAYMENT_UNKNOWN = Payment "payment.unknown" "Nobody knows whether the money of a payment has moved; its provider is asked.";
    PAYMENT_CHECKED = Payment "payment.checked" "A provider was asked, and it is still not known whether the money of a payment has moved.";
    PAYMENT_COMPLETED = Payment "payment.completed" "The money of a payment has moved: of one between two accounts, in the instant in which it was accepted.";
    PAYMENT_FAILED = Payment "payment.failed" "The money of a payment has not moved, and will not.";
    PAYMENT_CANCELLED = Payment "payment.cancelled" "A payment was called off before its money moved.";
    PAYMENT_REVIVED = Payment "payment.revived" "A payment that had failed for good is tried again.";
    PAYMENT_REFUND_REQUESTED = Payment "payment.refund_requested" "Money of a payment is to be given back.";
    PAYMENT_REFUNDED = Payment "payment.refunded" "Money of a payment was given back.";
    PAYMENT_REFUND_FAILED = Payment "payment.refund_failed" "Money of a payment that was to be given back was not.";
    REFUND_CREATED = Refund "refund.created" "A refund was accepted.";
    REFUND_PROCESSING = Refund "refund.processing" "A refund is being carried out.";
    REFUND_RETRY_SCHEDULED = Refund "refund.retry_scheduled" "A provider could not take a refund; another attempt is to be made.";
    REFUND_UNKNOWN = Refund "refund.unknown" "Nobody knows whether the money of a refund has moved; its provider is asked.";
    REFUND_CHECKED = Refund "refund.checked" "A provider was asked, and it is still not known whether the money of a refund has moved.";
    REFUND_COMPLETED = Refund "refund.completed" "The money of a refund has moved.";
    REFUND_FAILED = Refund "refund.failed" "The money of a refund has not moved, and will not.";
    REFUND_REVIVED = Refund "refund.revived" "A refund that had failed for good is tried again.";
    WEBHOOK_CREATED = Webhook "webhook.created" "An address was named for events to be sent to.";
    WEBHOOK_UPDATED = Webhook "webhook.updated" "A webhook has changed.";
    WEBHOOK_SECRET_ROTATED = Webhook "webhook.secret_rotated" "A webhook has a new secret.";
    WEBHOOK_DISABLED = Webhook "webhook.disabled" "Nothing is sent to a webhook any more: it has answered 410 (Gone), or has done nothing but fail for days.";
    WEBHOOK_DELETED = Webhook "webhook.deleted" "A webhook was deleted.";
    CAMPAIGN_CREATED = Campaign "campaign.created" "A campaign of vouchers was launched.";
    CAMPAIGN_UPDATED = Campaign "campaign.updated" "A campaign of vouchers has changed, was paused, or has ended.";
    VOUCHER_CREATED = Voucher "voucher.created" "A voucher was issued.";
    VOUCHER_UPDATED = Voucher "voucher.updated" "A voucher was enabled or disabled, or can be redeemed more or less often.";
    VOUCHER_REDEEMED = Redemption "voucher.redeemed" "A voucher was redeemed.";
    VOUCHER_RESTATED = Redemption "voucher.restated" "A draft has changed, and so has what a voucher takes off it.";
    VOUCHER_RELEASED = Redemption "voucher.released" "A redemption was taken back: the voucher can be redeemed again.";
    VOUCHER_BLOCK_CREATED = VoucherBlock "voucher_block.created" "Somebody may not redeem vouchers any more.";
    VOUCHER_BLOCK_LIFTED = VoucherBlock "voucher_block.lifted" "Somebody who was blocked may redeem vouchers again.";
}

/// What is sent to see whether it arrives, whatever an endpoint asks for. It has happened to nothing: no log has it, nobody
/// can subscribe to it, and its sequence is 0.
pub static WEBHOOK_TEST: EventType = EventType {
    name: "webhook.test",
    kind: AggregateKind::Webhook,
    meaning: "Somebody wants to see whether events arrive at a webhook.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::events::TypePattern;

    #[test]
    fn names_are_unique_and_begin_with_what_they_happen_to() {
        let names: BTreeSet<_> = EVENT_TYPES.iter().map(|it| it.name).collect();

        assert_eq!(names.len(), EVENT_TYPES.len());
        for event_type in EVENT_TYPES {
            let (resource, _) = event_type.name.split_once('.').unwrap();
            // What happens to a redemption is what happens with a voucher.
            let kind = event_type.kind;
            let is_of_voucher = kind == AggregateKind::Redemption && resource == "voucher";
            assert!(resource == kind.code() || is_of_voucher, "{resource}");
            assert!(TypePattern::parse(event_type.name).is_ok());
        }
    }

    #[test]
    fn something_can_happen_to_every_kind_of_aggregate() {
        for kind in AggregateKind::ALL {
            assert!(EVENT_TYPES.iter().any(|it| it.kind == kind), "{kind:?}");
        }
    }
}
