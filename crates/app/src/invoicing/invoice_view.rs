//! Invoices as they are shown.

use std::collections::BTreeMap;

use domain::{
    invoicing::{DueDate, InvoiceFacts, InvoiceStatus, LineItem, Party, TaxShare},
    values::Rounding,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ReviewView;
use crate::{customers::AddressView, wire};

/// A buyer or seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyView {
    /// What it is called.
    pub name: String,
    /// Where it is written to.
    pub email: Option<String>,
    /// Where it is.
    pub address: Option<AddressView>,
    /// Its tax number.
    pub tax_id: Option<String>,
}

impl From<&Party> for PartyView {
    fn from(party: &Party) -> Self {
        Self {
            name: party.name.as_str().to_owned(),
            email: party.email.as_ref().map(|email| email.as_str().to_owned()),
            address: party.address.as_ref().map(AddressView::from),
            tax_id: party.tax_id.as_ref().map(|id| id.as_str().to_owned()),
        }
    }
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// What it is for.
    pub description: String,
    /// How much of it: a decimal without trailing zeros.
    pub quantity: String,
    /// What one unit costs, in minor units.
    pub unit_price_minor: i64,
    /// Its tax rate, in basis points.
    pub tax_rate_bps: u16,
    /// UN/ECE Recommendation 20 code of its unit.
    pub unit: String,
    /// What the line comes to before tax, in minor units.
    pub net_minor: i64,
}

impl LineView {
    fn of(item: &LineItem, rounding: Rounding) -> Self {
        Self {
            description: item.description.as_str().to_owned(),
            quantity: item.quantity.to_string(),
            unit_price_minor: item.unit_price.as_minor(),
            tax_rate_bps: item.tax_rate.as_bps(),
            unit: item.unit.as_str().to_owned(),
            net_minor: item.net_minor(rounding).unwrap_or_default(),
        }
    }
}

/// What is taxed at one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxShareView {
    /// The rate, in basis points.
    pub tax_rate_bps: u16,
    /// What it applies to, in minor units.
    pub taxable_minor: i64,
    /// The tax on that, in minor units.
    pub tax_minor: i64,
}

impl From<&TaxShare> for TaxShareView {
    fn from(share: &TaxShare) -> Self {
        Self {
            tax_rate_bps: share.tax_rate.as_bps(),
            taxable_minor: share.taxable_minor,
            tax_minor: share.tax_minor,
        }
    }
}

/// An invoice without its lines, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceEntry {
    /// Which one.
    pub id: Uuid,
    /// What it is called, once that is known.
    pub number: Option<String>,
    /// Where it stands.
    #[serde(with = "wire::invoice_status")]
    pub status: InvoiceStatus,
    /// What the validation service thinks of it.
    pub review: ReviewView,
    /// The registered customer it was made for.
    pub customer_id: Option<Uuid>,
    /// Who has to pay it.
    pub customer: PartyView,
    /// ISO 4217 code of what its amounts are in.
    pub currency: String,
    /// The sum of the lines, in minor units.
    pub subtotal_minor: i64,
    /// What vouchers take off.
    pub discount_minor: i64,
    /// The sum of the taxes.
    pub tax_minor: i64,
    /// What it comes to.
    pub total_minor: i64,
    /// What was paid.
    pub amount_paid_minor: i64,
    /// What is still to be paid.
    pub amount_due_minor: i64,
    /// When it is to be paid.
    pub due_date: Date,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// When it left draft.
    #[serde(with = "wire::optional_instant")]
    pub issued_at: Option<Timestamp>,
    /// When it was settled.
    #[serde(with = "wire::optional_instant")]
    pub paid_at: Option<Timestamp>,
    /// When it was withdrawn.
    #[serde(with = "wire::optional_instant")]
    pub cancelled_at: Option<Timestamp>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl InvoiceEntry {
    /// Whether it is overdue on a day (UTC).
    pub fn is_overdue(&self, today: Date) -> bool {
        let due_date = DueDate::restore(self.due_date);
        let due_minor = i128::from(self.amount_due_minor);
        self.status.is_overdue(due_minor, due_date, today)
    }

    /// Whether it has become overdue by the mere end of a day: as it was changed last, it was not overdue yet.
    pub fn is_overdue_since_its_change(&self, today: Date) -> bool {
        let changed_on = self.updated_at.to_zoned(TimeZone::UTC).date();
        self.is_overdue(today) && !self.is_overdue(changed_on)
    }
}

/// An invoice, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceView {
    /// All but the following.
    #[serde(flatten)]
    pub entry: InvoiceEntry,
    /// Who issued it, once it is issued.
    pub seller: Option<PartyView>,
    /// Its lines.
    pub items: Vec<LineView>,
    /// Its taxes by rate.
    pub tax_breakdown: Vec<TaxShareView>,
    /// Remarks.
    pub notes: Option<String>,
}

impl From<&InvoiceFacts> for InvoiceView {
    fn from(facts: &InvoiceFacts) -> Self {
        let contents = &facts.contents;
        let line = |item| LineView::of(item, contents.rounding);
        Self {
            entry: InvoiceEntry::from(facts),
            seller: facts
                .state
                .issue()
                .map(|issue| PartyView::from(&issue.seller)),
            items: contents.items.as_slice().iter().map(line).collect(),
            tax_breakdown: facts
                .totals
                .breakdown
                .iter()
                .map(TaxShareView::from)
                .collect(),
            notes: contents
                .notes
                .as_ref()
                .map(|notes| notes.as_str().to_owned()),
        }
    }
}

impl From<&InvoiceFacts> for InvoiceEntry {
    fn from(facts: &InvoiceFacts) -> Self {
        let (contents, totals, state) = (&facts.contents, &facts.totals, &facts.state);
        Self {
            id: facts.id.as_uuid(),
            number: facts.number().map(|number| number.as_str().to_owned()),
            status: state.status(),
            review: ReviewView::from(&facts.review),
            customer_id: contents.customer_id.map(|id| id.as_uuid()),
            customer: PartyView::from(&contents.customer),
            currency: contents.currency.code().to_owned(),
            subtotal_minor: totals.subtotal_minor,
            discount_minor: totals.discount_minor,
            tax_minor: totals.tax_minor,
            total_minor: totals.total_minor,
            amount_paid_minor: facts.amount_paid_minor,
            amount_due_minor: facts.amount_due_minor(),
            due_date: contents.due_date.as_date(),
            metadata: contents.metadata.pairs().clone(),
            issued_at: state.issue().map(|issue| issue.issued_at),
            paid_at: state.paid_at(),
            cancelled_at: state.cancelled_at(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
