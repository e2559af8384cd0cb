use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::wallets::{NationalIdFingerprint, SealedNationalId};

const REGISTERED: &str = "2026-11-20T12:00:00Z";
const LATER: &str = "2026-11-21T12:00:00Z";

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn name(raw: &str) -> PersonName {
    PersonName::parse(raw).unwrap()
}

fn registration() -> UserRegistration {
    UserRegistration {
        username: Username::parse("ada1815").unwrap(),
        name: name("Ada Lovelace"),
        national_id: SealedNationalId {
            fingerprint: NationalIdFingerprint([7; 32]),
            ciphertext: b"sealed".to_vec(),
        },
        wallet: Wallet {
            account_id: AccountId::from_uuid(Uuid::from_u128(6)),
            currency: Currency::parse("USD").unwrap(),
        },
    }
}

fn ada() -> User {
    let id = UserId::from_uuid(Uuid::from_u128(5));
    let organization_id = OrganizationId::from_uuid(Uuid::from_u128(1));
    User::register(id, organization_id, registration(), at(REGISTERED))
}

/// As she comes out of storage.
fn stored() -> User {
    User::restore(ada().facts().clone())
}

#[test]
fn a_new_user_is_open_and_tells_that_there_is_one() {
    let mut ada = ada();

    let facts = ada.facts().clone();
    assert_eq!(facts.registration, registration());
    assert_eq!((facts.closed_at, facts.version), (None, Version::FIRST));
    assert_eq!(facts.created_at, at(REGISTERED));
    assert_eq!(ada.take_events(), [UserEvent::Registered(facts)]);
    assert_eq!(ada.take_events(), []);
}

#[test]
fn a_renamed_user_is_the_same_in_everything_else() {
    let mut ada = stored();

    ada.rename(name("Ada King"), at(LATER)).unwrap();

    let expected = UserFacts {
        registration: UserRegistration {
            name: name("Ada King"),
            ..registration()
        },
        updated_at: at(LATER),
        version: Version::new(2),
        ..stored().facts().clone()
    };
    assert_eq!(*ada.facts(), expected);
    assert_eq!(ada.take_events(), [UserEvent::Updated(expected)]);
}

#[test]
fn a_closed_user_does_not_change_any_more() {
    let mut ada = stored();

    ada.close(at(LATER)).unwrap();

    let closed = ada.facts().clone();
    assert_eq!(
        (closed.closed_at, closed.version),
        (Some(at(LATER)), Version::new(2))
    );
    assert_eq!(ada.take_events(), [UserEvent::Closed(closed.clone())]);
    assert_eq!(ada.rename(name("Ada King"), at(LATER)), Err(UserClosed));
    assert_eq!(ada.close(at(LATER)), Err(UserClosed));
    assert_eq!(ada.facts(), &closed);
    assert_eq!(ada.take_events(), []);
}

#[test]
fn nothing_that_is_told_of_a_user_shows_what_is_sealed() {
    let told = format!("{:?}", ada().take_events());

    assert!(
        !told.contains("sealed") && !told.contains("115, 101"),
        "{told}"
    );
}

#[rstest]
#[case("Al", true)]
#[case("A", false)]
#[case("", false)]
fn a_name_has_at_least_two_characters(#[case] raw: &str, #[case] accepted: bool) {
    assert_eq!(PersonName::parse(raw).is_ok(), accepted);
    assert!(PersonName::parse(&"é".repeat(100)).is_ok());
    assert!(PersonName::parse(&"é".repeat(101)).is_err());
}
