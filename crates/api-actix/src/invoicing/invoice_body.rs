//! Invoices on the wire, whole.

use app::invoicing::{InvoiceView, LineView, TaxShareView};
use domain::invoicing::InvoiceFacts;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::invoice_entry::{InvoiceEntryBody, PartyBody};
use crate::{answer::Answer, schemas};

/// A line of an invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceLine)]
pub(super) struct LineBody<'a> {
    /// What it is for.
    #[schema(example = "Consulting")]
    description: &'a str,
    /// How much of it: a decimal without trailing zeros.
    #[schema(example = "2.5")]
    quantity: &'a str,
    /// What one unit costs, in minor units.
    #[schema(value_type = schemas::AmountMinor)]
    unit_price_minor: i64,
    /// Its tax rate in basis points.
    #[schema(value_type = schemas::BasisPoints)]
    tax_rate_bps: u16,
    /// UN/ECE Recommendation 20 code of its unit.
    #[schema(example = "HUR")]
    unit: &'a str,
    /// What the line comes to before tax, in minor units.
    #[schema(value_type = schemas::AmountMinor)]
    net_minor: i64,
}

impl<'a> From<&'a LineView> for LineBody<'a> {
    fn from(view: &'a LineView) -> Self {
        Self {
            description: &view.description,
            quantity: &view.quantity,
            unit_price_minor: view.unit_price_minor,
            tax_rate_bps: view.tax_rate_bps,
            unit: &view.unit,
            net_minor: view.net_minor,
        }
    }
}

/// What is taxed at one rate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaxShare)]
pub(super) struct TaxShareBody {
    /// The rate in basis points.
    #[schema(value_type = schemas::BasisPoints)]
    tax_rate_bps: u16,
    /// What of the invoice it applies to, in minor units.
    #[schema(value_type = schemas::AmountMinor)]
    taxable_minor: i64,
    /// The tax on that, in minor units.
    #[schema(value_type = schemas::AmountMinor)]
    tax_minor: i64,
}

impl From<&TaxShareView> for TaxShareBody {
    fn from(view: &TaxShareView) -> Self {
        Self {
            tax_rate_bps: view.tax_rate_bps,
            taxable_minor: view.taxable_minor,
            tax_minor: view.tax_minor,
        }
    }
}

/// An invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invoice, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "number": "INV-2026-000001",
    "status": "sent",
    "review": {"status": "approved", "reasons": [], "reviewed_at": "2026-11-20T13:01:00.654321Z"},
    "customer_id": null,
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
    "issued_at": "2026-11-20T13:02:11.123456Z",
    "paid_at": null,
    "cancelled_at": null,
    "created_at": "2026-11-20T13:01:00.000000Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "version": 3,
    "seller": {"name": "Analytical Engines Ltd", "email": null, "address": null, "tax_id": null},
    "items": [{
        "description": "Consulting",
        "quantity": "10",
        "unit_price_minor": 15_000,
        "tax_rate_bps": 1_600,
        "unit": "HUR",
        "net_minor": 150_000,
    }],
    "tax_breakdown": [{"tax_rate_bps": 1_600, "taxable_minor": 150_000, "tax_minor": 24_000}],
    "notes": null,
}))]
pub(crate) struct InvoiceBody<'a> {
    #[serde(flatten)]
    #[schema(value_type = InvoiceEntryBody<'static>)]
    entry: InvoiceEntryBody<'a>,
    /// Who issued it, once it is issued.
    #[schema(value_type = Option<PartyBody<'static>>)]
    seller: Option<PartyBody<'a>>,
    /// Its lines.
    #[schema(value_type = Vec<LineBody<'static>>)]
    items: Vec<LineBody<'a>>,
    /// Its taxes by rate, lowest first.
    tax_breakdown: Vec<TaxShareBody>,
    /// Remarks.
    notes: Option<&'a str>,
}

impl<'a> InvoiceBody<'a> {
    /// An invoice as of a day.
    pub(super) fn of(view: &'a InvoiceView, today: Date) -> Self {
        Self {
            entry: InvoiceEntryBody::of(&view.entry, today),
            seller: view.seller.as_ref().map(PartyBody::from),
            items: view.items.iter().map(LineBody::from).collect(),
            tax_breakdown: view.tax_breakdown.iter().map(TaxShareBody::from).collect(),
            notes: view.notes.as_deref(),
        }
    }
}

/// Shows an invoice as it is after a change, as of a day.
pub(crate) fn changed(today: Date) -> impl Fn(&InvoiceFacts) -> Answer + Send + Sync {
    move |facts| {
        let view = InvoiceView::from(facts);
        Answer::single(facts.version, &InvoiceBody::of(&view, today))
    }
}
