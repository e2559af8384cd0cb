use actix_web::test::TestRequest;
use app::{
    ledger::AccountState,
    ports::{MockAccountQueries, MockUserQueries},
    testing::{ACCOUNT, NOW, ORGANIZATION, out_of_reach, stored_account, stored_user},
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{USER_ID, USERS, ada, bench, knowing, over, shown};
use crate::testing::Bench;

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(&format!("{USERS}{path}"))
}

fn closed() -> Bench {
    let mut ada = ada();
    ada.close(NOW.parse().unwrap()).unwrap();
    bench(&[ada])
}

#[actix_web::test]
async fn a_user_is_shown_whole_but_for_the_national_id() {
    let got = bench(&[ada()]).send(get(&format!("/{USER_ID}"))).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"1\""));
    assert_eq!(got.json(), shown());
}

#[actix_web::test]
async fn a_closed_user_is_still_there_to_be_read_but_not_found_by_name() {
    let read = closed().send(get(&format!("/{USER_ID}"))).await;
    let found = closed().send(get("?username=ada1815")).await;

    assert_eq!(read.json()["closed_at"], "2026-11-20T12:00:00.000000Z");
    assert_eq!(found.json()["data"], json!([]));
}

#[rstest]
#[case::same_case("?username=Ada1815", json!([shown()]))]
#[case::other_case("?username=ADA1815", json!([shown()]))]
#[case::nobody("?username=ada1816", json!([]))]
#[actix_web::test]
async fn a_user_is_found_by_name(#[case] query: &str, #[case] expected: Value) {
    let got = bench(&[ada()]).send(get(query)).await;

    let whole = json!({"data": expected, "next_cursor": null, "has_more": false});
    assert_eq!((got.status.as_u16(), got.json()), (200, whole));
}

#[actix_web::test]
async fn a_list_of_one_has_one_page() {
    let page = |number| get(&format!("?username=ada1815&page={number}"));

    let first = bench(&[ada()]).send(page(1)).await.json();
    let second = bench(&[ada()]).send(page(2)).await.json();

    assert_eq!((&first["data"][0], &first["total"]), (&shown(), &json!(1)));
    assert_eq!((&second["data"], &second["total"]), (&json!([]), &json!(1)));
}

#[rstest]
#[case::no_name("", "required")]
#[case::not_a_name("?username=ada%20l", "invalid_format")]
#[actix_web::test]
async fn users_are_not_listed_but_by_name(#[case] query: &str, #[case] code: &str) {
    let got = Bench::new().send(get(query)).await;

    assert_eq!(got.problem(), (400, "invalid_parameter".to_owned()));
    assert_eq!(got.faults(), [("username".to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn what_is_on_a_wallet_is_told() {
    let mut accounts = MockAccountQueries::new();
    accounts.expect_find().returning(|owner, id| {
        assert_eq!((owner, id), (ORGANIZATION, ACCOUNT));
        Ok(Some(AccountState {
            balance_minor: 120,
            held_minor: 20,
            ..AccountState::from(&stored_account())
        }))
    });
    let bench = over(knowing(&[stored_user("ada1815", ACCOUNT)]), accounts);

    let got = bench.send(get(&format!("/{USER_ID}/wallet"))).await;

    let expected = json!({
        "account_id": ACCOUNT.to_string(),
        "status": "active",
        "currency": "USD",
        "balance_minor": 120,
        "held_minor": 20,
        "available_minor": 100,
        "as_of": "2026-11-20T12:00:00.000000Z",
    });
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
}

#[rstest]
#[case::user("/00000000-0000-0000-0000-000000000099")]
#[case::wallet("/00000000-0000-0000-0000-000000000099/wallet")]
#[actix_web::test]
async fn who_is_not_there_is_not_found(#[case] path: &str) {
    let got = bench(&[ada()]).send(get(path)).await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[rstest]
#[case::by_id("/00000000-0000-0000-0000-000000000717")]
#[case::by_name("?username=ada1815")]
#[actix_web::test]
async fn a_failing_storage_is_told(#[case] path: &str) {
    let mut users = MockUserQueries::new();
    users.expect_find().returning(|_, _| out_of_reach());
    users
        .expect_find_by_username()
        .returning(|_, _| out_of_reach());

    let got = over(users, MockAccountQueries::new()).send(get(path)).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
