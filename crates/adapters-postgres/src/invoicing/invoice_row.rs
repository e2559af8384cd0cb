//! How a row of `invoices` becomes facts or a read model.

use app::{
    invoicing::{InvoiceEntry, InvoiceView, LineView, PartyView, TaxShareView},
    ports::StorageError,
};
use domain::{
    ids::{CustomerId, InvoiceId, OrganizationId},
    invoicing::{
        DueDate, InvoiceContents, InvoiceFacts, InvoiceNumber, InvoiceState, InvoiceStatus, Issue,
        Totals,
    },
    values::{Currency, Notes},
    version::Version,
};
use jiff::Timestamp;
use tokio_postgres::{Row, types::Json};

use super::invoice_documents::{ENTITY, breakdown_from, items_from, party_from};
use crate::{
    error::corrupt,
    values::{corrupt_value, metadata_from, optional, rounding_from},
};

/// The columns of an [`InvoiceEntry`].
pub(super) const ENTRY_COLUMNS: &str = "id, number, status, customer_id, customer, currency, subtotal_minor, \
    discount_minor, tax_minor, total_minor, amount_paid_minor, due_date, metadata, issued_at, paid_at, cancelled_at, \
    created_at, updated_at, version";

/// The columns of an [`InvoiceView`].
pub(super) const VIEW_COLUMNS: &str = "id, number, status, customer_id, customer, currency, subtotal_minor, \
    discount_minor, tax_minor, total_minor, amount_paid_minor, due_date, metadata, issued_at, paid_at, cancelled_at, \
    created_at, updated_at, version, seller, items, tax_breakdown, notes";

pub(super) fn view_from(row: &Row) -> Result<InvoiceView, StorageError> {
    let Json(items): Json<Vec<LineView>> = row.get("items");
    let Json(tax_breakdown): Json<Vec<TaxShareView>> = row.get("tax_breakdown");
    let seller: Option<Json<PartyView>> = row.get("seller");
    Ok(InvoiceView {
        entry: entry_from(row)?,
        seller: seller.map(|Json(seller)| seller),
        items,
        tax_breakdown,
        notes: row.get("notes"),
    })
}

pub(super) fn entry_from(row: &Row) -> Result<InvoiceEntry, StorageError> {
    let status = status_from(row.get("status"))?;
    let Json(customer): Json<PartyView> = row.get("customer");
    let Json(metadata) = row.get("metadata");
    let (total_minor, amount_paid_minor): (i64, i64) =
        (row.get("total_minor"), row.get("amount_paid_minor"));
    let amount_due_minor = match status {
        InvoiceStatus::Cancelled => 0,
        _ => total_minor - amount_paid_minor,
    };
    Ok(InvoiceEntry {
        id: row.get("id"),
        number: row.get("number"),
        status,
        customer_id: row.get("customer_id"),
        customer,
        currency: row.get("currency"),
        subtotal_minor: row.get("subtotal_minor"),
        discount_minor: row.get("discount_minor"),
        tax_minor: row.get("tax_minor"),
        total_minor,
        amount_paid_minor,
        amount_due_minor,
        due_date: row.get("due_date"),
        metadata,
        issued_at: row.get("issued_at"),
        paid_at: row.get("paid_at"),
        cancelled_at: row.get("cancelled_at"),
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        version: row.get("version"),
    })
}

pub(super) fn status_from(code: &str) -> Result<InvoiceStatus, StorageError> {
    InvoiceStatus::parse(code).map_err(|why| corrupt_value(ENTITY, why))
}

/// A whole row as the facts of an aggregate.
pub(super) fn facts_from(row: &Row) -> Result<InvoiceFacts, StorageError> {
    Ok(InvoiceFacts {
        id: InvoiceId::from_uuid(row.get("id")),
        organization_id: OrganizationId::from_uuid(row.get("organization_id")),
        contents: contents_from(row)?,
        totals: totals_from(row)?,
        amount_paid_minor: row.get("amount_paid_minor"),
        state: state_from(row)?,
        created_at: row.get("created_at"),
        updated_at: row.get("updated_at"),
        version: Version::new(row.get("version")),
    })
}

fn contents_from(row: &Row) -> Result<InvoiceContents, StorageError> {
    let Json(customer): Json<PartyView> = row.get("customer");
    let Json(items): Json<Vec<LineView>> = row.get("items");
    let customer_id: Option<uuid::Uuid> = row.get("customer_id");
    let currency = Currency::parse(row.get("currency"));
    Ok(InvoiceContents {
        number: optional(row.get("number"), InvoiceNumber::parse, ENTITY)?,
        customer_id: customer_id.map(CustomerId::from_uuid),
        customer: party_from(&customer)?,
        currency: currency.map_err(|why| corrupt_value(ENTITY, why))?,
        items: items_from(&items)?,
        due_date: DueDate::restore(row.get("due_date")),
        notes: optional(row.get("notes"), Notes::parse, ENTITY)?,
        metadata: metadata_from(row.get("metadata")),
        rounding: rounding_from(row.get("rounding"), ENTITY)?,
    })
}

fn totals_from(row: &Row) -> Result<Totals, StorageError> {
    let Json(breakdown): Json<Vec<TaxShareView>> = row.get("tax_breakdown");
    Ok(Totals {
        subtotal_minor: row.get("subtotal_minor"),
        discount_minor: row.get("discount_minor"),
        tax_minor: row.get("tax_minor"),
        total_minor: row.get("total_minor"),
        breakdown: breakdown_from(&breakdown)?,
    })
}

fn state_from(row: &Row) -> Result<InvoiceState, StorageError> {
    let missing = |what: &str| corrupt(ENTITY, format!("{what} is missing"));
    let issue = issue_from(row)?;
    let issued = || {
        issue
            .clone()
            .ok_or_else(|| missing("issued_at, number or seller"))
    };
    let instant = |column: &'static str| {
        let instant: Option<Timestamp> = row.get(column);
        instant.ok_or_else(|| missing(column))
    };
    Ok(match status_from(row.get("status"))? {
        InvoiceStatus::Draft => InvoiceState::Draft,
        InvoiceStatus::Sent => InvoiceState::Sent(issued()?),
        InvoiceStatus::Viewed => InvoiceState::Viewed(issued()?),
        InvoiceStatus::Overdue => InvoiceState::Overdue(issued()?),
        InvoiceStatus::Paid => InvoiceState::Paid {
            issue: issued()?,
            paid_at: instant("paid_at")?,
        },
        InvoiceStatus::Cancelled => InvoiceState::Cancelled {
            issue,
            cancelled_at: instant("cancelled_at")?,
        },
    })
}

fn issue_from(row: &Row) -> Result<Option<Issue>, StorageError> {
    let number = optional(row.get("number"), InvoiceNumber::parse, ENTITY)?;
    let issued_at: Option<Timestamp> = row.get("issued_at");
    let seller: Option<Json<PartyView>> = row.get("seller");
    let (Some(number), Some(issued_at), Some(Json(seller))) = (number, issued_at, seller) else {
        return Ok(None);
    };
    Ok(Some(Issue {
        number,
        issued_at,
        seller: party_from(&seller)?,
    }))
}
