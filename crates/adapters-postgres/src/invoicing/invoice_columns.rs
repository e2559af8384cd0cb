//! How an invoice becomes the columns of its row.

use app::invoicing::InvoiceView;
use domain::invoicing::InvoiceFacts;
use tokio_postgres::types::Json;

use crate::{search_grams::grams, unit_of_work::OwnedParam, values::folded};

/// Stands between words in a list of them: a parameter that is a list itself could not be one of many in a list.
const BETWEEN_WORDS: &str = "\x1f";

/// The columns `id` to `version`, in the order of the table, and the words that the name of the customer is found by.
pub(super) fn columns(facts: &InvoiceFacts) -> Vec<OwnedParam> {
    let InvoiceView {
        entry,
        seller,
        items,
        tax_breakdown,
        notes,
    } = InvoiceView::from(facts);
    let name_folded = folded(&entry.customer.name);
    let grams = grams(facts.organization_id, &name_folded);
    vec![
        Box::new(entry.id),
        Box::new(facts.organization_id.as_uuid()),
        Box::new(entry.number),
        Box::new(entry.status.code()),
        Box::new(entry.customer_id),
        Box::new(name_folded),
        Box::new(Json(entry.customer)),
        Box::new(seller.map(Json)),
        Box::new(entry.currency),
        Box::new(Json(items)),
        Box::new(entry.subtotal_minor),
        Box::new(entry.discount_minor),
        Box::new(entry.tax_minor),
        Box::new(entry.total_minor),
        Box::new(entry.amount_paid_minor),
        Box::new(Json(tax_breakdown)),
        Box::new(facts.contents.rounding.code()),
        Box::new(entry.due_date),
        Box::new(notes),
        Box::new(Json(entry.metadata)),
        Box::new(entry.issued_at),
        Box::new(entry.paid_at),
        Box::new(entry.cancelled_at),
        Box::new(entry.created_at),
        Box::new(entry.updated_at),
        Box::new(entry.version),
        Box::new(grams.join(BETWEEN_WORDS)),
    ]
}
