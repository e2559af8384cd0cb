//! The one list of what can be set.

use serde_json::Value;

use super::{environment::PREFIX, kind::Kind};

/// Something that can be set.
#[derive(Debug)]
pub(super) struct Setting {
    /// Its place in the file: `group.name`. The unit is part of the name.
    pub(super) key: &'static str,
    /// What its values are.
    pub(super) kind: Kind,
    /// Its value unless somebody sets it; empty when it need not have one.
    pub(super) default: &'static str,
    /// What it does, in a sentence.
    pub(super) meaning: &'static str,
}

impl Setting {
    /// Its environment variable.
    pub(super) fn variable(&self) -> String {
        format!("{PREFIX}{}", self.key.replace('.', "__").to_uppercase())
    }

    /// The variable that names a file with its value, if it is a secret.
    pub(super) fn file_variable(&self) -> Option<String> {
        self.kind
            .is_secret()
            .then(|| format!("{}_FILE", self.variable()))
    }

    /// Whether a variable of this name sets it.
    pub(super) fn goes_by(&self, name: &str) -> bool {
        self.variable() == name || self.file_variable().as_deref() == Some(name)
    }

    /// The value that a text means; what it has to be, if it is not.
    pub(super) fn check(&self, raw: &str) -> Result<Value, String> {
        if raw.is_empty() && self.default.is_empty() {
            Ok(Value::Null)
        } else {
            self.kind.check(raw)
        }
    }
}

const fn setting(
    key: &'static str,
    kind: Kind,
    default: &'static str,
    meaning: &'static str,
) -> Setting {
    Setting {
        key,
        kind,
        default,
        meaning,
    }
}

const fn whole(min: i64, max: i64) -> Kind {
    Kind::Whole { min, max }
}

const HOUR_MS: i64 = 3_600_000;
const DAY_S: i64 = 86_400;

