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
    values::{Currency, Notes, Rounding},
    version::Version,
};
use jiff::Timestamp;
use tokio_postgres::Row;

use super::invoice_documents::{ENTITY, breakdown_from, items_from, party_from};
use super::review_document::{review_from, review_view_from};
use crate::{columns::Columns, error::corrupt};

/// The columns of an [`InvoiceEntry`].
pub(super) const ENTRY_COLUMNS: &str = "id, number, status, review, customer_id, customer, currency, subtotal_minor, \
    discount_minor, tax_minor, total_minor, amount_paid_minor, due_date, metadata, issued_at, paid_at, cancelled_at, \
    created_at, updated_at, version";

/// The columns of an [`InvoiceView`].
pub(super) const VIEW_COLUMNS: &str = "id, number, status, review, customer_id, customer, currency, subtotal_minor, \
    discount_minor, tax_minor, total_minor, amount_paid_minor, due_date, metadata, issued_at, paid_at, cancelled_at, \
    created_at, updated_at, version, seller, items, tax_breakdown, notes";

/// The columns of the facts of an aggregate.
pub(super) const FACTS_COLUMNS: &str = "id, organization_id, number, status, review, customer_id, customer, seller, currency, \
    items, subtotal_minor, discount_minor, tax_minor, total_minor, amount_paid_minor, tax_breakdown, rounding, \
    due_date, notes, metadata, issued_at, paid_at, cancelled_at, created_at, updated_at, version";

pub(super) fn view_from(row: &Row) -> Result<InvoiceView, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(InvoiceView {
        entry: entry_from(row)?,
        seller: columns.json_optional("seller")?,
        items: columns.json("items")?,
        tax_breakdown: columns.json("tax_breakdown")?,
        notes: columns.get("notes")?,
    })
}

pub(super) fn entry_from(row: &Row) -> Result<InvoiceEntry, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let status = columns.parse("status", InvoiceStatus::parse)?;
    let total_minor: i64 = columns.get("total_minor")?;
    let amount_paid_minor: i64 = columns.get("amount_paid_minor")?;
    let amount_due_minor = match status {
        InvoiceStatus::Cancelled => 0,
        _ => total_minor - amount_paid_minor,
    };
    Ok(InvoiceEntry {
        id: columns.get("id")?,
        number: columns.get("number")?,
        status,
        review: review_view_from(columns)?,
        customer_id: columns.get("customer_id")?,
        customer: columns.json("customer")?,
        currency: columns.get("currency")?,
        subtotal_minor: columns.get("subtotal_minor")?,
        discount_minor: columns.get("discount_minor")?,
        tax_minor: columns.get("tax_minor")?,
        total_minor,
        amount_paid_minor,
        amount_due_minor,
        due_date: columns.get("due_date")?,
        metadata: columns.json("metadata")?,
        issued_at: columns.get("issued_at")?,
        paid_at: columns.get("paid_at")?,
        cancelled_at: columns.get("cancelled_at")?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: columns.get("version")?,
    })
}

/// A row as the facts of an aggregate.
pub(super) fn facts_from(row: &Row) -> Result<InvoiceFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(InvoiceFacts {
        id: InvoiceId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        contents: contents_from(columns)?,
        totals: totals_from(columns)?,
        amount_paid_minor: columns.get("amount_paid_minor")?,
        state: state_from(columns)?,
        review: review_from(columns)?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}

fn contents_from(columns: Columns<'_>) -> Result<InvoiceContents, StorageError> {
    let customer_id: Option<uuid::Uuid> = columns.get("customer_id")?;
    let items: Vec<LineView> = columns.json("items")?;
    Ok(InvoiceContents {
        number: columns.parse_optional("number", InvoiceNumber::parse)?,
        customer_id: customer_id.map(CustomerId::from_uuid),
        customer: party_from(&columns.json("customer")?)?,
        currency: columns.parse("currency", Currency::restore)?,
        items: items_from(&items)?,
        due_date: DueDate::restore(columns.get("due_date")?),
        notes: columns.parse_optional("notes", Notes::parse)?,
        metadata: columns.metadata()?,
        rounding: columns.parse("rounding", Rounding::parse)?,
    })
}

fn totals_from(columns: Columns<'_>) -> Result<Totals, StorageError> {
    let breakdown: Vec<TaxShareView> = columns.json("tax_breakdown")?;
    Ok(Totals {
        subtotal_minor: columns.get("subtotal_minor")?,
        discount_minor: columns.get("discount_minor")?,
        tax_minor: columns.get("tax_minor")?,
        total_minor: columns.get("total_minor")?,
        breakdown: breakdown_from(&breakdown)?,
    })
}

fn state_from(columns: Columns<'_>) -> Result<InvoiceState, StorageError> {
    let missing = |what: &str| corrupt(ENTITY, format!("{what} is missing"));
    let issue = issue_from(columns)?;
    let issued = || {
        issue
            .clone()
            .ok_or_else(|| missing("issued_at, number or seller"))
    };
    let instant = |column: &'static str| {
        let instant: Option<Timestamp> = columns.get(column)?;
        instant.ok_or_else(|| missing(column))
    };
    Ok(match columns.parse("status", InvoiceStatus::parse)? {
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

fn issue_from(columns: Columns<'_>) -> Result<Option<Issue>, StorageError> {
    let number = columns.parse_optional("number", InvoiceNumber::parse)?;
    let issued_at: Option<Timestamp> = columns.get("issued_at")?;
    let seller: Option<PartyView> = columns.json_optional("seller")?;
    let (Some(number), Some(issued_at), Some(seller)) = (number, issued_at, seller) else {
        return Ok(None);
    };
    Ok(Some(Issue {
        number,
        issued_at,
        seller: party_from(&seller)?,
    }))
}
