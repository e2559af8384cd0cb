use std::time::Duration;

use app::{invoicing::InvoiceView, testing::draft_contents};
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::*;

const CAPACITY: usize = 400_000;
const MINUTES: Duration = Duration::from_mins(5);

type Key = (OrganizationId, InvoiceId);
type Shard = super::Shard<Key, InvoiceView>;

fn key(number: u32) -> Key {
    let organization = OrganizationId::from_uuid(Uuid::nil());
    let invoice = InvoiceId::from_uuid(Uuid::from_u128(number.into()));
    (organization, invoice)
}

fn view(number: u32, lines: usize) -> Arc<InvoiceView> {
    let (organization, id) = key(number);
    let drafted = Invoice::draft(id, organization, draft_contents(), Timestamp::UNIX_EPOCH);
    let mut view = InvoiceView::from(drafted.unwrap().facts());
    let line = view.items.remove(0);
    view.items = vec![line; lines];
    Arc::new(view)
}

fn holds(shard: &mut Shard, number: u32, now: Instant) -> bool {
    let known = shard.get(&key(number), number.into(), now);
    matches!(known, CacheAnswer::Hit(_))
}

#[test]
fn what_is_remembered_ends_at_its_time() {
    let (mut shard, now) = (Shard::new(CAPACITY), Instant::now());

    shard.remember(key(1), view(1, 1), now + MINUTES);
    shard.remember_absent(key(2), now + Duration::from_secs(5));

    let nearly = Duration::from_millis(1);
    assert!(holds(
        &mut shard,
        1,
        now + MINUTES.checked_sub(nearly).unwrap()
    ));
    assert!(!holds(&mut shard, 1, now + MINUTES));
    let mut absent = |ms| shard.get(&key(2), 2, now + Duration::from_millis(ms));
    assert_eq!(absent(4_999), CacheAnswer::Absent);
    assert_eq!(absent(5_000), CacheAnswer::Miss);
}

#[test]
fn an_invoice_that_is_over_is_no_reason_to_refuse_another() {
    let (mut shard, now) = (Shard::new(CAPACITY), Instant::now());

    shard.remember(key(1), view(1, 1), now + MINUTES);

    assert!(shard.holds(&key(1), now));
    assert!(!shard.holds(&key(1), now + MINUTES));
    assert!(shard.is_stale(&key(1), 1, Version::new(0), now));
    assert!(!shard.is_stale(&key(1), 1, Version::new(0), now + MINUTES));
}

#[test]
fn memory_stays_within_its_bounds_whatever_comes() {
    let (mut shard, now) = (Shard::new(CAPACITY), Instant::now());

    for number in 0..3_000_u32 {
        let lines = if number % 10 == 0 { 500 } else { 1 };
        shard.remember(key(number), view(number, lines), now + MINUTES);
        shard.remember_absent(key(1_000_000 + number), now + MINUTES);
        let floor = Version::new(2);
        shard.drop_below(&key(number / 2), floor);
        shard
            .floors()
            .raise(number.into(), floor, now, now + MINUTES);
    }

    // The buckets of floors without room of their own come on top.
    let buckets = 1_024 * 40;
    assert!(shard.weight() <= CAPACITY + buckets, "{}", shard.weight());
    assert!(shard.order.len() <= 2 * shard.entries.len() + 64);
    let held: usize = shard.entries.values().map(|entry| entry.weight).sum();
    assert_eq!(held, shard.weight);
}

#[test]
fn what_is_asked_for_all_the_time_stays() {
    let (mut shard, now) = (Shard::new(CAPACITY), Instant::now());
    shard.remember(key(1), view(1, 1), now + MINUTES);

    for number in 2..5_000 {
        shard.remember(key(number), view(number, 1), now + MINUTES);
        assert!(holds(&mut shard, 1, now));
    }

    assert!(!holds(&mut shard, 2, now));
}

#[test]
fn one_that_is_larger_than_everything_pushes_out_nobody() {
    let (mut shard, now) = (Shard::new(CAPACITY), Instant::now());
    shard.remember(key(1), view(1, 1), now + MINUTES);

    shard.remember(key(2), view(2, 5_000), now + MINUTES);

    assert!(holds(&mut shard, 1, now));
    assert!(!holds(&mut shard, 2, now));
}

#[test]
fn one_that_comes_and_goes_leaves_no_places_behind() {
    let (mut shard, now) = (Shard::new(CAPACITY), Instant::now());

    for version in 0..10_000 {
        shard.remember(key(1), view(1, 1), now + MINUTES);
        shard.drop_below(&key(1), Version::new(version + 2));
    }

    assert!(shard.order.len() <= 65);
    assert_eq!(shard.weight, 0);
}

#[test]
fn a_thousand_lines_weigh_some_hundred_kilobytes() {
    let weight = view(1, 1_000).weight_bytes();

    assert!((100_000..400_000).contains(&weight), "{weight}");
}
