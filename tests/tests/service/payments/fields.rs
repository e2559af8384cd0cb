//! Every field of the bodies.

use reqwest::Method;
use serde_json::json;

use super::{Till, but};
use crate::{
    field::{Field, Kind, optional, required},
    form::Form,
};

const AMOUNT: Kind = Kind::Whole {
    min: 1,
    max: 9_007_199_254_740_991,
};
const TEXT: Kind = Kind::Text { max: 500, min: 1 };

fn of_all_payments() -> Vec<Field> {
    vec![
        required("/amount_minor", AMOUNT),
        required("/currency", Kind::Word(&["USD"])),
        optional("/invoice_id", Kind::Id),
        optional("/description", TEXT),
        optional("/metadata", Kind::Metadata),
    ]
}

/// A charge that is declined, so that any amount can be asked for.
fn charge(till: &Till) -> Form {
    let own = vec![
        required("/payment_type", Kind::Word(&["external_payment"])),
        required("/direction", Kind::Word(&["charge"])),
        required("/provider", Kind::Slug { max: 30 }),
        required("/destination_account_id", Kind::Id),
        optional("/provider_data", Kind::Secrets),
    ];
    let declined = json!({"metadata": {"simulate": "decline"}});
    Form {
        method: Method::POST,
        path: "/api/v1/payments".to_owned(),
        body: but(till.charge(100), declined),
        fields: [own, of_all_payments()].concat(),
    }
}

fn internal(till: &Till) -> Form {
    let own = vec![
        required("/payment_type", Kind::Word(&["internal_transfer"])),
        required("/source_account_id", Kind::Id),
        required("/destination_account_id", Kind::Id),
    ];
    Form {
        method: Method::POST,
        path: "/api/v1/payments".to_owned(),
        body: till.internal(100),
        fields: [own, of_all_payments()].concat(),
    }
}

fn payout(till: &Till) -> Form {
    let own = vec![
        required("/payment_type", Kind::Word(&["external_payment"])),
        required("/direction", Kind::Word(&["payout"])),
        required("/provider", Kind::Slug { max: 30 }),
        required("/source_account_id", Kind::Id),
        optional("/provider_data", Kind::Secrets),
    ];
    Form {
        method: Method::POST,
        path: "/api/v1/payments".to_owned(),
        body: till.payout(100),
        fields: [own, of_all_payments()].concat(),
    }
}

#[tokio::test]
async fn fields_of_a_new_charge() {
    let till = Till::with(0).await;

    charge(&till).check(&till.client).await;
}

#[tokio::test]
async fn what_is_refused_for_a_field_leaves_nothing_behind() {
    let till = Till::with(1_000).await;

    for form in [internal(&till), payout(&till), charge(&till)] {
        form.check_refusals(&till.client).await;
    }

    let made = till.client.get("/payments?page=1").await.expect(200);
    assert_eq!(made["total"], 0, "{made}");
    assert_eq!(till.on(&till.full).await, (1_000, 0));
    assert_eq!(till.on(&till.empty).await, (0, 0));
}

#[tokio::test]
async fn fields_of_a_new_refund() {
    let till = Till::with(1_000_000).await;
    let paid = till.paid(&till.internal(1_000_000), "completed").await;
    let path = format!("/api/v1/payments/{paid}/refunds");
    let form = |fields| Form {
        method: Method::POST,
        path: path.clone(),
        body: json!({"amount_minor": 1, "reason": "Returned"}),
        fields,
    };
    let metadata = optional("/metadata", Kind::Metadata);

    let accepted = form(vec![optional("/reason", TEXT), metadata]);
    accepted.check(&till.client).await;
    let refunded = till.on(&till.full).await;
    form(vec![optional("/amount_minor", AMOUNT)])
        .check_refusals(&till.client)
        .await;

    assert_eq!(till.on(&till.full).await, refunded);
}
