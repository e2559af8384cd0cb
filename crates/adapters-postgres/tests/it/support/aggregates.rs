//! Values and aggregates for tests to start from.

use app::testing::{NOW, ORGANIZATION, customer_profile, draft_contents, organization_profile};
use domain::{
    customers::{Customer, CustomerEvent},
    event::{DomainEvent, Happening},
    ids::{CustomerId, EventId, InvoiceId},
    invoicing::{
        Invoice, InvoiceContents, InvoiceNumber, InvoiceStatus, LineItem, Party, Quantity, Step,
        TaxRate, UnitCode, UnitPrice,
    },
    values::{
        Address, AddressPart, Country, Currency, Description, EmailAddress, Metadata, Name, TaxId,
    },
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

pub(crate) fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

pub(crate) fn name(raw: &str) -> Name {
    Name::parse(raw).unwrap()
}

pub(crate) fn email(raw: &str) -> EmailAddress {
    EmailAddress::parse(raw).unwrap()
}

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(crate) fn number(raw: &str) -> InvoiceNumber {
    InvoiceNumber::parse(raw).unwrap()
}

pub(crate) fn invoice_id(raw: u128) -> InvoiceId {
    InvoiceId::from_uuid(Uuid::from_u128(raw))
}

/// An address with every part.
pub(crate) fn address() -> Address {
    let part = |raw| Some(AddressPart::parse(raw).unwrap());
    Address {
        line1: part("Musterstraße 1"),
        line2: part("c/o 李雷 🏠"),
        city: part("Köln"),
        postal_code: part("50667"),
        region: part("Nordrhein-Westfalen"),
        country: Country::parse("DE").unwrap(),
    }
}

/// A customer with nothing but a name, made now.
pub(crate) fn customer(raw: u128, name: &str) -> Customer {
    let id = CustomerId::from_uuid(Uuid::from_u128(raw));
    Customer::register(id, ORGANIZATION, customer_profile(name), at(NOW))
}

/// That an aggregate got to this version, as an event.
pub(crate) fn event(aggregate: u128, version: i64) -> DomainEvent {
    DomainEvent {
        id: EventId::from_uuid(Uuid::from_u128(
            (aggregate << 32) + u128::from(version.unsigned_abs()),
        )),
        organization_id: ORGANIZATION,
        version: Version::new(version),
        occurred_at: at(NOW),
        what: Happening::Customer(CustomerEvent::Archived(
            customer(aggregate, "Ada").facts().clone(),
        )),
    }
}

/// One piece.
pub(crate) fn line(description: &str, quantity: &str, price_minor: i64, bps: i64) -> LineItem {
    LineItem {
        description: Description::parse(description).unwrap(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit_price: UnitPrice::from_minor(price_minor).unwrap(),
        tax_rate: TaxRate::from_bps(bps).unwrap(),
        unit: UnitCode::default(),
    }
}

/// A draft, made now.
pub(crate) fn draft(raw: u128, contents: InvoiceContents) -> Invoice {
    Invoice::draft(invoice_id(raw), ORGANIZATION, contents, at(NOW)).unwrap()
}

/// An invoice under a number of its own that was taken through these steps.
pub(crate) fn issued(raw: u128, path: &[InvoiceStatus]) -> Invoice {
    let mut contents = draft_contents();
    contents.number = Some(number(&format!("N-{raw}")));
    let mut invoice = draft(raw, contents);
    steps(&mut invoice, path);
    invoice
}

/// Takes an invoice through these steps, now. It must have a number.
pub(crate) fn steps(invoice: &mut Invoice, path: &[InvoiceStatus]) {
    for status in path {
        let taken = match invoice.step_to(*status).unwrap() {
            Step::Issue(chosen) => {
                let seller = Party::from(&organization_profile());
                invoice.issue(chosen.unwrap(), seller, at(NOW))
            }
            Step::Withdraw | Step::Advance => invoice.advance(*status, at(NOW)),
        };
        taken.unwrap();
    }
}

/// The most metadata that there can be.
pub(crate) fn full_metadata() -> Metadata {
    let mut metadata = Metadata::default();
    for index in 0..20 {
        let key = format!("{index:02}{}", "🔑".repeat(38));
        metadata.insert(&key, &"\"ü\\🔑".repeat(125)).unwrap();
    }
    metadata
}

/// Somebody of whom everything is known.
pub(crate) fn full_party() -> Party {
    Party {
        name: name(&"🧾".repeat(255)),
        email: Some(email("ada+billing@example.com")),
        address: Some(address()),
        tax_id: Some(TaxId::parse("DE 123/456").unwrap()),
    }
}
