//! The defaults that the specification names, with its numbers: whoever changes one changes what operators rely on.

use std::time::Duration;

use super::*;

fn defaults() -> Settings {
    load_variables(&[]).unwrap().settings
}

#[test]
fn times_are_as_promised() {
    let settings = defaults();

    let promised = [
        (
            "database.max_lifetime",
            settings.database.max_lifetime,
            Duration::from_hours(1),
        ),
        (
            "database.idle_timeout",
            settings.database.idle_timeout,
            Duration::from_mins(30),
        ),
        (
            "database.acquire_timeout",
            settings.database.acquire_timeout,
            Duration::from_secs(3),
        ),
        (
            "database.statement_timeout",
            settings.database.statement_timeout,
            Duration::from_secs(10),
        ),
        (
            "database.lock_timeout",
            settings.database.lock_timeout,
            Duration::from_secs(2),
        ),
        (
            "http.request_timeout",
            settings.http.request_timeout,
            Duration::from_secs(30),
        ),
        (
            "http.header_timeout",
            settings.http.header_timeout,
            Duration::from_secs(5),
        ),
        (
            "http.body_timeout",
            settings.http.body_timeout,
            Duration::from_secs(10),
        ),
        (
            "http.keep_alive",
            settings.http.keep_alive,
            Duration::from_mins(1),
        ),
        (
            "shutdown.drain",
            settings.shutdown.drain,
            Duration::from_secs(30),
        ),
        ("cache.ttl", settings.cache.ttl, Duration::from_mins(5)),
        (
            "idempotency.retention",
            settings.idempotency.retention,
            Duration::from_hours(24),
        ),
        (
            "events.retention",
            settings.events.retention,
            Duration::from_hours(7 * 24),
        ),
        (
            "scheduler.overdue_interval",
            settings.scheduler.overdue_interval,
            Duration::from_mins(1),
        ),
        (
            "payments.retry_first",
            settings.payments.retry_first,
            Duration::from_secs(1),
        ),
        (
            "payments.retry_longest",
            settings.payments.retry_longest,
            Duration::from_secs(30),
        ),
        (
            "payments.breaker_open",
            settings.payments.breaker_open,
            Duration::from_secs(30),
        ),
    ];

    for (name, setting, promised) in promised {
        assert_eq!(setting, promised, "{name}");
    }
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
