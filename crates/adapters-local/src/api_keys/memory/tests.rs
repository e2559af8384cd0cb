use std::time::Duration;

use domain::{
    ids::OrganizationId,
    platform::{KeyName, Scope, Scopes},
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::*;

fn hash(number: u32) -> KeyHash {
    let mut bytes = [0; 32];
    bytes[0] = number.to_le_bytes()[0];
    bytes[28..].copy_from_slice(&number.to_be_bytes());
    KeyHash(bytes)
}

fn key(number: u32) -> Arc<ApiKeyFacts> {
    Arc::new(ApiKeyFacts {
        id: ApiKeyId::from_uuid(Uuid::from_u128(number.into())),
        organization_id: OrganizationId::from_uuid(Uuid::nil()),
        name: KeyName::parse("a key").unwrap(),
        scopes: Scopes::new([Scope::All]).unwrap(),
        shown_prefix: String::new(),
        hash: hash(number),
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        revoked_at: None,
        version: Version::FIRST,
    })
}

fn memory(capacity: usize) -> KeyMemory {
    KeyMemory::new(KeyMemoryLimits {
        capacity,
        ..KeyMemoryLimits::default()
    })
}

fn len(memory: &KeyMemory) -> usize {
    memory.shards.iter().map(|shard| lock(shard).len()).sum()
}

#[test]
fn a_key_is_remembered_for_four_seconds_and_an_unknown_hash_for_one() {
    let (memory, now) = (memory(100), Instant::now());

    memory.remember(hash(1), Some(key(1)), memory.begin_reading(now));
    memory.remember(hash(2), None, memory.begin_reading(now));

    let recall = |number, ms| memory.recall(&hash(number), now + Duration::from_millis(ms));
    assert_eq!(recall(1, 3_999), Some(Some(key(1))));
    assert_eq!(recall(1, 4_000), None);
    assert_eq!(recall(2, 999), Some(None));
    assert_eq!(recall(2, 1_000), None);
    assert_eq!(recall(3, 0), None);
}

#[test]
fn what_was_read_before_a_change_is_not_remembered_after_it() {
    let (memory, now) = (memory(100), Instant::now());
    let reading = memory.begin_reading(now);

    memory.forget(key(1).id);
    memory.remember(hash(1), Some(key(1)), reading);

    assert_eq!(memory.recall(&hash(1), now), None);
}

#[test]
fn one_key_is_forgotten_and_the_others_are_not() {
    let (memory, now) = (memory(100), Instant::now());
    for number in 1..=20 {
        memory.remember(hash(number), Some(key(number)), memory.begin_reading(now));
    }

    memory.forget(key(7).id);

    assert_eq!(memory.recall(&hash(7), now), None);
    assert_eq!(len(&memory), 19);
}

#[test]
fn memory_is_bounded_and_guesses_do_not_push_out_keys() {
    let (memory, now) = (memory(160), Instant::now());
    for number in 0..50 {
        memory.remember(hash(number), Some(key(number)), memory.begin_reading(now));
    }

    for number in 1_000..50_000 {
        memory.remember(hash(number), None, memory.begin_reading(now));
    }
    for number in 50..100 {
        memory.remember(hash(number), Some(key(number)), memory.begin_reading(now));
    }

    assert!(len(&memory) <= 160);
    let known = (0..100).filter(|number| memory.recall(&hash(*number), now).is_some());
    assert_eq!(known.count(), 100);
}
