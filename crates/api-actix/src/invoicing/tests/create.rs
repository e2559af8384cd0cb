use app::{
    ports::{MockOrganizationRepository, Written},
    testing::{FakeUnitOfWork, draft_contents, party, stored_customer, stored_organization},
};
use domain::{
    customers::{Customer, CustomerFacts, CustomerProfile},
    ids::CustomerId,
    invoicing::{DueDate, InvoiceContents, InvoiceNumber, Party},
    platform::Organization,
    values::{Currency, EmailAddress, Metadata, Notes, TaxId},
};
use jiff::civil::{Date, date};
use rstest::rstest;
use serde_json::{Value, json};

use super::{failing, new_invoice, posting};
use crate::testing::Bench;

const CUSTOMER: &str = "00000000-0000-0000-0000-000000000003";

/// Whose organization is there, and to whom this is written.
fn inserting(written: Written) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    let insert = uow.invoices.expect_insert();
    insert.returning(move |_| Ok(written));
    uow
}

/// Expects an invoice with these contents.
fn drafting(contents: InvoiceContents) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_organization(stored_organization());
    uow.invoices
        .expect_insert()
        .once()
        .withf(move |invoice| invoice.facts().contents == contents)
        .returning(|_| Ok(Written::Stored));
    uow.announcing("invoice.created", 1)
}

fn with_customer(currency: Option<&str>) -> Customer {
    let stored = stored_customer().facts().clone();
    let profile = CustomerProfile {
        currency: currency.map(|code| Currency::parse(code).unwrap()),
        ..stored.profile
    };
    Customer::restore(CustomerFacts { profile, ..stored })
}

/// One whose currency was withdrawn after it had chosen it.
fn preferring_a_withdrawn_currency() -> Organization {
    let mut facts = stored_organization().facts().clone();
    facts.profile.default_currency = Currency::restore("HRK").unwrap();
    Organization::restore(facts)
}

fn changed(changes: Value) -> Value {
    let (Value::Object(mut body), Value::Object(changes)) = (new_invoice(), changes) else {
        panic!("objects");
    };
    body.extend(changes);
    body.into()
}

#[actix_web::test]
async fn a_draft_is_stored_and_answered_whole() {
    let body = json!({
        "number": "2026/07-b_1.x",
        "customer": {
            "name": "Ada",
            "email": "ada@example.com",
            "address": {"city": "London", "country": "GB"},
            "tax_id": "GB1",
        },
        "currency": "JPY",
        "items": [
            {"description": "work\nand more", "quantity": "2.50", "unit_price_minor": 1_001, "tax_rate_bps": 1_900,
             "unit": "HUR"},
            {"description": "thing", "quantity": 3, "unit_price_minor": 33},
        ],
        "due_date": "2026-11-20",
        "notes": "Thank you!",
        "metadata": {"order": "4711"},
    });
    let uow = inserting(Written::Stored).announcing("invoice.created", 1);

    let got = Bench::new().over(uow).send(posting(&body)).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (201, "\"1\""));
    assert_eq!(got.header("content-type"), "application/json");
    let location = "/api/v1/invoices/00000000-0000-0000-0000-000000000001";
    assert_eq!(got.header("location"), location);
    insta::assert_json_snapshot!(got.json());
}

#[rstest]
#[case::left_out(new_invoice())]
#[case::null(changed(json!({
    "number": null, "customer_id": null, "currency": null, "due_date": null, "notes": null, "metadata": null,
})))]
#[actix_web::test]
async fn what_the_client_does_not_say_comes_from_the_organization(#[case] body: Value) {
    let uow = drafting(draft_contents());

    let got = Bench::new().over(uow).send(posting(&body)).await;

    let json = got.json();
    assert_eq!(got.status.as_u16(), 201);
    for absent in [
        "number",
        "customer_id",
        "seller",
        "notes",
        "issued_at",
        "paid_at",
        "cancelled_at",
    ] {
        assert_eq!(json.get(absent), Some(&Value::Null), "{absent}");
    }
    assert_eq!(json["status"], "draft");
    assert_eq!(
        (&json["currency"], &json["due_date"]),
        (&"USD".into(), &"2026-12-20".into())
    );
    assert_eq!(json["total_minor"], 174_000);
    assert_eq!(json["items"][0]["unit"], "C62");
}

