//! The defaults that the specification names, with its numbers: whoever changes one changes what operators rely on.

use std::time::Duration;

use super::*;

fn defaults() -> Settings {
    load_variables(&[]).unwrap().settings
}

fn seconds<const N: usize>(times: [Duration; N]) -> [u64; N] {
    times.map(|it| it.as_secs())
}

#[test]
fn times_of_requests_are_as_promised() {
    let Settings {
        database,
        http,
        shutdown,
        cache,
        idempotency,
        ..
    } = defaults();

    let times = [
        database.max_lifetime,
        database.idle_timeout,
        database.acquire_timeout,
        database.statement_timeout,
        database.lock_timeout,
    ];
    assert_eq!(seconds(times), [3_600, 1_800, 3, 10, 2]);
    let times = [
        http.request_timeout,
        http.header_timeout,
        http.body_timeout,
        http.keep_alive,
    ];
    assert_eq!(seconds(times), [30, 5, 10, 60]);
    let times = [shutdown.drain];
    assert_eq!(seconds(times), [30]);
    let times = [cache.ttl];
    assert_eq!(seconds(times), [300]);
    let times = [idempotency.retention];
    assert_eq!(seconds(times), [86_400]);
}

#[test]
fn times_of_what_goes_on_beside_them_are_as_promised() {
    let Settings {
        events,
        scheduler,
        payments,
        ..
    } = defaults();

    let times = [events.retention];
    assert_eq!(seconds(times), [604_800]);
    let times = [scheduler.overdue_interval];
    assert_eq!(seconds(times), [60]);
    let times = [
        payments.retry_first,
        payments.retry_longest,
        payments.breaker_open,
    ];
    assert_eq!(seconds(times), [1, 30, 30]);
}

#[test]
fn numbers_are_as_promised() {
    let Settings {
        database,
        redis,
        http,
        grpc,
        management,
        rate_limit,
        scheduler,
        payments,
        ..
    } = defaults();

    assert_eq!(
        (http.port, management.port, grpc.port),
        (8080, 9090, 50_051)
    );
    assert_eq!((database.pool_max, database.pool_min_idle), (25, 5));
    assert_eq!(redis.pool_max, 20);
    assert_eq!(
        (rate_limit.requests_per_second, rate_limit.burst),
        (1_000, 2_000)
    );
    assert_eq!(rate_limit.bad_keys_per_second, 20);
    assert_eq!(scheduler.overdue_batch, 500);
    assert_eq!(payments.attempts_max, 5);
    assert_eq!(
        (payments.breaker_failures_pct, payments.breaker_calls_min),
        (60, 10)
    );
}
