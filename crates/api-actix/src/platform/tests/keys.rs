use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    paging::Listing,
    platform::hash_of,
    ports::MockApiKeyQueries,
    testing::{FakeUnitOfWork, KEY, key_secret, stored_key},
};
use domain::platform::ApiKeyFacts;
use rstest::rstest;
use serde_json::{Value, json};

use super::{KEYS, inserted, making, new_key};
use crate::testing::{Bench, knowing};

fn key_path() -> String {
    format!("{KEYS}/{KEY}")
}

fn with_key(stored: ApiKeyFacts) -> Bench {
    let mut keys = MockApiKeyQueries::new();
    keys.expect_find().returning(move |owner, id| {
        let is_it = (owner, id) == (stored.organization_id, stored.id);
        Ok(is_it.then(|| stored.clone()))
    });
    Bench::new().with(|parts| parts.platform.api_keys = Arc::new(keys))
}

#[actix_web::test]
async fn a_new_key_shows_its_secret_this_once() {
    let got = Bench::new().over(inserted()).send(making(&new_key())).await;

    let id = "00000000-0000-0000-0000-000000000002";
    assert_eq!((got.status.as_u16(), got.header("etag")), (201, "\"1\""));
    assert_eq!(got.header("location"), format!("{KEYS}/{id}"));
    insta::assert_json_snapshot!(got.json());
}

#[rstest]
#[case::no_name(json!({"scopes": ["*"]}), "/name", "required")]
#[case::no_scopes(json!({"name": "a", "scopes": []}), "/scopes", "empty")]
#[case::unknown_scope(json!({"name": "a", "scopes": ["all"]}), "/scopes/0", "unsupported_value")]
#[case::scopes_text(json!({"name": "a", "scopes": "*"}), "/scopes", "wrong_type")]
#[case::expires(json!({"name": "a", "scopes": ["*"], "expires_at": 1}), "/expires_at", "wrong_type")]
#[actix_web::test]
async fn wrong_keys_are_not_made(#[case] body: Value, #[case] pointer: &str, #[case] code: &str) {
    let got = Bench::new().send(making(&body)).await;

    assert_eq!(got.faults(), [(pointer.to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn no_key_makes_one_that_may_do_more() {
    let bench = Bench::new().with(|parts| parts.authenticator = knowing(&["keys:write"]));

    let got = bench
        .over(FakeUnitOfWork::default())
        .send(making(&new_key()))
        .await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}

#[actix_web::test]
async fn keys_are_shown_without_their_secret() {
    let got = with_key(stored_key())
        .send(TestRequest::get().uri(&key_path()))
        .await;

    assert_eq!(got.status.as_u16(), 200);
    insta::assert_json_snapshot!(got.json());
}

#[rstest]
#[case::unknown(ApiKeyFacts { id: domain::ids::ApiKeyId::from_uuid(uuid::Uuid::nil()), ..stored_key() })]
#[case::revoked(ApiKeyFacts { revoked_at: Some(stored_key().created_at), ..stored_key() })]
#[actix_web::test]
async fn a_key_that_is_not_there_is_not_found(#[case] stored: ApiKeyFacts) {
    let got = with_key(stored)
        .send(TestRequest::get().uri(&key_path()))
        .await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn keys_are_listed() {
    let mut keys = MockApiKeyQueries::new();
    let listing = Listing {
        rows: vec![stored_key()],
        next: None,
        total: None,
    };
    keys.expect_list()
        .returning(move |_, _| Ok(listing.clone()));
    let bench = Bench::new().with(|parts| parts.platform.api_keys = Arc::new(keys));

    let got = bench.send(TestRequest::get().uri(KEYS)).await;

    assert_eq!(
        got.json()["data"][0]["secret_prefix"],
        stored_key().shown_prefix
    );
    assert_eq!(got.json()["data"][0].get("secret"), None);
}

#[rstest]
#[case::valid(stored_key(), None, 204)]
#[case::seen(stored_key(), Some("\"1\""), 204)]
#[case::not_seen(stored_key(), Some("\"2\""), 412)]
#[case::revoked(ApiKeyFacts { revoked_at: Some(stored_key().created_at), ..stored_key() }, None, 404)]
#[actix_web::test]
async fn keys_are_revoked(
    #[case] stored: ApiKeyFacts,
    #[case] if_match: Option<&str>,
    #[case] status: u16,
) {
    let mut uow = FakeUnitOfWork::default().with_api_key(stored);
    uow.api_keys.expect_update().returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    let mut request = TestRequest::delete().uri(&key_path());
    if let Some(tag) = if_match {
        request = request.insert_header(("if-match", tag));
    }

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.status.as_u16(), status);
}

#[actix_web::test]
async fn keys_are_stored_by_their_hash() {
    let mut uow = FakeUnitOfWork::default();
    uow.api_keys
        .expect_insert()
        .withf(|key| key.facts().hash == hash_of(&key_secret()))
        .once()
        .returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));

    let got = Bench::new().over(uow).send(making(&new_key())).await;

    assert_eq!(got.status.as_u16(), 201);
}
