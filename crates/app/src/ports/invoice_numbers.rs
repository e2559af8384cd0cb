//! The series that invoice numbers are taken from, and the register of what became of each.

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::{InvoiceNumber, NumberFate, Series},
};

use super::StorageError;

/// A position of a series, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredNumber {
    /// Counted from 1.
    pub position: i64,
    /// The number at it.
    pub number: InvoiceNumber,
    /// The invoice that has the number. A draft that had chosen it may be deleted since.
    pub invoice_id: InvoiceId,
    /// What became of it.
    pub fate: NumberFate,
}

/// The number series, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvoiceNumbers: Send {
    /// The last position that was taken, 0 in a new series. Others MUST wait with taking one until the transaction ends.
    async fn lock(
        &mut self,
        organization_id: OrganizationId,
        series: &Series,
    ) -> Result<i64, StorageError>;

    /// Those of these numbers that invoices have, with the invoices, in any order.
    async fn holders_of(
        &mut self,
        organization_id: OrganizationId,
        numbers: &[InvoiceNumber],
    ) -> Result<Vec<(InvoiceNumber, InvoiceId)>, StorageError>;

    /// Takes the positions that follow the last one, lowest first and at least one, in a series that is locked.
    async fn register(
        &mut self,
        organization_id: OrganizationId,
        series: &Series,
        taken: &[RegisteredNumber],
    ) -> Result<(), StorageError>;

    /// Records that the invoice under a number was cancelled, if the number is of a series.
    async fn mark_cancelled(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<(), StorageError>;
}
