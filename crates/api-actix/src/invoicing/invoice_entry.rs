//! Invoices on the wire, as lists show them.

use std::collections::BTreeMap;

use app::{
    customers::AddressView,
    invoicing::{InvoiceEntry, PartyView},
    wire,
};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::review_body::ReviewBody;
use crate::schemas;

/// A buyer or seller, as they were when they were put on the invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Party, example = json!({"name": "Ada Lovelace Ltd", "email": "ada@example.com", "address": null, "tax_id": null}))]
pub(super) struct PartyBody<'a> {
    /// What it is called.
    #[schema(value_type = schemas::Name)]
    name: &'a str,
    /// Where it is written to.
    #[schema(value_type = Option<schemas::EmailAddress>)]
    email: Option<&'a str>,
    /// Where it is.
    #[schema(value_type = Option<schemas::Address>)]
    address: Option<&'a AddressView>,
    /// Its tax number.
    #[schema(value_type = Option<schemas::TaxId>)]
    tax_id: Option<&'a str>,
}

impl<'a> From<&'a PartyView> for PartyBody<'a> {
    fn from(view: &'a PartyView) -> Self {
        Self {
            name: &view.name,
            email: view.email.as_deref(),
            address: view.address.as_ref(),
            tax_id: view.tax_id.as_deref(),
        }
    }
}

/// An invoice without its lines, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceEntry, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "number": null,
    "status": "draft",
    "review": {"status": "approved", "reasons": [], "reviewed_at": "2026-11-20T13:01:00.654321Z"},
    "customer_id": "01936f8a-1111-7c3d-9a4f-2b6c8d0e1f23",
    "customer": {"name": "Ada Lovelace Ltd", "email": "ada@example.com", "address": null, "tax_id": null},
    "currency": "USD",
    "subtotal_minor": 150_000,
    "discount_minor": 0,
    "tax_minor": 24_000,
    "total_minor": 174_000,
    "amount_paid_minor": 0,
    "amount_due_minor": 174_000,
    "due_date": "2026-12-20",
    "is_overdue": false,
    "metadata": {},
    "issued_at": null,
    "paid_at": null,
    "cancelled_at": null,
    "created_at": "2026-11-20T13:01:00.000000Z",
    "updated_at": "2026-11-20T13:01:00.000000Z",
    "version": 2,
}))]
pub(super) struct InvoiceEntryBody<'a> {
    /// Which one.
    id: Uuid,
    /// What it is called: chosen by you, or assigned when it is issued.
    #[schema(value_type = Option<schemas::InvoiceNumberText>)]
    number: Option<&'a str>,
    /// Where it stands.
    #[schema(value_type = InvoiceStatusName)]
    status: &'static str,
    /// What the validation service thinks of it.
    #[schema(value_type = ReviewBody<'static>)]
    review: ReviewBody<'a>,
    /// The registered customer it was made for.
    customer_id: Option<Uuid>,
    /// Who has to pay it.
    #[schema(value_type = PartyBody<'static>)]
    customer: PartyBody<'a>,
    /// ISO 4217 code of what all its amounts are in.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'a str,
    /// The sum of the lines, in minor units.
    #[schema(value_type = schemas::AmountMinor)]
    subtotal_minor: i64,
    /// What vouchers take off.
    #[schema(value_type = schemas::AmountMinor)]
    discount_minor: i64,
    /// The sum of the taxes.
    #[schema(value_type = schemas::AmountMinor)]
    tax_minor: i64,
    /// What it comes to.
    #[schema(value_type = schemas::AmountMinor)]
    total_minor: i64,
    /// What was paid.
    #[schema(value_type = schemas::AmountMinor)]
    amount_paid_minor: i64,
    /// What is still to be paid; 0 when it is cancelled.
    #[schema(value_type = schemas::AmountMinor)]
    amount_due_minor: i64,
    /// When it is to be paid.
    #[schema(value_type = schemas::CalendarDate)]
    due_date: Date,
    /// Whether it is open and the due date is over (UTC).
    is_overdue: bool,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: &'a BTreeMap<String, String>,
    /// When it left draft.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    issued_at: Option<Timestamp>,
    /// When it was settled.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    paid_at: Option<Timestamp>,
    /// When it was withdrawn.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    cancelled_at: Option<Timestamp>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

/// Where an invoice stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceStatus)]
#[serde(rename_all = "snake_case")]
#[expect(
    dead_code,
    reason = "it only names the values in the contract; the domain has the statuses"
)]
pub(super) enum InvoiceStatusName {
    /// Still being written.
    Draft,
    /// Issued to the customer.
    Sent,
    /// Seen by the customer.
    Viewed,
    /// Not paid in time.
    Overdue,
    /// Settled.
    Paid,
    /// Withdrawn.
    Cancelled,
}

impl<'a> InvoiceEntryBody<'a> {
    /// An invoice as of a day.
    pub(super) fn of(entry: &'a InvoiceEntry, today: Date) -> Self {
        Self {
            id: entry.id,
            number: entry.number.as_deref(),
            status: entry.status.code(),
            review: ReviewBody::from(&entry.review),
            customer_id: entry.customer_id,
            customer: PartyBody::from(&entry.customer),
            currency: &entry.currency,
            subtotal_minor: entry.subtotal_minor,
            discount_minor: entry.discount_minor,
            tax_minor: entry.tax_minor,
            total_minor: entry.total_minor,
            amount_paid_minor: entry.amount_paid_minor,
            amount_due_minor: entry.amount_due_minor,
            due_date: entry.due_date,
            is_overdue: entry.is_overdue(today),
            metadata: &entry.metadata,
            issued_at: entry.issued_at,
            paid_at: entry.paid_at,
            cancelled_at: entry.cancelled_at,
            created_at: entry.created_at,
            updated_at: entry.updated_at,
            version: entry.version,
        }
    }
}