/// Every setting, in the order in which it is shown.
#[rustfmt::skip]
pub(super) const SETTINGS: &[Setting] = &[
    setting("environment", Kind::Choice(&["development", "production"]), "development",
        "What the deployment is for; production refuses what is only for development."),
    setting("data_dir", Kind::Path, ".tallystick",
        "The folder of the embedded database and of the first API key."),
    setting("pg_bin", Kind::Path, "",
        "The folder of PostgreSQL's programs for the embedded database; found by itself when empty."),

    setting("database.url", Kind::Secret { schemes: &["postgres://", "postgresql://"] }, "",
        "The PostgreSQL database; without it, the server runs a private one in the data folder."),
    setting("database.pool_max", whole(1, 10_000), "25",
        "The most connections to the database, besides those of the posting engine (ledger.lanes + 2)."),
    setting("database.pool_min_idle", whole(0, 10_000), "5",
        "How many connections are kept open when there is nothing to do; threads that answer requests open theirs when they first need them."),
    setting("database.max_lifetime_s", whole(1, DAY_S), "3600",
        "After how many seconds a connection is replaced."),
    setting("database.idle_timeout_s", whole(1, DAY_S), "1800",
        "After how many seconds without use a connection is closed."),
    setting("database.acquire_timeout_ms", whole(1, HOUR_MS), "3000",
        "How many milliseconds a request waits for a connection."),
    setting("database.statement_timeout_ms", whole(1, HOUR_MS), "10000",
        "After how many milliseconds the database gives up a statement."),
    setting("database.lock_timeout_ms", whole(1, HOUR_MS), "2000",
        "How many milliseconds a statement waits for a lock."),
    setting("database.query_deadline_ms", whole(1, HOUR_MS), "12000",
        "After how many milliseconds the server stops waiting for a database that does not answer."),
    setting("database.migrate_on_start", Kind::Flag, "true",
        "Whether the server migrates the database when it starts; else `tallystick migrate` has to."),

    setting("redis.url", Kind::Secret { schemes: &["redis://", "rediss://", "redis+unix://"] }, "",
        "Redis, for a cache and rate limits that instances share; without it, each counts for itself and caches nothing."),
    setting("redis.pool_max", whole(1, 10_000), "20",
        "The most connections to Redis."),
    setting("redis.namespace", Kind::Word, "tallystick",
        "What every key in Redis starts with, so that several deployments can share one."),
    setting("redis.deadline_ms", whole(1, HOUR_MS), "250",
        "After how many milliseconds the server does without an answer of Redis."),

    setting("broker", Kind::Choice(&["postgres", "redis", "kafka"]), "postgres",
        "What brings events to whoever reads them; postgres needs nothing but the database."),
    setting("redis.broker_url", Kind::Secret { schemes: &["redis://", "rediss://", "redis+unix://"] }, "",
        "The Redis that events go through, if it is not that of TALLYSTICK_REDIS__URL; its maxmemory-policy is noeviction."),
    setting("kafka.servers", Kind::Servers, "",
        "Some of Kafka's servers, as host:port, separated by commas."),
    setting("kafka.prefix", Kind::Word, "tallystick",
        "What the names of topics and of groups of consumers in Kafka start with."),
    setting("kafka.partitions", whole(1, 10_000), "16",
        "How many partitions a topic has that the server makes."),
    setting("kafka.replication", whole(-1, 100), "-1",
        "How many copies of such a topic Kafka keeps; -1 is what Kafka is set to."),
    setting("kafka.tls", Kind::Flag, "false",
        "Whether connections to Kafka are encrypted; needs a server that was built with the feature kafka-tls."),
    setting("kafka.tls_authorities", Kind::Path, "",
        "The certificates, in PEM, of the authorities that are trusted with Kafka; the system's when empty."),
    setting("kafka.sasl_mechanism", Kind::Choice(&["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]), "",
        "How this server tells Kafka who it is; not at all when empty. SCRAM needs the feature kafka-tls."),
    setting("kafka.sasl_username", Kind::Word, "",
        "The name that it says."),
    setting("kafka.sasl_password", Kind::Secret { schemes: &[""] }, "",
        "The password that it says."),

    setting("http.host", Kind::Address, "0.0.0.0",
        "The address that the API listens on."),
    setting("http.port", whole(0, 65_535), "8080",
        "The port that the API listens on; 0 takes a free one and writes it to `http-address` in the data folder."),
    setting("http.request_timeout_ms", whole(1, HOUR_MS), "30000",
        "How many milliseconds a request may take in all."),
    setting("http.header_timeout_ms", whole(1, HOUR_MS), "5000",
        "How many milliseconds a client may take to send the head of a request."),
    setting("http.body_timeout_ms", whole(1, HOUR_MS), "10000",
        "How many milliseconds a client may take to send the body of a request."),
    setting("http.keep_alive_s", whole(1, DAY_S), "60",
        "How many seconds a connection without requests is kept open."),
    setting("http.trusted_proxies", Kind::Networks, "",
        "Addresses and networks of proxies whose X-Forwarded-For is believed, separated by commas."),
    setting("http.cors_origins", Kind::Origins, "",
        "Origins of web pages that may call the API, separated by commas; CORS is off without."),
    setting("http.workers", whole(1, 1_024), "",
        "How many threads answer requests; as many as there are processors when empty."),

    setting("grpc.enabled", Kind::Flag, "true",
        "Whether the API is offered over gRPC too."),
    setting("grpc.host", Kind::Address, "0.0.0.0",
        "The address that gRPC listens on."),
    setting("grpc.port", whole(0, 65_535), "50051",
        "The port that gRPC listens on; 0 takes a free one and writes it to `grpc-address` in the data folder."),

    setting("management.host", Kind::Address, "",
        "The address of the management port; 127.0.0.1 with an embedded database, else 0.0.0.0, when empty."),
    setting("management.port", whole(0, 65_535), "9090",
        "The port of /metrics; 0 takes a free one and writes it to `management-address` in the data folder."),

    setting("rate_limit.requests_per_second", whole(1, 1_000_000), "1000",
        "How many requests a second an API key may make for ever."),
    setting("rate_limit.burst", whole(1, 10_000_000), "2000",
        "How many requests an API key may make at once after a pause."),
    setting("rate_limit.bad_keys_per_second", whole(1, 1_000_000), "20",
        "How many requests a second without a valid key an address may make."),

    setting("cache.ttl_s", whole(1, DAY_S), "300",
        "How many seconds an invoice is remembered."),
    setting("cache.capacity_bytes", whole(0, 1 << 40), "33554432",
        "How many bytes of invoices this process remembers."),

    setting("shutdown.pause_ms", whole(0, HOUR_MS), "0",
        "How many milliseconds the server goes on serving after it has said that it is not ready any more."),
    setting("shutdown.drain_s", whole(0, 3_600), "30",
        "How many seconds requests in flight have to finish when the server stops."),

    setting("idempotency.retention_h", whole(1, 24 * 365), "24",
        "How many hours the answer to a request with an Idempotency-Key is kept."),

    setting("wallets.encryption_key", Kind::Key, "",
        "What personal data and secrets of webhooks are sealed with; without it, one is made and kept in the database, which production refuses."),

    setting("webhooks.allow_http", Kind::Flag, "false",
        "Whether webhooks may be sent without encryption; with an embedded database they may to this machine anyway."),
    setting("webhooks.allowed_networks", Kind::Networks, "",
        "Addresses and networks besides the public internet that webhooks may be sent to, separated by commas."),
    setting("webhooks.endpoints_max", whole(1, 100_000), "1000",
        "To how many endpoints that answer well webhooks are sent at the same time."),
    setting("webhooks.failing_endpoints_max", whole(1, 100_000), "1000",
        "To how many endpoints that failed the last time webhooks are sent at the same time."),
    setting("webhooks.per_endpoint", whole(1, 100), "4",
        "How many webhooks are sent to one endpoint at the same time."),

    setting("providers.simulator.enabled", Kind::Choice(&["auto", "true", "false"]), "auto",
        "Whether there is a payment provider that moves nothing but its own record; auto is with an embedded database."),
    setting("providers.simulator.crashes", Kind::Flag, "false",
        "Whether it ends the process when a payment says crash_after_charge, for tests of what comes after."),
    setting("providers.answer_timeout_ms", whole(1, HOUR_MS), "7000",
        "After how many milliseconds an answer of a payment provider is not waited for any more."),
    setting("providers.stripe.url", Kind::Origin, "https://api.stripe.com",
        "Where Stripe's API is."),
    setting("providers.stripe.secret_key", Kind::Secret { schemes: &[""] }, "",
        "The secret or restricted key of an account at Stripe; payments can go through Stripe with it."),
    setting("providers.stripe.webhook_secret", Kind::Secret { schemes: &[""] }, "",
        "What Stripe signs the notices with that it sends to /provider-webhooks/stripe."),
    setting("providers.paypal.url", Kind::Origin, "https://api-m.paypal.com",
        "Where PayPal's API is; https://api-m.sandbox.paypal.com is for trying it out."),
    setting("providers.paypal.client_id", Kind::Word, "",
        "The client id of an app at PayPal; payments can go through PayPal with it."),
    setting("providers.paypal.client_secret", Kind::Secret { schemes: &[""] }, "",
        "The secret of that app."),
    setting("providers.paypal.webhook_id", Kind::Word, "",
        "The id of the webhook at PayPal that sends notices to /provider-webhooks/paypal."),

    setting("payments.attempts_max", whole(1, 100), "5",
        "How often a payment is tried before it is a dead letter."),
    setting("payments.retry_first_ms", whole(1, HOUR_MS), "1000",
        "How many milliseconds a payment waits for its second attempt at most; twice as many for each further one."),
    setting("payments.retry_longest_ms", whole(1, HOUR_MS), "30000",
        "How many milliseconds a payment waits for any attempt at most."),
    setting("payments.checks_s", Kind::Pauses, "10,60,300,3600,86400",
        "After how many seconds a provider is asked about a payment that nobody knows about, again and again; the last one repeats."),
    setting("payments.calls_max", whole(1, 10_000), "64",
        "How many calls to a provider a worker makes at the same time."),
    setting("payments.call_limit_ms", whole(1, HOUR_MS), "10000",
        "How many milliseconds a call to a provider may take."),
    setting("payments.lost_after_ms", whole(1, HOUR_MS), "30000",
        "After how many milliseconds a payment that a worker has taken up is taken over by another."),
    setting("payments.lease_ms", whole(100, HOUR_MS), "15000",
        "How many milliseconds a worker that says nothing keeps others from what it is at."),
    setting("payments.sweep_ms", whole(10, HOUR_MS), "500",
        "Every how many milliseconds a worker looks for what is due."),
    setting("payments.breaker_failures_pct", whole(1, 100), "60",
        "Which share of failures, in percent, opens the breaker of a provider, so that it is left alone."),
    setting("payments.breaker_calls_min", whole(1, 1_000_000), "10",
        "How many calls there must have been for that."),
    setting("payments.breaker_window_s", whole(1, DAY_S), "60",
        "How many seconds a call counts for that."),
    setting("payments.breaker_open_ms", whole(1, HOUR_MS), "30000",
        "After how many milliseconds one call probes whether a provider that was left alone is back."),

    setting("scheduler.overdue_interval_s", whole(1, DAY_S), "60",
        "Every how many seconds invoices are looked for that have become overdue."),
    setting("scheduler.overdue_batch", whole(1, 10_000), "500",
        "How many invoices are marked as overdue in one transaction."),

    setting("review.due_days_max", whole(0, 3_660), "3660",
        "After how many days at most an invoice may be due, to be approved."),
    setting("review.total_minor_max", whole(0, 9_007_199_254_740_991), "9007199254740991",
        "What an invoice may come to at most, in minor units of its currency, to be approved."),
    setting("review.lines_max", whole(1, 1_000), "1000",
        "How many lines an invoice may have, to be approved."),
    setting("review.currencies", Kind::Currencies, "",
        "The currencies of invoices that are approved, separated by commas; all when empty."),
    setting("review.blocked_email_domains", Kind::Domains, "",
        "Domains of e-mail addresses whose invoices are not approved, separated by commas."),
    setting("review.duplicate_window_h", whole(0, 720), "24",
        "Within how many hours an invoice with the same customer, total and items is a duplicate; 0 lets duplicates pass."),

    setting("ledger.queue_max", whole(1, 10_000_000), "20000",
        "How many transfers may wait to be posted; more are answered with 503."),
    setting("ledger.batch_max", whole(1, 100_000), "1000",
        "How many transfers are committed together at most."),
    setting("ledger.lanes", whole(1, 8), "2",
        "How many batches are committed at the same time, each on a connection of its own."),
    setting("ledger.standings_max", whole(0, 100_000_000), "200000",
        "Of how many accounts the balance is remembered, at about 200 bytes each."),

    setting("events.retention_days", whole(1, 3_650), "7",
        "For how many days events can be read after they were published."),

    setting("log.format", Kind::Choice(&["json", "pretty", "auto"]), "auto",
        "How log lines look; auto is pretty in a terminal and json elsewhere and in production."),
    setting("log.level", Kind::LogFilter, "info,actix_server=warn",
        "What is logged: error, warn, info, debug, trace, or target=level pairs."),

    setting("clock.offset_seconds", whole(-315_360_000, 315_360_000), "0",
        "How many seconds the clock is put forward, for tests; refused in production."),
];
