use std::{sync::Arc, time::Duration};

use actix_web::http::StatusCode;
use app::{
    ledger::{EngineParts, EngineSettings, PostingEngine},
    testing::{FixedClock, MemoryPostingStore, NOW, SequentialIds},
};
use rstest::rstest;

use super::*;
use crate::testing::{Bench, knowing};

#[actix_web::test]
async fn a_transfer_tells_what_is_on_both_accounts_right_after_it() {
    let mut asked = body(1, 2, 300);
    asked["description"] = json!("Lunch");
    asked["reference"] = json!("order-1");
    asked["metadata"] = json!({"till": "7"});

    let got = Bench::new().send(post("/transfers", "a", &asked)).await;

    assert_eq!(got.status, StatusCode::CREATED);
    let told = got.json();
    let id = told["id"].as_str().unwrap().to_owned();
    let created_at = told["created_at"].clone();
    assert_eq!(got.header("location"), format!("/api/v1/transfers/{id}"));
    assert_eq!(got.header("etag"), "\"1\"");
    let expected = json!({
        "id": id,
        "kind": "transfer",
        "status": "posted",
        "source_account_id": account(1),
        "destination_account_id": account(2),
        "amount_minor": 300,
        "currency": "USD",
        "description": "Lunch",
        "reference": "order-1",
        "metadata": {"till": "7"},
        "reverses_transfer_id": null,
        "source_balance_after_minor": 700,
        "destination_balance_after_minor": 1_300,
        "created_at": created_at,
        "version": 1,
    });
    assert_eq!(told, expected);
}

#[rstest]
#[case::more_than_there_is(body(1, 2, 1_001), 422, "insufficient_funds")]
#[case::to_itself(body(1, 1, 1), 422, "same_account")]
#[case::unknown_source(body(9, 1, 1), 404, "account_not_found")]
#[case::unknown_destination(body(1, 9, 1), 404, "account_not_found")]
#[case::frozen(body(1, 3, 1), 422, "account_frozen")]
#[case::closed(body(4, 1, 1), 422, "account_closed")]
#[actix_web::test]
async fn a_rejection_is_a_problem(#[case] asked: Value, #[case] status: u16, #[case] code: &str) {
    let got = Bench::new().send(post("/transfers", "a", &asked)).await;

    assert_eq!(got.problem(), (status, code.to_owned()));
}

#[actix_web::test]
async fn currencies_are_not_mixed() {
    let mut asked = body(1, 2, 1);
    asked["currency"] = json!("EUR");

    let got = Bench::new().send(post("/transfers", "a", &asked)).await;

    assert_eq!(got.problem(), (422, "currency_mismatch".to_owned()));
}

#[rstest]
#[case::zero(json!(0), "out_of_range")]
#[case::negative(json!(-1), "out_of_range")]
#[case::beyond_json(json!(9_007_199_254_740_992_i64), "out_of_range")]
#[case::beyond_64_bits(json!(9_223_372_036_854_775_808_u64), "out_of_range")]
#[case::a_fraction(json!(1.0), "wrong_type")]
#[case::a_string(json!("5"), "wrong_type")]
#[case::nothing(Value::Null, "required")]
#[actix_web::test]
async fn an_amount_is_a_whole_number_above_zero(#[case] amount: Value, #[case] code: &str) {
    let mut asked = body(1, 2, 1);
    asked["amount_minor"] = amount;

    let got = Bench::new().send(post("/transfers", "a", &asked)).await;

    assert_eq!(got.problem(), (400, "validation_failed".to_owned()));
    assert_eq!(
        got.faults(),
        [("/amount_minor".to_owned(), code.to_owned())]
    );
}

#[actix_web::test]
async fn all_that_is_wrong_is_told_at_once() {
    let asked = json!({"source_account_id": "1", "amount_minor": 0, "reference": "", "note": "x"});

    let got = Bench::new().send(post("/transfers", "a", &asked)).await;

    assert_eq!(got.problem(), (400, "unknown_field".to_owned()));
    let mut places: Vec<_> = got.faults().into_iter().map(|(place, _)| place).collect();
    places.sort_unstable();
    let expected = [
        "/amount_minor",
        "/currency",
        "/destination_account_id",
        "/note",
        "/reference",
        "/source_account_id",
    ];
    assert_eq!(places, expected);
}

