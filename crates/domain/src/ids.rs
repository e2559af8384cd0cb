//! Typed identifiers: an id of one kind can never be passed where another is expected.

use uuid::Uuid;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a raw identifier.
            pub const fn from_uuid(raw: Uuid) -> Self {
                Self(raw)
            }

            /// The raw identifier.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

id_type!(
    /// Identifies an organization: the tenant that everything belongs to.
    OrganizationId
);
id_type!(
    /// Identifies an API key.
    ApiKeyId
);
id_type!(
    /// Identifies a customer.
    CustomerId
);
id_type!(
    /// Identifies an invoice.
    InvoiceId
);
id_type!(
    /// Identifies an event.
    EventId
);
id_type!(
    /// Identifies an account.
    AccountId
);
id_type!(
    /// Identifies a transfer.
    TransferId
);
id_type!(
    /// Identifies a hold.
    HoldId
);
id_type!(
    /// Identifies a payment.
    PaymentId
);
id_type!(
    /// Identifies a refund: money of a payment that is given back.
    RefundId
);
id_type!(
    /// Identifies a user of wallets.
    UserId
);
id_type!(
    /// Identifies a webhook endpoint.
    WebhookId
);
id_type!(
    /// Identifies the delivery of one event to one webhook endpoint.
    WebhookDeliveryId
);
id_type!(
    /// Identifies a replay: events of the past that are to be delivered again.
    WebhookReplayId
);
id_type!(
    /// Identifies a job that goes on behind the back of whoever has asked for it.
    JobId
);
id_type!(
    /// Identifies a campaign of vouchers.
    CampaignId
);
id_type!(
    /// Identifies a voucher.
    VoucherId
);
id_type!(
    /// Identifies a redemption: one use of a voucher.
    RedemptionId
);
id_type!(
    /// Identifies a block of somebody who may not redeem vouchers.
    VoucherBlockId
);
