//! What happened, in whichever context it happened.

mod type_pattern;

use jiff::Timestamp;

use crate::{
    customers::CustomerEvent,
    ids::{EventId, OrganizationId},
    invoicing::InvoiceEvent,
    ledger::{AccountEvent, HoldEvent},
    payments::{PaymentEvent, RefundEvent},
    platform::{ApiKeyEvent, OrganizationEvent},
    version::Version,
    vouchers::{BlockEvent, CampaignEvent, RedemptionEvent, VoucherEvent},
    wallets::UserEvent,
    webhooks::WebhookEvent,
};

pub use self::type_pattern::{NotATypePattern, TypePattern};

/// Something that happened to an aggregate: the change that took it to `version`.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainEvent {
    /// Its own id.
    pub id: EventId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// The version of the aggregate after it. No two events of an aggregate share one.
    pub version: Version,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// What happened.
    pub what: Happening,
}

/// What happened, by context.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// To an organization.
    Organization(OrganizationEvent),
    /// To an API key.
    ApiKey(ApiKeyEvent),
    /// To a customer.
    Customer(CustomerEvent),
    /// To an invoice.
    Invoice(InvoiceEvent),
    /// To an account, but for transfers.
    Account(AccountEvent),
    /// To a hold.
    Hold(HoldEvent),
    /// To a payment.
    Payment(PaymentEvent),
    /// To a refund.
    Refund(RefundEvent),
    /// To a user of wallets.
    User(UserEvent),
    /// To a webhook endpoint.
    Webhook(WebhookEvent),
    /// To a campaign.
    Campaign(CampaignEvent),
    /// To a voucher.
    Voucher(VoucherEvent),
    /// To a redemption.
    Redemption(RedemptionEvent),
    /// To a block of somebody who may not redeem vouchers.
    VoucherBlock(BlockEvent),
}
