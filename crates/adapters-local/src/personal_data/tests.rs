use domain::ids::{OrganizationId, UserId};
use rstest::rstest;
use uuid::Uuid;

use super::*;

const DNI: &str = "12345678";

fn seal(key: u8) -> KeyedSeal {
    KeyedSeal::new(&PersonalDataKey::new([key; 32]))
}

fn holder(organization: u128, user: u128) -> Holder {
    Holder {
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(organization)),
        user_id: UserId::from_uuid(Uuid::from_u128(user)),
    }
}

fn sealed(by: &KeyedSeal, holder: Holder) -> SealedNationalId {
    by.seal(holder, &NationalId::parse(DNI).unwrap()).unwrap()
}

#[test]
fn what_is_sealed_opens_for_its_holder() {
    let opened = seal(1).open(holder(1, 5), &sealed(&seal(1), holder(1, 5)));

    assert_eq!(opened.unwrap().expose(), DNI);
}

#[rstest]
#[case::of_another_user(holder(1, 6))]
#[case::of_another_organization(holder(2, 5))]
fn it_does_not_open_for_anybody_else(#[case] thief: Holder) {
    let sealed = sealed(&seal(1), holder(1, 5));

    let opened = seal(1).open(thief, &sealed);

    assert!(matches!(opened, Err(SealError::Broken)));
}

#[test]
fn another_key_is_told_from_a_broken_seal() {
    let opened = seal(2).open(holder(1, 5), &sealed(&seal(1), holder(1, 5)));

    assert!(matches!(opened, Err(SealError::OtherKey)));
}

#[test]
fn a_changed_bit_anywhere_is_noticed() {
    let whole = sealed(&seal(1), holder(1, 5));

    for index in 0..whole.ciphertext.len() {
        let mut changed = whole.clone();
        changed.ciphertext[index] ^= 1;
        assert!(seal(1).open(holder(1, 5), &changed).is_err(), "{index}");
        changed.ciphertext.truncate(index);
        assert!(seal(1).open(holder(1, 5), &changed).is_err(), "{index}");
    }
}

#[test]
fn it_looks_different_each_time_and_shows_nothing() {
    let [once, again] = [(); 2].map(|()| sealed(&seal(1), holder(1, 5)));

    assert_ne!(once.ciphertext, again.ciphertext);
    let shows = |part: &[u8]| DNI.as_bytes().windows(3).any(|digits| digits == part);
    assert!(!once.ciphertext.windows(3).any(shows));
}

#[test]
fn fingerprints_are_equal_within_an_organization_and_under_one_key_only() {
    let fingerprint = |key, holder| sealed(&seal(key), holder).fingerprint;

    let ours = fingerprint(1, holder(1, 5));

    assert_eq!(fingerprint(1, holder(1, 6)), ours);
    assert_ne!(fingerprint(1, holder(2, 5)), ours);
    assert_ne!(fingerprint(2, holder(1, 5)), ours);
}
