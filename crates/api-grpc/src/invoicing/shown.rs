//! Invoices as messages.

use app::{
    customers::AddressView,
    invoicing::{
        InvoiceEntry, InvoiceView, LineView, PartyView, ReviewReasonView, ReviewView, TaxShareView,
    },
};
use domain::invoicing::InvoiceFacts;
use jiff::civil::Date;

use crate::proto::{
    Word as _, stamp,
    v1::{
        Address, Invoice, InvoiceLine, InvoiceStatus, Party, Review, ReviewReason, ReviewStatus,
        TaxShare,
    },
};

/// An invoice as it is after a change, as of a day.
pub(crate) fn changed(facts: &InvoiceFacts, today: Date) -> Invoice {
    whole(&InvoiceView::from(facts), today)
}

/// An invoice, whole, as of a day.
pub(super) fn whole(view: &InvoiceView, today: Date) -> Invoice {
    Invoice {
        seller: view.seller.as_ref().map(party),
        items: view.items.iter().map(line).collect(),
        tax_breakdown: view.tax_breakdown.iter().map(tax_share).collect(),
        notes: view.notes.clone(),
        ..entry(&view.entry, today)
    }
}

/// An invoice as lists show it, as of a day.
pub(super) fn entry(entry: &InvoiceEntry, today: Date) -> Invoice {
    Invoice {
        id: entry.id.to_string(),
        number: entry.number.clone(),
        status: InvoiceStatus::number(entry.status.code()),
        customer_id: entry.customer_id.map(|id| id.to_string()),
        customer: Some(party(&entry.customer)),
        currency: entry.currency.clone(),
        subtotal_minor: entry.subtotal_minor,
        discount_minor: entry.discount_minor,
        tax_minor: entry.tax_minor,
        total_minor: entry.total_minor,
        amount_paid_minor: entry.amount_paid_minor,
        amount_due_minor: entry.amount_due_minor,
        due_date: entry.due_date.to_string(),
        is_overdue: entry.is_overdue(today),
        metadata: entry.metadata.clone(),
        issued_at: entry.issued_at.map(stamp),
        paid_at: entry.paid_at.map(stamp),
        cancelled_at: entry.cancelled_at.map(stamp),
        created_at: Some(stamp(entry.created_at)),
        updated_at: Some(stamp(entry.updated_at)),
        version: entry.version,
        review: Some(review(&entry.review)),
        seller: None,
        items: Vec::new(),
        tax_breakdown: Vec::new(),
        notes: None,
    }
}

fn review(view: &ReviewView) -> Review {
    let reason = |reason: &ReviewReasonView| ReviewReason {
        code: reason.code.clone(),
        message: reason.message.clone(),
    };
    Review {
        status: ReviewStatus::number(&view.status),
        reasons: view.reasons.iter().map(reason).collect(),
        reviewed_at: view.reviewed_at.map(stamp),
    }
}

fn party(view: &PartyView) -> Party {
    Party {
        name: Some(view.name.clone()),
        email: view.email.clone(),
        address: view.address.as_ref().map(address),
        tax_id: view.tax_id.clone(),
    }
}

fn address(view: &AddressView) -> Address {
    Address {
        line1: view.line1.clone(),
        line2: view.line2.clone(),
        city: view.city.clone(),
        postal_code: view.postal_code.clone(),
        region: view.region.clone(),
        country: Some(view.country.clone()),
    }
}

fn line(view: &LineView) -> InvoiceLine {
    InvoiceLine {
        description: view.description.clone(),
        quantity: view.quantity.clone(),
        unit_price_minor: view.unit_price_minor,
        tax_rate_bps: view.tax_rate_bps.into(),
        unit: view.unit.clone(),
        net_minor: view.net_minor,
    }
}

fn tax_share(view: &TaxShareView) -> TaxShare {
    TaxShare {
        tax_rate_bps: view.tax_rate_bps.into(),
        taxable_minor: view.taxable_minor,
        tax_minor: view.tax_minor,
    }
}
