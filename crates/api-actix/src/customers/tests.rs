//! The endpoints of this context, seen from outside.

mod archive;
mod create;
mod faults;
mod list;
mod read;
mod revise;

use std::collections::BTreeMap;

use app::testing::{CUSTOMER, stored_customer};
use domain::{
    customers::{Customer, CustomerFacts, CustomerProfile},
    values::{
        Address, AddressPart, Country, Currency, EmailAddress, ExternalId, Metadata, Name, TaxId,
    },
};
use serde_json::{Value, json};

const CUSTOMERS: &str = "/api/v1/customers";

fn path() -> String {
    format!("{CUSTOMERS}/{CUSTOMER}")
}

/// A profile with everything in it.
fn whole_profile() -> CustomerProfile {
    let part = |text| Some(AddressPart::parse(text).unwrap());
    CustomerProfile {
        name: Name::parse("Ada Lovelace Ltd").unwrap(),
        email: Some(EmailAddress::parse("ada@example.com").unwrap()),
        address: Some(Address {
            line1: part("12 St James's Square"),
            line2: None,
            city: part("London"),
            postal_code: part("SW1Y 4JH"),
            region: None,
            country: Country::parse("GB").unwrap(),
        }),
        tax_id: Some(TaxId::parse("GB123456789").unwrap()),
        currency: Some(Currency::parse("GBP").unwrap()),
        external_id: Some(ExternalId::parse("customer-4711").unwrap()),
        metadata: Metadata::restore(BTreeMap::from([("segment".into(), "b2b".into())])),
    }
}

/// The same in a body.
fn whole_body() -> Value {
    json!({
        "name": "Ada Lovelace Ltd",
        "email": "ada@example.com",
        "address": {
            "line1": "12 St James's Square",
            "line2": null,
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "region": null,
            "country": "GB",
        },
        "tax_id": "GB123456789",
        "currency": "GBP",
        "external_id": "customer-4711",
        "metadata": {"segment": "b2b"},
    })
}

/// The customer with a whole profile.
fn known() -> Customer {
    Customer::restore(CustomerFacts {
        profile: whole_profile(),
        ..stored_customer().facts().clone()
    })
}

/// The customer after it was archived.
fn archived() -> Customer {
    let facts = stored_customer().facts().clone();
    Customer::restore(CustomerFacts {
        archived_at: Some(facts.updated_at),
        ..facts
    })
}

/// What is answered, with these members changed.
fn changed(mut body: Value, changes: Value) -> Value {
    let (Value::Object(members), Value::Object(changes)) = (&mut body, changes) else {
        panic!("objects");
    };
    members.extend(changes);
    body
}
