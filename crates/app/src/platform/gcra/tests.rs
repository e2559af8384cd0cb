use std::net::{IpAddr, Ipv4Addr};

use rstest::rstest;

use super::*;

const SECOND_US: u64 = 1_000_000;

fn take_one(bucket: &mut Bucket, limit: RateLimit, now_us: u64) -> bool {
    bucket.take(limit, now_us, 1) == 1
}

#[rstest]
#[case::slow(1, 2)]
#[case::a_third_of_a_second_each(3, 6)]
#[case::usual(1_000, 2_000)]
#[case::burst_below_the_rate(1_000, 2)]
#[case::not_a_divisor_of_a_microsecond(300_007, 11)]
fn a_burst_and_then_the_rate_are_allowed_and_never_more(
    #[case] per_second: u32,
    #[case] burst: u32,
) {
    let limit = RateLimit::new(per_second, burst);
    let (mut bucket, start_us) = (Bucket::default(), 77 * SECOND_US);
    let step_us = 1 + SECOND_US / u64::from(per_second) / 7;

    let at_once = (0..u64::from(burst) + 10)
        .filter(|_| take_one(&mut bucket, limit, start_us))
        .count();
    let later = (1..=70_000)
        .filter(|step| take_one(&mut bucket, limit, start_us + step * step_us))
        .count();

    assert_eq!(at_once, usize::try_from(burst).unwrap());
    let most = 70_000 * step_us * u64::from(per_second) / SECOND_US;
    let later = u64::try_from(later).unwrap();
    assert!(later <= most, "{later} of {most}");
    assert!(later + 2 >= most, "{later} of {most}");
}

#[test]
fn a_client_is_told_when_to_come_again_and_is_let_in_exactly_then() {
    let limit = RateLimit::new(3, 2);
    let mut bucket = Bucket::default();

    let granted = bucket.take(limit, 0, 5);
    let refused = bucket.decision(limit, 0, false);

    assert_eq!((granted, refused.remaining), (2, 0));
    assert_eq!(refused.retry_after, Duration::from_micros(333_334));
    assert_eq!(refused.reset_after, Duration::from_micros(666_667));
    assert!(!take_one(&mut bucket, limit, 333_333));
    assert!(take_one(&mut bucket, limit, 333_334));
}

#[test]
fn what_remains_grows_with_time_up_to_the_burst() {
    let limit = RateLimit::new(10, 4);
    let mut bucket = Bucket::default();

    bucket.take(limit, 0, 3);

    let remaining = |now_us| bucket.decision(limit, now_us, true).remaining;
    assert_eq!((remaining(0), remaining(99_999)), (1, 1));
    assert_eq!((remaining(100_000), remaining(SECOND_US)), (2, 4));
    assert!(!bucket.is_settled(limit, 299_999));
    assert!(bucket.is_settled(limit, 300_000));
}

#[test]
fn a_step_back_in_time_gives_nothing_away() {
    let limit = RateLimit::new(10, 2);
    let mut bucket = Bucket::default();

    bucket.take(limit, 5 * SECOND_US, 2);

    assert!(!take_one(&mut bucket, limit, 4 * SECOND_US));
    assert!(!take_one(&mut bucket, limit, 5 * SECOND_US + 99_999));
    assert!(take_one(&mut bucket, limit, 5 * SECOND_US + 100_000));
}

#[test]
fn what_was_taken_and_not_used_is_not_owed() {
    let limit = RateLimit::new(10, 20);
    let mut bucket = Bucket::default();

    bucket.take(limit, 0, 8);

    let told = bucket.without(5).decision(limit, 0, true);
    assert_eq!(told.remaining, 17);
    assert_eq!(told.reset_after, Duration::from_millis(300));
    assert_eq!(bucket.without(9), Bucket::default());
}

#[rstest]
#[case(1_000, 2_000, 100)]
#[case(1_000, 50, 50)]
#[case(5, 10, 1)]
#[case(0, 0, 1)]
fn a_lease_is_a_tenth_of_a_second(
    #[case] per_second: u32,
    #[case] burst: u32,
    #[case] expected: u32,
) {
    assert_eq!(RateLimit::new(per_second, burst).lease(), expected);
}

#[rstest]
#[case::with_a_bad_key(LimitSubject::Stranger)]
#[case::where_all_may_come_in(LimitSubject::Visitor)]
fn strangers_have_their_own_limit(#[case] subject: fn(IpAddr) -> LimitSubject) {
    let limits = RateLimits::default();

    let limit = limits.of(subject(IpAddr::V4(Ipv4Addr::LOCALHOST)));

    assert_eq!((limit.per_second(), limit.burst()), (20, 40));
}
