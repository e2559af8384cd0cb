use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ledger::{AccountState, PastBalance},
    paging::Listing,
    ports::{AccountFilter, MockAccountQueries, MockEntryQueries},
    testing::{ACCOUNT, FakeUnitOfWork, ORGANIZATION, stored_account},
};
use domain::{
    ledger::{Account, AccountOwner, AccountStatus, OverdraftLimit, Standing},
    values::Currency,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::testing::{Bench, knowing, with_body};

const ACCOUNTS: &str = "/api/v1/accounts";

fn path(rest: &str) -> String {
    format!("{ACCOUNTS}/{ACCOUNT}{rest}")
}

/// The account with 100 on it, of which 30 are held, and an overdraft of 50.
fn known() -> Account {
    let overdraft_limit = OverdraftLimit::Minor(50);
    let mut facts = stored_account().facts().clone();
    facts.overdraft_limit = overdraft_limit;
    let standing = Standing {
        overdraft_limit,
        balance_minor: 100,
        held_minor: 30,
        ..*stored_account().standing()
    };
    Account::restore(facts, standing)
}

fn reading(change: impl FnOnce(&mut MockAccountQueries)) -> Bench {
    let mut queries = MockAccountQueries::new();
    change(&mut queries);
    Bench::new().with(|parts| parts.ledger.accounts = Arc::new(queries))
}

fn opening(body: &Value) -> TestRequest {
    with_body(TestRequest::post().uri(ACCOUNTS), body)
}

fn changing(body: &Value) -> TestRequest {
    with_body(TestRequest::patch().uri(&path("")), body)
}

#[actix_web::test]
async fn an_opened_account_is_answered_whole() {
    let mut uow = FakeUnitOfWork::default().announcing("account.opened", 1);
    uow.accounts.expect_insert().once().returning(|_| Ok(()));
    let body = json!({"owner": "user-1", "currency": "EUR", "overdraft_limit_minor": 50, "metadata": {"a": "b"}});
    // Under an id of its own, so that the first id that is made is the account's.
    let request = opening(&body).insert_header(("x-request-id", "r-1"));

    let got = Bench::new().over(uow).send(request).await;

    let id = "00000000-0000-0000-0000-000000000001";
    assert_eq!(got.status.as_u16(), 201);
    assert_eq!(got.header("location"), format!("{ACCOUNTS}/{id}"));
    assert_eq!(got.header("etag"), "\"1\"");
    let expected = json!({
        "id": id,
        "owner": "user-1",
        "system": null,
        "name": "user-1",
        "currency": "EUR",
        "overdraft_limit_minor": 50,
        "status": "active",
        "balance_minor": 0,
        "held_minor": 0,
        "available_minor": 50,
        "metadata": {"a": "b"},
        "created_at": "2026-11-20T12:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "version": 1,
    });
    assert_eq!(got.json(), expected);
}

#[actix_web::test]
async fn what_an_account_begins_with_is_moved_under_a_key_only() {
    let body = json!({"owner": "user-1", "currency": "EUR", "initial_balance_minor": 1});

    let got = Bench::new().send(opening(&body)).await;

    assert_eq!(got.problem(), (400, "idempotency_key_required".to_owned()));
}

#[actix_web::test]
async fn an_account_that_begins_with_nothing_needs_no_key() {
    let mut uow = FakeUnitOfWork::default().announcing("account.opened", 1);
    uow.accounts.expect_insert().once().returning(|_| Ok(()));
    let body = json!({"owner": "user-1", "currency": "EUR", "initial_balance_minor": 0});

    let got = Bench::new().over(uow).send(opening(&body)).await;

    assert_eq!(got.status.as_u16(), 201);
}

#[rstest]
#[case::no_owner(json!({"currency": "EUR"}), "/owner", "required")]
#[case::no_currency(json!({"owner": "a"}), "/currency", "required")]
#[case::limit_below_zero(json!({"owner": "a", "currency": "EUR", "overdraft_limit_minor": -1}), "/overdraft_limit_minor", "out_of_range")]
#[case::initial_below_zero(json!({"owner": "a", "currency": "EUR", "initial_balance_minor": -1}), "/initial_balance_minor", "out_of_range")]
#[case::initial_beyond_json(json!({"owner": "a", "currency": "EUR", "initial_balance_minor": 9_007_199_254_740_992_i64}), "/initial_balance_minor", "out_of_range")]
#[actix_web::test]
async fn a_wrong_account_is_refused(#[case] body: Value, #[case] place: &str, #[case] code: &str) {
    let got = Bench::new().send(opening(&body)).await;

    assert_eq!(got.status.as_u16(), 400);
    assert_eq!(got.faults(), [(place.to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn a_changed_account_is_answered_with_what_is_on_it() {
    let mut uow = FakeUnitOfWork::default()
        .announcing("account.updated", 2)
        .with_account(known());
    uow.accounts.expect_update().once().returning(|_| Ok(()));

    let body = json!({"name": "Savings", "status": "frozen"});
    let got = Bench::new().over(uow).send(changing(&body)).await;

    let json = got.json();
    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"2\""));
    assert_eq!(
        (&json["name"], &json["status"]),
        (&json!("Savings"), &json!("frozen"))
    );
    assert_eq!(
        (&json["balance_minor"], &json["available_minor"]),
        (&json!(100), &json!(120))
    );
}

#[rstest]
#[case::not_empty(known(), json!({"status": "closed"}), "account_not_empty")]
#[case::overdrawn({
    let standing = Standing { balance_minor: -40, held_minor: 0, ..*known().standing() };
    Account::restore(known().facts().clone(), standing)
}, json!({"overdraft_limit_minor": 39}), "overdraft_in_use")]
#[case::closed({
    let mut facts = stored_account().facts().clone();
    facts.status = AccountStatus::Closed;
    Account::restore(facts, *stored_account().standing())
}, json!({"name": "x"}), "account_closed")]
#[case::system({
    let mut facts = stored_account().facts().clone();
    facts.system = Some(domain::ledger::SystemAccount::External);
    Account::restore(facts, *stored_account().standing())
}, json!({"name": "x"}), "system_account")]
#[actix_web::test]
async fn what_the_account_does_not_allow_is_told(
    #[case] stored: Account,
    #[case] body: Value,
    #[case] code: &str,
) {
    let uow = FakeUnitOfWork::default().with_account(stored);

    let got = Bench::new().over(uow).send(changing(&body)).await;

    assert_eq!(got.problem(), (422, code.to_owned()));
}

