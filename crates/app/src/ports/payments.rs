//! Stored payments.

use async_trait::async_trait;
use domain::{
    ids::{AccountId, InvoiceId, OrganizationId, PaymentId, RefundId},
    payments::{Payment, PaymentFacts, PaymentStatus, ProviderName, RefundFacts},
    version::Version,
};
use jiff::Timestamp;

use super::StorageError;
use crate::{
    paging::{Listing, Window},
    payments::{InvoicePaymentView, PaymentHistoryEntry},
};

/// Whether a change was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "what was not stored did not happen"]
pub enum Saved {
    /// It was.
    Stored,
    /// Somebody else has changed it meanwhile, so nothing was.
    Fenced,
}

/// The payments, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentRepository: Send {
    /// Finds one and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: PaymentId,
    ) -> Result<Option<Payment>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, payment: &Payment) -> Result<(), StorageError>;

    /// Whether money may yet come to this account through a provider: by a charge, or as what is taken back of a payout.
    /// Whoever asks MUST have locked how the account stands.
    async fn is_awaited(
        &mut self,
        organization_id: OrganizationId,
        account_id: AccountId,
    ) -> Result<bool, StorageError>;

    /// Stores how one is now, if it is still stored as of version `before`: MUST store nothing otherwise.
    async fn save(&mut self, payment: &Payment, before: Version) -> Result<Saved, StorageError>;
}

/// Which payments. What is `None` or empty does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// That stand in one of these.
    pub statuses: Vec<PaymentStatus>,
    /// Through this provider.
    pub provider: Option<ProviderName>,
    /// From or to this account.
    pub account_id: Option<AccountId>,
    /// For this invoice.
    pub invoice_id: Option<InvoiceId>,
    /// Accepted at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Accepted before this instant.
    pub created_before: Option<Timestamp>,
}

/// The payments, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentQueries: Send + Sync {
    /// Finds one.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
    ) -> Result<Option<PaymentFacts>, StorageError>;

    /// Lists those that a filter lets through, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &PaymentFilter,
        window: Window,
    ) -> Result<Listing<PaymentFacts>, StorageError>;

    /// Lists what happened to one, newest first; `None` if there is no such payment.
    async fn history(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
        window: Window,
    ) -> Result<Option<Listing<PaymentHistoryEntry>>, StorageError>;

    /// Finds a refund of a payment.
    async fn find_refund(
        &self,
        organization_id: OrganizationId,
        payment_id: PaymentId,
        id: RefundId,
    ) -> Result<Option<RefundFacts>, StorageError>;

    /// Lists the refunds of a payment, newest first; `None` if there is no such payment.
    async fn list_refunds(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
        window: Window,
    ) -> Result<Option<Listing<RefundFacts>>, StorageError>;

    /// Lists what was paid on an invoice, newest first; `None` if there is no such invoice.
    async fn list_of_invoice(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
        window: Window,
    ) -> Result<Option<Listing<InvoicePaymentView>>, StorageError>;
}
