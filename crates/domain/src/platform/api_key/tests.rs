use uuid::Uuid;

use super::*;
use crate::platform::{Access, Resource, Scope};

const READ_INVOICES: Scope = Scope::Of(Resource::Invoices, Access::Read);

fn facts(scopes: &[Scope]) -> ApiKeyFacts {
    ApiKeyFacts {
        id: ApiKeyId::from_uuid(Uuid::from_u128(1)),
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(2)),
        name: KeyName::parse("shop").unwrap(),
        scopes: Scopes::new(scopes.iter().copied()).unwrap(),
        shown_prefix: "tsk_abcdef".to_owned(),
        hash: KeyHash([0; 32]),
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        revoked_at: None,
        version: Version::FIRST,
    }
}

#[test]
fn a_secret_is_recognised_by_prefix_length_and_alphabet() {
    let random = "A1b2".repeat(8);

    assert!(ApiKeySecret::parse(&format!("tsk_{random}")).is_ok());

    for wrong in [
        random.clone(),
        format!("tsk_{}", &random[1..]),
        format!("tsk_{random}-"),
        format!("tsk_{}", "é".repeat(32)),
        format!("tsk_{}", "a".repeat(125)),
    ] {
        assert!(ApiKeySecret::parse(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn random_bytes_become_a_secret_that_reads_back() {
    let bytes: Vec<u8> = (0..=255).collect();

    let secret = ApiKeySecret::from_random(&bytes).unwrap();

    assert_eq!(ApiKeySecret::parse(secret.expose()), Ok(secret.clone()));
    assert_eq!(secret.shown_prefix(), "tsk_012345");
    assert_eq!(format!("{secret:?}"), "ApiKeySecret(tsk_012345…)");
}

#[test]
fn biased_bytes_are_passed_over() {
    assert_eq!(ApiKeySecret::from_random(&[255; 64]), None);
}

#[test]
fn a_key_never_grants_more_than_it_has() {
    let granting = facts(&[READ_INVOICES]).grant();

    let same = ApiKey::create(facts(&[READ_INVOICES]), Some(&granting));
    let more = ApiKey::create(facts(&[Scope::All]), Some(&granting));

    assert!(same.is_ok());
    assert_eq!(more.unwrap_err(), GrantExceeded::Scope(Scope::All));
}

#[test]
fn a_key_is_revoked_once() {
    let mut key = ApiKey::create(facts(&[READ_INVOICES]), None).unwrap();

    assert_eq!(key.revoke(Timestamp::UNIX_EPOCH), Ok(()));
    assert_eq!(key.revoke(Timestamp::UNIX_EPOCH), Err(KeyRevoked));
    assert!(!key.facts().is_valid_at(Timestamp::UNIX_EPOCH));
}

#[test]
fn a_key_ends_at_the_instant_it_names() {
    let end = Timestamp::UNIX_EPOCH;
    let expiring = ApiKeyFacts {
        expires_at: Some(end),
        ..facts(&[READ_INVOICES])
    };

    assert!(expiring.is_valid_at(end - jiff::SignedDuration::from_micros(1)));
    assert!(!expiring.is_valid_at(end));
}
