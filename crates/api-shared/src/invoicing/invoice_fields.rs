//! The fields of an invoice in a request.

use app::{
    invoicing::{BillTo, CreateInvoice, InvoiceChanges},
    platform::Caller,
};
use domain::{
    ids::CustomerId,
    invoicing::{
        DueDate, InvoiceNumber, InvoiceStatus, LineItem, LineItems, Party, Quantity, TaxRate,
        UnitCode, UnitPrice,
    },
    values::{Description, Name, Notes},
};
use jiff::civil::Date;

use crate::input::{
    Fields, Value,
    readers::{address, currency, decimal, email, id, integer, metadata, parse_date, tax_id, text},
};

/// When what is read was to be right.
#[derive(Debug, Clone, Copy)]
pub enum AsOf {
    /// Today, which is this day.
    Today(Date),
    /// Today or on a day before, as a request that is repeated was when it was sent first.
    TodayOrBefore(Date),
}

/// Reads a new invoice.
pub fn new_invoice(fields: &mut Fields<'_>, caller: Caller, as_of: AsOf) -> Option<CreateInvoice> {
    let registered = fields.optional("customer_id", customer_id);
    let inline = fields.optional("customer", party);
    let bill_to = match bill_to(fields, registered, inline) {
        Named::Nobody => {
            let message = "must be given, or customer_id instead";
            fields.refuse("customer", "required", message)
        }
        Named::Somebody(bill_to) => Some(bill_to),
        Named::Wrongly => None,
    };
    let number = fields.optional("number", text(InvoiceNumber::parse));
    let currency = fields.optional("currency", currency);
    let items = fields.required("items", items);
    let due_date = fields.optional("due_date", due_date(as_of));
    let notes = fields.optional("notes", text(Notes::parse));
    let metadata = fields.optional("metadata", metadata);
    Some(CreateInvoice {
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
pub fn invoice_changes(fields: &mut Fields<'_>, as_of: AsOf) -> Option<InvoiceChanges> {
    let registered = fields.change("customer_id", customer_id);
    let inline = fields.change("customer", party);
    let bill_to = match bill_to(fields, registered, inline) {
        Named::Nobody => Some(None),
        Named::Somebody(bill_to) => Some(Some(bill_to)),
        Named::Wrongly => None,
    };
    let number = fields.clearable("number", text(InvoiceNumber::parse));
    let currency = fields.change("currency", currency);
    let items = fields.change("items", items);
    let due_date = fields.change("due_date", due_date(as_of));
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

/// Reads where an invoice is to stand.
pub fn new_status(fields: &mut Fields<'_>) -> Option<InvoiceStatus> {
    fields.required("status", text(InvoiceStatus::parse))
}

/// Who a body names as the one to pay.
enum Named {
    Nobody,
    Somebody(BillTo),
    /// What is wrong is noted.
    Wrongly,
}

/// Decides between `customer_id` and `customer`, of which one may be there.
#[expect(
    clippy::option_option,
    reason = "faulty, absent and there are three different things"
)]
fn bill_to(
    fields: &mut Fields<'_>,
    registered: Option<Option<CustomerId>>,
    inline: Option<Option<Party>>,
) -> Named {
    if fields.has("customer_id") && fields.has("customer") {
        let message = "must not be given together with customer_id";
        let _noted: Option<()> = fields.refuse("customer", "conflict", message);
        return Named::Wrongly;
    }
    match (registered, inline) {
        (None, _) | (_, None) => Named::Wrongly,
        (Some(registered), Some(inline)) => {
            let registered = registered.map(BillTo::Registered);
            registered
                .or(inline.map(BillTo::Inline))
                .map_or(Named::Nobody, Named::Somebody)
        }
    }
}

fn customer_id(value: Value<'_>) -> Option<CustomerId> {
    id(CustomerId::from_uuid)(value)
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

fn due_date(as_of: AsOf) -> impl FnOnce(Value<'_>) -> Option<DueDate> {
    text(move |raw| {
        let date = parse_date(raw)?;
        match as_of {
            AsOf::Today(today) => DueDate::chosen(date, today),
            AsOf::TodayOrBefore(today) => DueDate::chosen_by(date, today),
        }
    })
}
