//! Every field of every body: missing, null, of the wrong type, empty, too long, at its limits, deceitful, unknown, twice.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Stage, customer, invoice};

use crate::{
    field::{Field, Kind, kept, optional, required},
    form::Form,
};

const AMOUNT_MAX: i64 = 9_007_199_254_740_991;
const NAME: Kind = Kind::Line { max: 255 };
const TAX_ID: Kind = Kind::Line { max: 50 };
const NUMBER: Kind = Kind::Code { max: 50, min: 1 };
const STATUSES: Kind = Kind::Word(&["sent"]);
const ROUNDING: Kind = Kind::Word(&["half_even", "half_away_from_zero"]);

/// An address, which need not be there; if it is, it names its country.
fn address(at: &str) -> Vec<Field> {
    let parts = ["line1", "line2", "city", "postal_code", "region"];
    let parts = parts.map(|part| optional(&format!("{at}/{part}"), NAME));
    let country = required(&format!("{at}/country"), Kind::Country);
    [vec![optional(at, Kind::Object), country], parts.to_vec()].concat()
}

/// What a customer is told by, beside its name and metadata.
fn customer_details() -> Vec<Field> {
    let details = vec![
        optional("/email", Kind::Email),
        optional("/tax_id", TAX_ID),
        optional("/currency", Kind::Currency),
        optional("/external_id", NAME),
    ];
    [details, address("/address")].concat()
}

fn new_customer() -> Vec<Field> {
    let rest = vec![
        required("/name", NAME),
        optional("/metadata", Kind::Metadata),
    ];
    [rest, customer_details()].concat()
}

fn customer_changes() -> Vec<Field> {
    let rest = vec![kept("/name", NAME), kept("/metadata", Kind::Metadata)];
    [rest, customer_details()].concat()
}

fn organization_changes() -> Vec<Field> {
    let own = vec![
        kept("/legal_name", NAME),
        optional("/tax_id", TAX_ID),
        optional("/email", Kind::Email),
        kept("/default_currency", Kind::Currency),
        kept("/invoice_number_prefix", Kind::Code { max: 20, min: 0 }),
        kept("/payment_terms_days", Kind::Whole { min: 0, max: 3_650 }),
        kept("/rounding", ROUNDING),
    ];
    [own, address("/address")].concat()
}

fn new_key() -> Vec<Field> {
    vec![
        required("/name", Kind::Line { max: 100 }),
        required("/scopes", Kind::Scopes),
        optional("/expires_at", Kind::Instant),
    ]
}

/// What is the same in a new invoice and in changes to one.
fn invoice_details() -> Vec<Field> {
    let details = vec![
        required("/customer/name", NAME),
        optional("/customer/email", Kind::Email),
        optional("/customer/tax_id", TAX_ID),
        optional("/number", NUMBER),
        required("/items/0/description", Kind::Text { max: 500, min: 1 }),
        required("/items/0/quantity", Kind::Quantity),
        required(
            "/items/0/unit_price_minor",
            Kind::Whole {
                min: 1,
                max: AMOUNT_MAX,
            },
        ),
        optional(
            "/items/0/tax_rate_bps",
            Kind::Whole {
                min: 0,
                max: 10_000,
            },
        ),
        optional("/items/0/unit", Kind::UnitCode),
        optional("/notes", Kind::Text { max: 2_000, min: 0 }),
    ];
    [details, address("/customer/address")].concat()
}

fn new_invoice() -> Vec<Field> {
    let rest = vec![
        required("/items", Kind::Lines),
        optional("/currency", Kind::Currency),
        optional("/due_date", Kind::DueDate),
        optional("/metadata", Kind::Metadata),
    ];
    [rest, invoice_details()].concat()
}

fn invoice_changes() -> Vec<Field> {
    let rest = vec![
        kept("/items", Kind::Lines),
        kept("/currency", Kind::Currency),
        kept("/due_date", Kind::DueDate),
        kept("/metadata", Kind::Metadata),
    ];
    [rest, invoice_details()].concat()
}

fn new_status() -> Vec<Field> {
    vec![required("/status", STATUSES)]
}

/// One line of 1 × something without tax, so that the largest price is no overflow.
fn plain_invoice() -> Value {
    let mut body = invoice();
    body["customer"]["address"] = customer()["address"].clone();
    body["items"][0]["quantity"] = json!(1);
    body["items"][0]["tax_rate_bps"] = json!(0);
    body
}

async fn created(client: &Client, path: &str, body: &Value) -> String {
    let created = client.post(path, body).await.expect(201);
    format!("/api/v1{path}/{}", created["id"].as_str().unwrap())
}

async fn check(
    client: &Client,
    method: Method,
    path: impl Into<String>,
    rest: (Value, Vec<Field>),
) {
    let (body, fields) = rest;
    let path = path.into();
    Form {
        method,
        path,
        body,
        fields,
    }
    .check(client)
    .await;
}

#[tokio::test]
async fn fields_of_a_new_customer() {
    let client = Stage::client().await;

    check(
        &client,
        Method::POST,
        "/api/v1/customers",
        (customer(), new_customer()),
    )
    .await;
}

#[tokio::test]
async fn fields_of_changes_to_a_customer() {
    let client = Stage::client().await;
    let path = created(&client, "/customers", &customer()).await;

    check(
        &client,
        Method::PATCH,
        path,
        (customer(), customer_changes()),
    )
    .await;
}

#[tokio::test]
async fn fields_of_a_new_invoice() {
    let client = Stage::client().await;

    check(
        &client,
        Method::POST,
        "/api/v1/invoices",
        (plain_invoice(), new_invoice()),
    )
    .await;
}

#[tokio::test]
async fn fields_of_changes_to_an_invoice() {
    let client = Stage::client().await;
    let path = created(&client, "/invoices", &plain_invoice()).await;

    check(
        &client,
        Method::PATCH,
        path,
        (plain_invoice(), invoice_changes()),
    )
    .await;
}

#[tokio::test]
async fn fields_of_a_new_status() {
    let client = Stage::client().await;
    let path = created(&client, "/invoices", &plain_invoice()).await;

    check(
        &client,
        Method::PATCH,
        format!("{path}/status"),
        (json!({"status": "sent"}), new_status()),
    )
    .await;
}

#[tokio::test]
async fn fields_of_changes_to_the_organization() {
    let client = Stage::client().await;
    let body = json!({"address": customer()["address"]});

    check(
        &client,
        Method::PATCH,
        "/api/v1/organization",
        (body, organization_changes()),
    )
    .await;
}

#[tokio::test]
async fn fields_of_a_new_key() {
    let client = Stage::client().await;
    let body = json!({"name": "shop", "scopes": ["invoices:read"], "expires_at": null});

    check(&client, Method::POST, "/api/v1/api-keys", (body, new_key())).await;
}