#[actix_web::test]
async fn an_account_is_answered_whole_whatever_the_client_has_seen() {
    let bench = reading(|queries| {
        let find = queries.expect_find().once();
        find.withf(|owner, id| (*owner, *id) == (ORGANIZATION, ACCOUNT))
            .returning(|_, _| Ok(Some(AccountState::from(&known()))));
    });
    let request = TestRequest::get().uri(&path(""));

    let got = bench
        .send(request.insert_header(("if-none-match", "\"1\"")))
        .await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"1\""));
    assert_eq!(got.json()["balance_minor"], 100);
}

#[rstest]
#[case::now("", json!({"balance_minor": 100, "held_minor": 30, "available_minor": 120, "as_of": "2026-11-20T12:00:00.000000Z"}))]
#[case::then("?at=2026-11-19T12:00:00Z", json!({"balance_minor": 7, "held_minor": null, "available_minor": null, "as_of": "2026-11-19T12:00:00.000000Z"}))]
#[case::some_day("?at=2027-01-01T00:00:00Z", json!({"balance_minor": 7, "held_minor": null, "available_minor": null, "as_of": "2026-11-20T12:00:00.000000Z"}))]
#[actix_web::test]
async fn a_balance_tells_when_it_is_so(#[case] query: &str, #[case] expected: Value) {
    let bench = reading(|queries| {
        let find = queries.expect_find();
        find.returning(|_, _| Ok(Some(AccountState::from(&known()))));
        let past = PastBalance {
            currency: Currency::parse("USD").unwrap(),
            balance_minor: 7,
        };
        let find = queries.expect_balance_at();
        find.returning(move |_, _, _| Ok(Some(past)));
    });

    let uri = format!("{}{query}", path("/balance"));
    let got = bench.send(TestRequest::get().uri(&uri)).await;

    let mut json = got.json();
    let members = json.as_object_mut().unwrap();
    assert_eq!(
        members.remove("account_id"),
        Some(json!(ACCOUNT.to_string()))
    );
    assert_eq!(members.remove("currency"), Some(json!("USD")));
    assert_eq!(json, expected);
}

#[rstest]
#[case("")]
#[case("/balance")]
#[case("/balance?at=2026-11-19T12:00:00Z")]
#[case("/transactions")]
#[actix_web::test]
async fn an_unknown_account_is_not_found(#[case] rest: &str) {
    let mut entries = MockEntryQueries::new();
    entries.expect_list().returning(|_, _, _, _| Ok(None));
    let bench = reading(|queries| {
        queries.expect_find().returning(|_, _| Ok(None));
        queries.expect_balance_at().returning(|_, _, _| Ok(None));
    })
    .with(|parts| parts.ledger.entries = Arc::new(entries));

    let got = bench.send(TestRequest::get().uri(&path(rest))).await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn accounts_are_listed_by_their_filters() {
    let bench = reading(|queries| {
        let list = queries.expect_list().once();
        list.withf(|owner, filter, _| {
            let expected = AccountFilter {
                owner: AccountOwner::parse("ada").ok(),
                currency: Currency::parse("USD").ok(),
                status: Some(AccountStatus::Active),
            };
            *owner == ORGANIZATION && *filter == expected
        })
        .returning(|_, _, _| {
            Ok(Listing {
                rows: vec![AccountState::from(&known())],
                next: None,
                total: None,
            })
        });
    });

    let uri = format!("{ACCOUNTS}?owner=ada&currency=USD&status=active");
    let got = bench.send(TestRequest::get().uri(&uri)).await;

    assert_eq!(got.json()["data"][0]["id"], ACCOUNT.to_string());
    assert_eq!(got.json()["has_more"], false);
}

#[rstest]
#[case(TestRequest::get().uri(ACCOUNTS), "accounts:write")]
#[case(TestRequest::get().uri("/api/v1/ledger/trial-balance"), "transfers:read")]
#[case(TestRequest::get().uri("/api/v1/transfers"), "accounts:read")]
#[case(opening(&json!({})), "accounts:read")]
#[case(changing(&json!({})), "accounts:read")]
#[actix_web::test]
async fn another_scope_is_not_enough(#[case] request: TestRequest, #[case] scope: &str) {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&[scope]));

    let got = bench.send(request).await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}

#[rstest]
#[case("/api/v1/accounts?status=gone", "status")]
#[case("/api/v1/transfers?from=yesterday", "from")]
#[case("/api/v1/transfers?kind=gift", "kind")]
#[case("/api/v1/transfers?account_id=1", "account_id")]
#[case("/api/v1/ledger/trial-balance?limit=0", "limit")]
#[actix_web::test]
async fn a_wrong_filter_is_refused(#[case] uri: &str, #[case] parameter: &str) {
    let got = Bench::new().send(TestRequest::get().uri(uri)).await;

    assert_eq!(got.problem(), (400, "invalid_parameter".to_owned()));
    assert_eq!(got.faults()[0].0, parameter);
}
