use app::{
    ports::Written,
    testing::{
        FakeUnitOfWork, draft_contents, party, stored_customer, stored_draft, stored_invoice,
    },
};
use domain::{
    ids::CustomerId,
    invoicing::{
        DueDate, Invoice, InvoiceContents, InvoiceNumber, InvoiceStatus::Sent, LineItem, LineItems,
        Quantity, TaxRate,
    },
    values::{Currency, Metadata, Notes},
};
use jiff::civil::date;
use rstest::rstest;
use serde_json::{Value, json};

use super::{failing, holding, holding_none, patching, storing};
use crate::testing::Bench;

const CUSTOMER: &str = "00000000-0000-0000-0000-000000000003";

/// With everything that can be taken away.
fn full_contents() -> InvoiceContents {
    InvoiceContents {
        number: Some(InvoiceNumber::parse("MINE-7").unwrap()),
        notes: Some(Notes::parse("Thank you!").unwrap()),
        metadata: Metadata::restore([("order".into(), "4711".into())].into()),
        ..draft_contents()
    }
}

fn full_draft() -> Invoice {
    stored_draft(full_contents())
}

/// One line of 2.5 × 150.00 without tax.
fn other_items() -> LineItems {
    let line = draft_contents().items.as_slice()[0].clone();
    let line = LineItem {
        quantity: Quantity::parse("2.5").unwrap(),
        tax_rate: TaxRate::ZERO,
        ..line
    };
    LineItems::new(vec![line]).unwrap()
}

fn updating(written: Written) -> FakeUnitOfWork {
    let mut uow = holding(full_draft());
    uow.invoices.expect_update().returning(move |_| Ok(written));
    uow
}

#[rstest]
#[case::nothing(json!({}), full_contents())]
#[case::cleared(
    json!({"number": null, "notes": null, "metadata": {}}),
    draft_contents()
)]
#[case::set(
    json!({"number": "B", "currency": "EUR", "due_date": "2026-11-20", "notes": "b", "metadata": {"a": "b"}}),
    InvoiceContents {
        number: Some(InvoiceNumber::parse("B").unwrap()),
        currency: Currency::parse("EUR").unwrap(),
        due_date: DueDate::restore(date(2026, 11, 20)),
        notes: Some(Notes::parse("b").unwrap()),
        metadata: Metadata::restore([("a".into(), "b".into())].into()),
        ..draft_contents()
    }
)]
#[case::items(
    json!({"items": [{"description": "work", "quantity": "2.5", "unit_price_minor": 15_000}]}),
    InvoiceContents { items: other_items(), ..full_contents() }
)]
#[case::somebody_else(
    json!({"customer": {"name": "Bob"}}), InvoiceContents { customer: party("Bob"), ..full_contents() }
)]
#[case::registered(json!({"customer_id": CUSTOMER}), InvoiceContents {
    customer_id: Some(CustomerId::from_uuid(CUSTOMER.parse().unwrap())),
    ..full_contents()
})]
#[actix_web::test]
async fn a_change_keeps_sets_and_clears(#[case] body: Value, #[case] contents: InvoiceContents) {
    let mut uow = holding(full_draft())
        .with_customer(stored_customer())
        .announcing("invoice.updated", 2);
    uow.invoices
        .expect_update()
        .once()
        .withf(move |invoice| invoice.facts().contents == contents)
        .returning(|_| Ok(Written::Stored));

    let got = Bench::new().over(uow).send(patching(&body)).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"2\""));
    let json = got.json();
    assert_eq!(json["version"], 2);
    assert_eq!(json["updated_at"], "2026-11-20T12:00:00.000000Z");
    assert_eq!(json["status"], "draft");
}

#[actix_web::test]
async fn a_changed_draft_is_added_up_again() {
    let body = json!({"items": [
        {"description": "a", "quantity": 1, "unit_price_minor": 33, "tax_rate_bps": 1_900},
        {"description": "b", "quantity": 1, "unit_price_minor": 33, "tax_rate_bps": 1_900},
        {"description": "c", "quantity": 1, "unit_price_minor": 33, "tax_rate_bps": 1_900},
    ]});
    let uow = storing(holding(full_draft())).announcing("invoice.updated", 2);

    let got = Bench::new().over(uow).send(patching(&body)).await;

    let json = got.json();
    let sums = [
        "subtotal_minor",
        "tax_minor",
        "total_minor",
        "amount_due_minor",
    ];
    assert_eq!(
        sums.map(|name| json[name].as_i64()),
        [99, 19, 118, 118].map(Some)
    );
    let share = json!([{"tax_rate_bps": 1_900, "taxable_minor": 99, "tax_minor": 19}]);
    assert_eq!(json["tax_breakdown"], share);
}

#[rstest]
#[case::unknown(
    holding_none(), json!({}), (404, "not_found"), "there is no invoice 00000000-0000-0000-0000-000000000004"
)]
#[case::customer_unknown(
    holding(full_draft()).with_customer(stored_customer()),
    json!({"customer_id": "00000000-0000-0000-0000-000000000099"}),
    (404, "customer_not_found"),
    "there is no customer 00000000-0000-0000-0000-000000000099"
)]
#[case::number_taken(
    updating(Written::AlreadyThere), json!({}), (409, "already_exists"), "another invoice has this number"
)]
#[case::issued(
    holding(stored_invoice(&[Sent])),
    json!({}),
    (422, "invoice_not_editable"),
    "only a draft can be changed, and this invoice is sent"
)]
#[case::too_much(
    holding(full_draft()),
    json!({"items": [{
        "description": "gold", "quantity": 1_000_000_000, "unit_price_minor": 9_007_199_254_740_991_i64,
    }]}),
    (422, "amount_out_of_range"),
    "an amount would be beyond ±9007199254740991 minor units"
)]
#[actix_web::test]
async fn an_invoice_that_cannot_be_changed_is_refused(
    #[case] uow: FakeUnitOfWork,
    #[case] body: Value,
    #[case] (status, code): (u16, &str),
    #[case] detail: &str,
) {
    let got = Bench::new().over(uow).send(patching(&body)).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let got = Bench::new()
        .over(failing())
        .send(patching(&json!({})))
        .await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}

#[rstest]
#[case::seen("\"1\"", 200, "")]
#[case::any("*", 200, "")]
#[case::older("\"7\"", 412, "version_conflict")]
#[case::malformed("1", 400, "invalid_header")]
#[actix_web::test]
async fn only_a_seen_version_is_changed(
    #[case] tag: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let mut uow = updating(Written::Stored);
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    let request = patching(&json!({})).insert_header(("if-match", tag));

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.json()["code"].as_str().unwrap_or_default(), code);
}
