//! Every field of the bodies.

use reqwest::Method;
use serde_json::{Value, json};
use tests::Stage;

use super::campaign;
use crate::{
    field::{Field, Kind, kept, optional, required},
    form::Form,
};

const COUNT: Kind = Kind::Whole {
    min: 1,
    max: 9_007_199_254_740_991,
};
const NAME: Kind = Kind::Line { max: 255 };

fn form(method: Method, path: &str, body: Value, fields: Vec<Field>) -> Form {
    Form {
        method,
        path: format!("/api/v1{path}"),
        body,
        fields,
    }
}

fn limits() -> Vec<Field> {
    [
        "/max_redemptions",
        "/max_redemptions_per_code",
        "/max_redemptions_per_customer",
        "/budget_minor",
        "/max_discount_minor",
        "/min_total_minor",
    ]
    .map(|pointer| optional(pointer, COUNT))
    .to_vec()
}

#[tokio::test]
async fn fields_of_a_new_campaign() {
    let client = Stage::client().await;
    let body =
        json!({"name": "Summer", "kind": "discount", "percent_bps": 1_000, "currency": "USD"});
    let own = vec![
        required("/name", NAME),
        required("/kind", Kind::Word(&["discount"])),
        required(
            "/percent_bps",
            Kind::Whole {
                min: 1,
                max: 10_000,
            },
        ),
        optional("/valid_from", Kind::Instant),
        optional("/valid_until", Kind::Instant),
        optional("/metadata", Kind::Metadata),
    ];

    form(Method::POST, "/campaigns", body, [own, limits()].concat())
        .check(&client)
        .await;
}

#[tokio::test]
async fn fields_of_a_campaign_that_is_changed() {
    let client = Stage::client().await;
    let own = vec![
        kept("/name", NAME),
        kept("/status", Kind::Word(&["active", "paused"])),
        optional("/valid_from", Kind::Instant),
        kept("/metadata", Kind::Metadata),
    ];
    let end = vec![optional("/valid_until", Kind::Instant)];

    // What one field becomes stays, so that a beginning and an end would meet.
    for fields in [[own, limits()].concat(), end] {
        let path = format!("/campaigns/{}", campaign(&client, &json!({})).await);
        form(Method::PATCH, &path, json!({}), fields)
            .check(&client)
            .await;
    }
}

#[tokio::test]
async fn fields_of_a_new_voucher() {
    let client = Stage::client().await;
    let body = json!({"campaign_id": campaign(&client, &json!({})).await});
    let fields = vec![
        required("/campaign_id", Kind::Id),
        optional("/max_redemptions", COUNT),
        optional("/metadata", Kind::Metadata),
    ];

    form(Method::POST, "/vouchers", body, fields)
        .check(&client)
        .await;
}

#[tokio::test]
async fn fields_of_what_a_voucher_would_be_redeemed_for() {
    let client = Stage::client().await;
    let id = campaign(&client, &json!({})).await;
    super::issue(&client, &id, "FIVE").await;
    let body = json!({"currency": "USD", "total_minor": 8_000});
    let fields = vec![
        optional("/customer_id", Kind::Id),
        optional("/email", Kind::Email),
        required("/currency", Kind::Word(&["USD"])),
        required(
            "/total_minor",
            Kind::Whole {
                min: 0,
                max: 9_007_199_254_740_991,
            },
        ),
    ];

    let form = form(Method::POST, "/vouchers/FIVE/validate", body, fields);
    form.check_refusals(&client).await;
}
