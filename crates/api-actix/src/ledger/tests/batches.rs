use actix_web::http::StatusCode;
use rstest::rstest;

use super::*;
use crate::testing::Bench;

fn batch(mode: &str, transfers: &[Value]) -> Value {
    json!({"mode": mode, "transfers": transfers})
}

#[actix_web::test]
async fn each_of_an_independent_batch_is_told_in_order() {
    let transfers = [
        body(1, 2, 600),
        body(1, 2, 600),
        body(2, 1, 1),
        body(1, 1, 1),
        body(1, 3, 1),
        body(1, 4, 1),
        body(9, 1, 1),
    ];

    let got = Bench::new()
        .send(post(
            "/transfers/batch",
            "a",
            &batch("independent", &transfers),
        ))
        .await;

    assert_eq!(got.status, StatusCode::OK);
    let told = got.json();
    let results = told["results"].as_array().unwrap();
    let outcome = |result: &Value| result["code"].as_str().unwrap_or("posted").to_owned();
    let outcomes: Vec<_> = results.iter().map(outcome).collect();
    let expected = [
        "posted",
        "insufficient_funds",
        "posted",
        "same_account",
        "account_frozen",
        "account_closed",
        "account_not_found",
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(
        results[2]["transfer"]["destination_balance_after_minor"],
        401
    );
    assert_eq!(results[1]["status"], "rejected");
    assert_eq!(results[1]["transfer"], Value::Null);
}

#[actix_web::test]
async fn an_atomic_batch_is_posted_whole() {
    let transfers = [body(1, 2, 600), body(2, 1, 1_600)];

    let got = Bench::new()
        .send(post("/transfers/batch", "a", &batch("atomic", &transfers)))
        .await;

    assert_eq!(got.status, StatusCode::CREATED);
    let told = got.json();
    assert_eq!(
        told["transfers"][1]["destination_balance_after_minor"],
        2_000
    );
}

#[actix_web::test]
async fn an_atomic_batch_with_a_bad_transfer_is_refused_whole() {
    let transfers = [body(1, 2, 600), body(1, 2, 600), body(9, 1, 1)];

    let got = Bench::new()
        .send(post("/transfers/batch", "a", &batch("atomic", &transfers)))
        .await;

    assert_eq!(got.problem(), (422, "batch_rejected".to_owned()));
    let expected = [
        ("/transfers/1", "insufficient_funds"),
        ("/transfers/2", "account_not_found"),
    ];
    let faults = got.faults();
    let faults: Vec<_> = faults
        .iter()
        .map(|(place, code)| (place.as_str(), code.as_str()))
        .collect();
    assert_eq!(faults, expected);
}

#[rstest]
#[case::none(batch("atomic", &[]), "/transfers", "too_short")]
#[case::too_many(batch("independent", &vec![body(1, 2, 1); 1_001]), "/transfers", "too_long")]
#[case::unknown_mode(batch("both", &[body(1, 2, 1)]), "/mode", "unsupported_value")]
#[case::a_bad_one(batch("atomic", &[body(1, 2, 1), body(1, 2, 0)]), "/transfers/1/amount_minor", "out_of_range")]
#[actix_web::test]
async fn a_malformed_batch_posts_nothing(
    #[case] asked: Value,
    #[case] place: &str,
    #[case] code: &str,
) {
    let got = Bench::new()
        .send(post("/transfers/batch", "a", &asked))
        .await;

    assert_eq!(got.problem(), (400, "validation_failed".to_owned()));
    assert_eq!(got.faults(), [(place.to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn a_thousand_are_posted_at_once() {
    let transfers = vec![body(1, 2, 1); 1_000];

    let got = Bench::new()
        .send(post("/transfers/batch", "a", &batch("atomic", &transfers)))
        .await;

    assert_eq!(got.status, StatusCode::CREATED);
    assert_eq!(
        got.json()["transfers"][999]["source_balance_after_minor"],
        0
    );
}
