//! Invoices in requests, as the contract describes them. What is read is said in [`super::invoice_fields`].
#![expect(
    dead_code,
    reason = "these types describe what is read; they are never built"
)]

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, schema::Type},
};
use uuid::Uuid;

use super::invoice_entry::InvoiceStatusName;
use crate::schemas;

/// An invoice to be drafted. Exactly one of `customer_id` and `customer` is needed.
#[derive(ToSchema)]
#[schema(example = json!({
    "customer": {"name": "Ada Lovelace Ltd", "email": "ada@example.com"},
    "currency": "USD",
    "items": [{
        "description": "Consulting", "quantity": 10, "unit_price_minor": 15_000, "tax_rate_bps": 1_600, "unit": "HUR",
    }],
}))]
pub(super) struct NewInvoice {
    /// What it is to be called. Left out, it is numbered from the organization's series when it is issued.
    number: Option<schemas::InvoiceNumberText>,
    /// A registered customer, as it is now.
    customer_id: Option<Uuid>,
    /// Somebody who is not registered.
    customer: Option<NewParty>,
    /// By default that of the customer, else that of the organization.
    currency: Option<schemas::CurrencyCode>,
    /// Its lines.
    #[schema(min_items = 1, max_items = 1_000)]
    items: Vec<NewLine>,
    /// When it is to be paid: today (UTC) or later, at most 10 years ahead; by default after the organization's payment
    /// terms.
    due_date: Option<schemas::CalendarDate>,
    /// Remarks.
    notes: Option<NotesText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// Who is to pay.
#[derive(ToSchema)]
#[schema(example = json!({"name": "Ada Lovelace Ltd", "email": "ada@example.com"}))]
pub(super) struct NewParty {
    /// What it is called.
    name: schemas::Name,
    /// Where it is written to.
    email: Option<schemas::EmailAddress>,
    /// Where it is.
    address: Option<schemas::Address>,
    /// Its tax number.
    tax_id: Option<schemas::TaxId>,
}

/// A line.
#[derive(ToSchema)]
#[schema(example = json!({"description": "Consulting", "quantity": "2.5", "unit_price_minor": 15_000, "tax_rate_bps": 1_600}))]
pub(super) struct NewLine {
    /// What it is for.
    description: DescriptionText,
    /// How much of it.
    quantity: QuantityNumber,
    /// What one unit costs, in minor units.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: i64,
    /// Its tax rate in basis points; 0 without it.
    tax_rate_bps: Option<schemas::BasisPoints>,
    /// UN/ECE Recommendation 20 code of its unit; `C62`, "one", without it.
    #[schema(pattern = "^[A-Z0-9]{1,3}$")]
    unit: Option<String>,
}

/// What is to be different in a draft. A field that is left out stays as it is.
#[derive(ToSchema)]
#[schema(example = json!({"notes": "Thank you!"}))]
pub(super) struct InvoiceChanges {
    /// What it is to be called; `null` for a number from the series.
    number: Option<schemas::InvoiceNumberText>,
    /// A registered customer, as it is now. Not together with `customer`.
    #[schema(required = false)]
    customer_id: Uuid,
    /// Somebody who is not registered. Not together with `customer_id`.
    #[schema(required = false)]
    customer: NewParty,
    /// What all its amounts are in.
    #[schema(required = false)]
    currency: schemas::CurrencyCode,
    /// Its lines, all of them.
    #[schema(required = false, min_items = 1, max_items = 1_000)]
    items: Vec<NewLine>,
    /// When it is to be paid: today (UTC) or later, at most 10 years ahead.
    #[schema(required = false)]
    due_date: schemas::CalendarDate,
    /// Remarks; `null` for none.
    notes: Option<NotesText>,
    /// Your own notes, all of them.
    #[schema(required = false)]
    metadata: schemas::Metadata,
}

/// A step in the life of an invoice.
#[derive(ToSchema)]
#[schema(example = json!({"status": "sent"}))]
pub(super) struct NewInvoiceStatus {
    /// Where to.
    status: InvoiceStatusName,
}

/// Remarks of several lines.
pub(super) struct NotesText;

impl PartialSchema for NotesText {
    fn schema() -> RefOr<Schema> {
        schemas::lines(
            ObjectBuilder::new().schema_type(Type::String),
            domain::values::Notes::LENGTH_MAX,
        )
        .into()
    }
}

impl ToSchema for NotesText {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Notes")
    }
}

/// What a line is for.
pub(super) struct DescriptionText;

impl PartialSchema for DescriptionText {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        schemas::some_lines(text, domain::values::Description::LENGTH_MAX).into()
    }
}

impl ToSchema for DescriptionText {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("LineDescription")
    }
}

/// More than 0 and at most 1,000,000,000: an integer, or a decimal string with at most 6 fraction digits.
pub(super) struct QuantityNumber;

impl PartialSchema for QuantityNumber {
    fn schema() -> RefOr<Schema> {
        let whole = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(1_000_000_000));
        // The greatest, or up to nine digits of which one, on either side of the point, is not 0.
        let decimal = ObjectBuilder::new().schema_type(Type::String).pattern(Some(
            "^(1000000000(\\.0{1,6})?|(?=[0-9.]*[1-9])[0-9]{1,9}(\\.[0-9]{1,6})?)$",
        ));
        OneOfBuilder::new()
            .item(whole)
            .item(decimal)
            .description(Some("More than 0, at most 1,000,000,000: an integer, or a decimal string with at most 6 fraction digits."))
            .into()
    }
}

impl ToSchema for QuantityNumber {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Quantity")
    }
}
