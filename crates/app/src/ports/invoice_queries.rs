//! Invoices, for reading.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{CustomerId, InvoiceId, OrganizationId},
    invoicing::{InvoiceNumber, InvoiceStatus, Series},
    values::Currency,
};
use jiff::{Timestamp, civil::Date};

use super::StorageError;
use crate::{
    invoicing::{InvoiceEntry, InvoiceView, NumberRegister, SummaryRow, TimelineEntry},
    paging::{Limit, Listing, Window},
};

/// Which invoices. What is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct InvoiceFilter {
    /// In one of these statuses; in any when empty.
    pub statuses: Vec<InvoiceStatus>,
    /// Whose customer's name contains this, whatever the case of its letters.
    pub client_contains: Option<String>,
    /// Of this registered customer.
    pub customer_id: Option<CustomerId>,
    /// With exactly this number.
    pub number: Option<InvoiceNumber>,
    /// Made at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Made before this instant.
    pub created_before: Option<Timestamp>,
    /// Due on this day or later.
    pub due_from: Option<Date>,
    /// Due on this day or earlier.
    pub due_to: Option<Date>,
    /// Overdue on this day: today, for the caller.
    pub overdue_on: Option<Date>,
    /// In this currency.
    pub currency: Option<Currency>,
    /// Over at least this total, in minor units.
    pub total_minor_min: Option<i64>,
    /// Over at most this total, in minor units.
    pub total_minor_max: Option<i64>,
}

/// Reads invoices. Decorators may answer from memory.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvoiceQueries: Send + Sync {
    /// Finds one.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Option<Arc<InvoiceView>>, StorageError>;

    /// Lists those that a filter lets through, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &InvoiceFilter,
        window: Window,
    ) -> Result<Listing<InvoiceEntry>, StorageError>;

    /// What happened to one, newest first; `None` when there is no such invoice.
    async fn timeline(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
        window: Window,
    ) -> Result<Option<Listing<TimelineEntry>>, StorageError>;

    /// What all of them come to, in groups. From a read model: the cost MUST not grow with the number of invoices.
    async fn summary(
        &self,
        organization_id: OrganizationId,
    ) -> Result<Vec<SummaryRow>, StorageError>;
}

/// Reads the register of invoice numbers.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait NumberRegisterQueries: Send + Sync {
    /// The positions of a series behind `after`, lowest first, and the gaps in all of it (there are none, unless
    /// somebody deleted rows); `None` when there is no such series.
    async fn register(
        &self,
        organization_id: OrganizationId,
        series: &Series,
        after: i64,
        limit: Limit,
    ) -> Result<Option<NumberRegister>, StorageError>;

    /// The series of an organization.
    async fn list_series(
        &self,
        organization_id: OrganizationId,
    ) -> Result<Vec<Series>, StorageError>;
}
