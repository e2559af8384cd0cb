//! The fields of an invoice in a request.

use app::{
    invoicing::{BillTo, InvoiceChanges},
    platform::Caller,
};
use domain::{
    ids::CustomerId,
    invoicing::{
        DueDate, InvoiceNumber, LineItem, LineItems, Party, Quantity, TaxRate, UnitCode, UnitPrice,
    },
    values::{Description, Name, Notes},
};
use jiff::civil::Date;

use crate::input::{
    Fields, Value,
    readers::{address, currency, decimal, email, id, integer, metadata, parse_date, tax_id, text},
};

/// Reads a new invoice.
pub(super) fn new_invoice(
    fields: &mut Fields<'_>,
    caller: Caller,
    today: Date,
) -> Option<app::invoicing::CreateInvoice> {
    let bill_to = match bill_to(fields) {
        Named::Nobody => fields.refuse(
            "customer",
            "required",
            "customer_id or customer must be given",
        ),
        Named::Somebody(bill_to) => Some(bill_to),
        Named::Wrongly => None,
    };
    let number = fields.optional("number", text(InvoiceNumber::parse));
    let currency = fields.optional("currency", currency);
    let items = fields.required("items", items);
    let due_date = fields.optional("due_date", due_date(today));
    let notes = fields.optional("notes", text(Notes::parse));
    let metadata = fields.optional("metadata", metadata);
    Some(app::invoicing::CreateInvoice {
        caller,
        bill_to: bill_to?,
        number: number?,
        currency: currency?,
        items: items?,
        due_date: due_date?,
        notes: notes?,
        metadata: metadata?.unwrap_or_default(),
    })
}

/// Reads what is to be different in a draft.
pub(super) fn invoice_changes(fields: &mut Fields<'_>, today: Date) -> Option<InvoiceChanges> {
    let bill_to = match bill_to(fields) {
        Named::Nobody => Some(None),
        Named::Somebody(bill_to) => Some(Some(bill_to)),
        Named::Wrongly => None,
    };
    let number = fields.clearable("number", text(InvoiceNumber::parse));
    let currency = fields.change("currency", currency);
    let items = fields.change("items", items);
    let due_date = fields.change("due_date", due_date(today));
    let notes = fields.clearable("notes", text(Notes::parse));
    let metadata = fields.change("metadata", metadata);
    Some(InvoiceChanges {
        number: number?,
        bill_to: bill_to?,
        currency: currency?,
        items: items?,
        due_date: due_date?,
        notes: notes?,
        metadata: metadata?,
    })
}

/// Who a body names as the one to pay.
enum Named {
    Nobody,
    Somebody(BillTo),
    /// What is wrong is noted.
    Wrongly,
}

/// Reads `customer_id` and `customer`, of which one may be there.
fn bill_to(fields: &mut Fields<'_>) -> Named {
    let registered = fields.optional("customer_id", id(CustomerId::from_uuid));
    let inline = fields.optional("customer", party);
    match (registered, inline) {
        (Some(Some(_)), Some(Some(_))) => {
            let message = "must not be given together with customer_id";
            let _noted: Option<()> = fields.refuse("customer", "conflict", message);
            Named::Wrongly
        }
        (Some(Some(id)), Some(None)) => Named::Somebody(BillTo::Registered(id)),
        (Some(None), Some(Some(party))) => Named::Somebody(BillTo::Inline(party)),
        (Some(None), Some(None)) => Named::Nobody,
        (None, _) | (_, None) => Named::Wrongly,
    }
}

fn party(value: Value<'_>) -> Option<Party> {
    value.object(|fields| {
        let name = fields.required("name", text(Name::parse));
        let email = fields.optional("email", email);
        let address = fields.optional("address", address);
        let tax_id = fields.optional("tax_id", tax_id);
        Some(Party {
            name: name?,
            email: email?,
            address: address?,
            tax_id: tax_id?,
        })
    })
}

fn items(value: Value<'_>) -> Option<LineItems> {
    let items = value.list(|line| line.object(item))?;
    value.accept(LineItems::new(items))
}

fn item(fields: &mut Fields<'_>) -> Option<LineItem> {
    let description = fields.required("description", text(Description::parse));
    let quantity = fields.required("quantity", decimal(Quantity::parse));
    let unit_price = fields.required("unit_price_minor", integer(UnitPrice::from_minor));
    let tax_rate = fields.optional("tax_rate_bps", integer(TaxRate::from_bps));
    let unit = fields.optional("unit", text(UnitCode::parse));
    Some(LineItem {
        description: description?,
        quantity: quantity?,
        unit_price: unit_price?,
        tax_rate: tax_rate?.unwrap_or(TaxRate::ZERO),
        unit: unit?.unwrap_or_default(),
    })
}

fn due_date(today: Date) -> impl FnOnce(Value<'_>) -> Option<DueDate> {
    text(move |raw| parse_date(raw).and_then(|date| DueDate::chosen(date, today)))
}
