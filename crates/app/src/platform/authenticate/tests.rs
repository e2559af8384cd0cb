use domain::platform::ApiKeyFacts;
use jiff::Timestamp;
use mockall::predicate::eq;
use rstest::rstest;

use super::*;
use crate::{
    ports::MockApiKeyQueries,
    testing::{FixedClock, KEY, NOW, ORGANIZATION, key_secret, out_of_reach, scopes, stored_key},
};

fn authenticator(keys: MockApiKeyQueries) -> KeyAuthenticator {
    KeyAuthenticator::new(Arc::new(keys), FixedClock::at(NOW))
}

fn keys_holding(key: Option<ApiKeyFacts>) -> MockApiKeyQueries {
    let mut keys = MockApiKeyQueries::new();
    keys.expect_find_by_hash()
        .once()
        .with(eq(hash_of(&key_secret())))
        .returning(move |_| Ok(key.clone().map(Arc::new)));
    keys
}

fn instant(raw: &str) -> Timestamp {
    raw.parse().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// By `printf tsk_… | sha256sum`.
#[test]
fn secrets_are_found_by_their_sha_256() {
    let hash = hash_of(&key_secret());

    let expected = "6a29f43bae815c9735583692f70ff0b5654de0ec787746911a2141bb548871cf";
    assert_eq!(hex(&hash.0), expected);
}

#[rstest]
#[case::that_never_ends(None)]
#[case::a_microsecond_before_its_end(Some(instant("2026-11-20T12:00:00.000001Z")))]
#[tokio::test]
async fn a_valid_key_tells_who_calls_and_what_they_may_do(#[case] expires_at: Option<Timestamp>) {
    let key = ApiKeyFacts {
        scopes: scopes(&["invoices:read"]),
        expires_at,
        ..stored_key()
    };

    let known = authenticator(keys_holding(Some(key)))
        .authenticate(key_secret().expose())
        .await
        .unwrap();

    let expected = AuthenticatedKey {
        organization_id: ORGANIZATION,
        key_id: KEY,
        grant: Grant {
            scopes: scopes(&["invoices:read"]),
            expires_at,
        },
    };
    assert_eq!(known, expected);
}

#[rstest]
#[case::that_nobody_made(None)]
#[case::that_was_revoked(Some(ApiKeyFacts { revoked_at: Some(instant(NOW)), ..stored_key() }))]
#[case::that_ends_now(Some(ApiKeyFacts { expires_at: Some(instant(NOW)), ..stored_key() }))]
#[case::that_is_found_by_mistake(Some(ApiKeyFacts { hash: KeyHash([0; 32]), ..stored_key() }))]
#[tokio::test]
async fn a_key_is_unknown(#[case] found: Option<ApiKeyFacts>) {
    let authenticator = authenticator(keys_holding(found));

    let refused = authenticator.authenticate(key_secret().expose()).await;

    assert!(matches!(refused, Err(AuthenticationError::Unknown)));
}

#[rstest]
#[case::nothing("")]
#[case::too_short("tsk_short")]
#[case::without_the_prefix("0123456789abcdefghijABCDEFGHIJ0123456")]
#[case::not_base62("tsk_0123456789abcdefghijABCDEFGHIJ0-")]
#[tokio::test]
async fn what_is_no_secret_is_unknown_without_a_look_up(#[case] secret: &str) {
    let authenticator = authenticator(MockApiKeyQueries::new());

    let refused = authenticator.authenticate(secret).await;

    assert!(matches!(refused, Err(AuthenticationError::Unknown)));
}

#[tokio::test]
async fn a_storage_out_of_reach_does_not_make_a_key_unknown() {
    let mut keys = MockApiKeyQueries::new();
    keys.expect_find_by_hash().returning(|_| out_of_reach());

    let failed = authenticator(keys)
        .authenticate(key_secret().expose())
        .await;

    assert!(matches!(failed, Err(AuthenticationError::Storage(_))));
}