#[rstest]
#[case::a_transfer("/transfers".to_owned(), body(1, 2, 1))]
#[case::a_deposit(format!("/accounts/{}/deposits", account(1)), json!({"amount_minor": 1, "currency": "USD"}))]
#[case::a_withdrawal(format!("/accounts/{}/withdrawals", account(1)), json!({"amount_minor": 1, "currency": "USD"}))]
#[case::a_batch("/transfers/batch".to_owned(), json!({"mode": "atomic", "transfers": [body(1, 2, 1)]}))]
#[actix_web::test]
async fn money_moves_only_under_a_key(#[case] path: String, #[case] asked: Value) {
    let without = with_body(TestRequest::post().uri(&format!("/api/v1{path}")), &asked);

    let got = Bench::new().send(without).await;
    let with = Bench::new().send(post(&path, "a", &asked)).await;

    assert_eq!(got.problem(), (400, "idempotency_key_required".to_owned()));
    assert_eq!(with.status, StatusCode::CREATED);
}

#[actix_web::test]
async fn a_key_posts_once_and_is_answered_the_same() {
    let ask = || post("/transfers", "a", &body(1, 2, 300));
    let other = post("/transfers", "a", &body(1, 2, 301));
    let poor = || post("/transfers", "b", &body(1, 2, 5_000));

    let [first, again, other, refused, refused_again] = Bench::new()
        .send_each([ask(), ask(), other, poor(), poor()].map(authorized))
        .await;

    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(again.bytes, first.bytes);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(other.problem(), (422, "idempotency_key_reused".to_owned()));
    assert_eq!(refused.problem(), (422, "insufficient_funds".to_owned()));
    assert_eq!(refused_again.bytes, refused.bytes);
}

#[actix_web::test]
async fn deposits_and_withdrawals_are_transfers_with_the_world_outside() {
    let path = |what: &str| format!("/accounts/{}/{what}", account(1));
    let asked = json!({"amount_minor": 250, "currency": "USD"});
    let deposit = post(&path("deposits"), "a", &asked);
    let withdrawal = post(&path("withdrawals"), "b", &asked);

    let [deposit, withdrawal] = Bench::new()
        .send_each([deposit, withdrawal].map(authorized))
        .await;

    let (deposit, withdrawal) = (deposit.json(), withdrawal.json());
    assert_eq!(deposit["kind"], "deposit");
    assert_eq!(deposit["destination_balance_after_minor"], 1_250);
    assert_eq!(deposit["source_balance_after_minor"], Value::Null);
    assert_eq!(withdrawal["kind"], "withdrawal");
    assert_eq!(withdrawal["source_balance_after_minor"], 1_000);
    assert_eq!(
        withdrawal["destination_account_id"],
        deposit["source_account_id"]
    );
}

#[actix_web::test]
async fn a_full_queue_asks_to_come_back() {
    let parts = EngineParts {
        store: MemoryPostingStore::with([]),
        clock: FixedClock::at(NOW),
        ids: Arc::new(SequentialIds::default()),
    };
    let one_place = EngineSettings {
        queue_max: 1,
        ..EngineSettings::default()
    };
    let (engine, _never_runs) = PostingEngine::start(parts, one_place);
    let first = Bench::new().with(|parts| parts.ledger.engine = engine.clone());
    let second = Bench::new().with(|parts| parts.ledger.engine = engine);

    let waiting = first.send(post("/transfers", "a", &body(1, 2, 1)));
    let waiting = tokio::time::timeout(Duration::from_millis(100), waiting).await;
    let turned_away = second.send(post("/transfers", "b", &body(1, 2, 1))).await;

    assert!(waiting.is_err());
    assert_eq!(turned_away.problem(), (503, "overloaded".to_owned()));
    assert_eq!(turned_away.header("retry-after"), "1");
}

#[actix_web::test]
async fn posting_needs_its_scope() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["transfers:read"]));

    let got = bench.send(post("/transfers", "a", &body(1, 2, 1))).await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}

fn authorized(request: TestRequest) -> TestRequest {
    let secret = format!("Bearer {}", app::testing::key_secret().expose());
    request.insert_header(("authorization", secret))
}
