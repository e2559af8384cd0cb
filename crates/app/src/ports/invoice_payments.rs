//! What payments have paid on which invoices.

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId, PaymentId},
    invoicing::PaidAmount,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::StorageError;

/// An amount that was paid on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvoicePayment {
    /// Identifies the amount.
    pub id: Uuid,
    /// Whose invoice.
    pub organization_id: OrganizationId,
    /// Which one.
    pub invoice_id: InvoiceId,
    /// By which payment; `None` for one outside of the service.
    pub payment_id: Option<PaymentId>,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// When.
    pub paid_at: Timestamp,
}

/// What was paid on invoices, as seen from inside one transaction that has locked the invoice.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvoicePayments: Send {
    /// What payments that are under way may yet pay on an invoice, in minor units.
    async fn running_minor(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<i64, StorageError>;

    /// Whether there is a payment of an invoice of which nobody knows whether its money has moved.
    async fn is_any_unknown(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<bool, StorageError>;

    /// Notes that an amount was paid.
    async fn apply(&mut self, paid: InvoicePayment) -> Result<(), StorageError>;

    /// Notes that some of what a payment had paid was given back.
    async fn take_back(
        &mut self,
        invoice_id: InvoiceId,
        given_back: PaidAmount,
    ) -> Result<(), StorageError>;
}
