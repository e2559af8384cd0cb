//! Requests about invoices as documents.

use api_shared::input::Json;

use crate::{
    document::{Asks, Document, Parameters},
    proto::v1::{
        Address, ChangeStatusRequest, CreateInvoiceRequest, DeleteInvoiceRequest,
        GetInvoiceRequest, InvoiceItem, InvoiceStatus, ListInvoicesRequest, Party,
        UpdateInvoiceRequest,
    },
};

impl Asks for GetInvoiceRequest {}

impl Asks for DeleteInvoiceRequest {}

impl Asks for CreateInvoiceRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("customer_id", self.customer_id.as_ref())
            .document("customer", self.customer.as_ref().map(party))
            .text("number", self.number.as_ref())
            .text("currency", self.currency.as_ref())
            .list("items", &self.items, item)
            .text("due_date", self.due_date.as_ref())
            .text("notes", self.notes.as_ref())
            .metadata(&self.metadata)
            .whole()
    }
}

impl Asks for UpdateInvoiceRequest {
    fn body(&self) -> Json {
        Document::default()
            .text("customer_id", self.customer_id.as_ref())
            .document("customer", self.customer.as_ref().map(party))
            .text("number", self.number.as_ref())
            .text("currency", self.currency.as_ref())
            .list("items", &self.items, item)
            .text("due_date", self.due_date.as_ref())
            .text("notes", self.notes.as_ref())
            .metadata(&self.metadata)
            .masked(self.update_mask.as_ref())
    }
}

impl Asks for ChangeStatusRequest {
    fn body(&self) -> Json {
        Document::default()
            .word::<InvoiceStatus>("status", self.status)
            .whole()
    }
}

impl Asks for ListInvoicesRequest {
    const LIST: &'static str = "/api/v1/invoices";

    fn parameters(&self) -> Vec<(&'static str, String)> {
        Parameters::default()
            .words::<InvoiceStatus>("status", &self.status)
            .text("client", self.client.as_ref())
            .text("customer_id", self.customer_id.as_ref())
            .text("number", self.number.as_ref())
            .text("from_date", self.from_date.as_ref())
            .text("to_date", self.to_date.as_ref())
            .text("due_from", self.due_from.as_ref())
            .text("due_to", self.due_to.as_ref())
            .flag("overdue", self.overdue)
            .text("currency", self.currency.as_ref())
            .number("min_total_minor", self.min_total_minor)
            .number("max_total_minor", self.max_total_minor)
            .number("limit", self.limit)
            .text("cursor", self.cursor.as_ref())
            .all()
    }
}

fn party(party: &Party) -> Json {
    Document::default()
        .text("name", party.name.as_ref())
        .text("email", party.email.as_ref())
        .document("address", party.address.as_ref().map(address))
        .text("tax_id", party.tax_id.as_ref())
        .whole()
}

fn address(address: &Address) -> Json {
    Document::default()
        .text("line1", address.line1.as_ref())
        .text("line2", address.line2.as_ref())
        .text("city", address.city.as_ref())
        .text("postal_code", address.postal_code.as_ref())
        .text("region", address.region.as_ref())
        .text("country", address.country.as_ref())
        .whole()
}

fn item(item: &InvoiceItem) -> Json {
    Document::default()
        .text("description", item.description.as_ref())
        .text("quantity", item.quantity.as_ref())
        .number("unit_price_minor", item.unit_price_minor)
        .number("tax_rate_bps", item.tax_rate_bps)
        .text("unit", item.unit.as_ref())
        .whole()
}
