//! Who wants to know what a transaction has changed, once it has.

use async_trait::async_trait;
use domain::{ids::OrganizationId, version::Version};
use uuid::Uuid;

/// The kinds of aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AggregateKind {
    /// An organization.
    Organization,
    /// An API key.
    ApiKey,
    /// A customer.
    Customer,
    /// An invoice.
    Invoice,
    /// An account.
    Account,
    /// A transfer.
    Transfer,
    /// A hold.
    Hold,
    /// A user of wallets.
    User,
    /// A payment.
    Payment,
    /// A refund.
    Refund,
    /// A webhook endpoint.
    Webhook,
    /// A campaign of vouchers.
    Campaign,
    /// A voucher.
    Voucher,
    /// One use of a voucher.
    Redemption,
    /// A block of somebody who may not redeem vouchers.
    VoucherBlock,
}

impl AggregateKind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Organization,
        Self::ApiKey,
        Self::Customer,
        Self::Invoice,
        Self::Account,
        Self::Transfer,
        Self::Hold,
        Self::User,
        Self::Payment,
        Self::Refund,
        Self::Webhook,
        Self::Campaign,
        Self::Voucher,
        Self::Redemption,
        Self::VoucherBlock,
    ];

    /// The kind of this word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its word in events.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::ApiKey => "api_key",
            Self::Customer => "customer",
            Self::Invoice => "invoice",
            Self::Account => "account",
            Self::Transfer => "transfer",
            Self::Hold => "hold",
            Self::User => "user",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Webhook => "webhook",
            Self::Campaign => "campaign",
            Self::Voucher => "voucher",
            Self::Redemption => "redemption",
            Self::VoucherBlock => "voucher_block",
        }
    }
}

/// An aggregate that a transaction has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    /// What kind it is.
    pub kind: AggregateKind,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which one.
    pub id: Uuid,
    /// Its version after the change.
    pub version: Version,
}

/// Hears of every commit: before it, and after it but before the caller is answered.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait CommitListener: Send + Sync {
    /// These aggregates are changed if the commit that comes next succeeds. For what MUST be known elsewhere even when
    /// this process ends before it could tell. MUST not fail, and MUST be quick: rows are locked meanwhile.
    async fn committing(&self, touched: &[Touched]);

    /// These aggregates were changed. MUST not fail: what cannot be done now is the listener's own to repeat.
    async fn committed(&self, touched: &[Touched]);
}