#[actix_web::test]
async fn what_the_client_says_reaches_the_draft() {
    let body = changed(json!({
        "number": "MINE-7",
        "customer": {"name": "Ada", "email": "ada@example.com", "tax_id": "GB1"},
        "currency": "KWD",
        "due_date": "2036-11-20",
        "notes": "",
        "metadata": {"order": "4711"},
    }));
    let uow = drafting(InvoiceContents {
        number: Some(InvoiceNumber::parse("MINE-7").unwrap()),
        customer: Party {
            email: Some(EmailAddress::parse("ada@example.com").unwrap()),
            tax_id: Some(TaxId::parse("GB1").unwrap()),
            ..party("Ada")
        },
        currency: Currency::parse("KWD").unwrap(),
        due_date: DueDate::restore(date(2036, 11, 20)),
        notes: Some(Notes::parse("").unwrap()),
        metadata: Metadata::restore([("order".into(), "4711".into())].into()),
        ..draft_contents()
    });

    let got = Bench::new().over(uow).send(posting(&body)).await;

    assert_eq!(got.status.as_u16(), 201);
}

#[rstest]
#[case::its_own_currency(Some("EUR"), "EUR")]
#[case::that_of_the_organization(None, "USD")]
#[actix_web::test]
async fn a_registered_customer_is_put_on_it_as_it_is_now(
    #[case] preferred: Option<&str>,
    #[case] currency: &str,
) {
    let expected = InvoiceContents {
        customer_id: Some(CustomerId::from_uuid(CUSTOMER.parse().unwrap())),
        currency: Currency::parse(currency).unwrap(),
        ..draft_contents()
    };
    let uow = drafting(expected).with_customer(with_customer(preferred));
    let body = changed(json!({"customer": null, "customer_id": CUSTOMER}));

    let got = Bench::new().over(uow).send(posting(&body)).await;

    assert_eq!(got.status.as_u16(), 201);
    assert_eq!(got.json()["customer_id"], CUSTOMER);
    let party = json!({"name": "Ada", "email": null, "address": null, "tax_id": null});
    assert_eq!(got.json()["customer"], party);
}

#[rstest]
#[case::number_taken(
    new_invoice(), inserting(Written::AlreadyThere), (409, "already_exists"), "another invoice has this number"
)]
#[case::customer_unknown(
    changed(json!({"customer": null, "customer_id": "00000000-0000-0000-0000-000000000099"})),
    inserting(Written::Stored).with_customer(stored_customer()),
    (404, "customer_not_found"),
    "there is no customer 00000000-0000-0000-0000-000000000099"
)]
#[case::organization_gone(new_invoice(), {
    let mut organizations = MockOrganizationRepository::new();
    organizations.expect_find().returning(|_| Ok(None));
    FakeUnitOfWork { organizations, ..FakeUnitOfWork::default() }
}, (404, "not_found"), "there is no organization 00000000-0000-0000-0000-000000000001")]
#[case::currency_withdrawn(
    new_invoice(),
    FakeUnitOfWork::default().with_organization(preferring_a_withdrawn_currency()),
    (422, "currency_withdrawn"),
    "the currency HRK is withdrawn: name another one"
)]
#[case::too_much(
    changed(json!({"items": [{
        "description": "gold", "quantity": 1_000_000_000, "unit_price_minor": 9_007_199_254_740_991_i64,
    }]})),
    inserting(Written::Stored),
    (422, "amount_out_of_range"),
    "an amount would be beyond ±9007199254740991 minor units"
)]
#[actix_web::test]
async fn an_invoice_that_cannot_be_drafted_is_refused(
    #[case] body: Value,
    #[case] uow: FakeUnitOfWork,
    #[case] (status, code): (u16, &str),
    #[case] detail: &str,
) {
    let got = Bench::new().over(uow).send(posting(&body)).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let got = Bench::new()
        .over(failing())
        .send(posting(&new_invoice()))
        .await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}

#[rstest]
#[case::last_moment("2026-11-20T23:59:59.999999Z", date(2026, 11, 20), true)]
#[case::next_day("2026-11-21T00:00:00Z", date(2026, 11, 20), false)]
#[case::ten_years("2026-11-20T00:00:00Z", date(2036, 11, 20), true)]
#[case::a_day_more("2026-11-20T00:00:00Z", date(2036, 11, 21), false)]
#[actix_web::test]
async fn a_due_date_is_today_or_later_by_the_clock(
    #[case] now: &str,
    #[case] due: Date,
    #[case] is_accepted: bool,
) {
    let body = changed(json!({"due_date": due.to_string()}));
    let mut uow = inserting(Written::Stored);
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    let clock = app::testing::FixedClock::at(now);
    let bench = Bench::new()
        .over(uow)
        .with(|parts| parts.invoicing.clock = clock);

    let got = bench.send(posting(&body)).await;

    assert_eq!(got.status.as_u16(), if is_accepted { 201 } else { 400 });
    if !is_accepted {
        assert_eq!(
            got.faults(),
            [("/due_date".to_owned(), "out_of_range".to_owned())]
        );
    }
}
