//! Which settings fit each other.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::{
    Mistakes, Settings,
    environment::PREFIX,
    settings::{BrokerKind, KafkaSettings, SimulatorUse},
};

/// Adds a mistake for each pair that does not.
pub(super) fn check(settings: &Settings, mistakes: &mut Mistakes) {
    let database = &settings.database;
    let is_production = settings.is_production();
    let (http, management) = (settings.http.port, settings.management.port);
    let same_port = http == management && http != 0;
    let grpc = settings.grpc;
    let same_grpc_port = grpc.enabled && grpc.port != 0 && [http, management].contains(&grpc.port);
    let rules = [
        (
            is_production && database.url.is_none(),
            "TALLYSTICK_DATABASE__URL must be set when TALLYSTICK_ENVIRONMENT is production: \
             the embedded database is for development",
        ),
        (
            is_production && settings.wallets.encryption_key.is_none(),
            "TALLYSTICK_WALLETS__ENCRYPTION_KEY must be set when TALLYSTICK_ENVIRONMENT is production: \
             a key that lies in the database protects nothing that lies beside it",
        ),
        (
            is_production && settings.clock.offset_seconds != 0,
            "TALLYSTICK_CLOCK__OFFSET_SECONDS must be 0 when TALLYSTICK_ENVIRONMENT is production: \
             it is for tests",
        ),
        (
            database.pool_min_idle > database.pool_max,
            "TALLYSTICK_DATABASE__POOL_MIN_IDLE must be at most TALLYSTICK_DATABASE__POOL_MAX",
        ),
        (
            database.lock_timeout > database.statement_timeout,
            "TALLYSTICK_DATABASE__LOCK_TIMEOUT_MS must be at most \
             TALLYSTICK_DATABASE__STATEMENT_TIMEOUT_MS",
        ),
        (
            database.query_deadline < database.statement_timeout,
            "TALLYSTICK_DATABASE__QUERY_DEADLINE_MS must be at least \
             TALLYSTICK_DATABASE__STATEMENT_TIMEOUT_MS, so that the database's own limit is met first",
        ),
        (
            settings.payments.lost_after <= settings.payments.call_limit,
            "TALLYSTICK_PAYMENTS__LOST_AFTER_MS must be more than TALLYSTICK_PAYMENTS__CALL_LIMIT_MS: \
             a payment must not be taken over while a call may still be answered",
        ),
        (
            same_port,
            "TALLYSTICK_MANAGEMENT__PORT must differ from TALLYSTICK_HTTP__PORT",
        ),
        (
            same_grpc_port,
            "TALLYSTICK_GRPC__PORT must differ from TALLYSTICK_HTTP__PORT and TALLYSTICK_MANAGEMENT__PORT",
        ),
    ];
    let rules = rules
        .into_iter()
        .chain(broker_rules(settings))
        .chain(provider_rules(settings));
    let is_known = |rule: &&str| !named_in(rule).any(|variable| mistakes.are_about(variable));
    let broken = rules.filter_map(|(is_broken, rule)| is_broken.then_some(rule));
    let broken: Vec<_> = broken.filter(is_known).collect();
    for rule in broken {
        mistakes.add(rule.to_owned());
    }
}

/// The settings that a rule speaks of.
fn named_in(rule: &str) -> impl Iterator<Item = &str> {
    let words = rule.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    words.filter(|word| word.starts_with(PREFIX))
}

fn broker_rules(settings: &Settings) -> [(bool, &'static str); 7] {
    let (redis, kafka) = (&settings.redis, &settings.kafka);
    let is_kafka = settings.broker == BrokerKind::Kafka;
    let urls = redis.url.iter().chain(&redis.broker_url);
    let is_redis_encrypted = urls
        .map(ExposeSecret::expose_secret)
        .any(|url| url.starts_with("rediss://"));
    let has_redis = redis.url.is_some() || redis.broker_url.is_some();
    [
        (
            settings.broker == BrokerKind::Redis && !has_redis,
            "TALLYSTICK_REDIS__BROKER_URL or TALLYSTICK_REDIS__URL must be set when TALLYSTICK_BROKER is redis",
        ),
        (
            is_kafka && kafka.servers.is_empty(),
            "TALLYSTICK_KAFKA__SERVERS must be set when TALLYSTICK_BROKER is kafka",
        ),
        (
            is_kafka && cfg!(not(feature = "kafka")),
            "TALLYSTICK_BROKER must not be kafka: this server was built without the feature kafka",
        ),
        (
            is_kafka && cfg!(not(feature = "kafka-tls")) && needs_openssl(kafka),
            "TALLYSTICK_KAFKA__TLS must be false, and TALLYSTICK_KAFKA__SASL_MECHANISM empty or PLAIN: this server was \
             built without the feature kafka-tls",
        ),
        (
            kafka.tls_authorities.is_some() && !kafka.tls,
            "TALLYSTICK_KAFKA__TLS must be true when TALLYSTICK_KAFKA__TLS_AUTHORITIES is set: nothing is encrypted without",
        ),
        (
            redis.tls_authorities.is_some() && !is_redis_encrypted,
            "TALLYSTICK_REDIS__URL or TALLYSTICK_REDIS__BROKER_URL must start with rediss:// when \
             TALLYSTICK_REDIS__TLS_AUTHORITIES is set: redis:// is not encrypted",
        ),
        (
            has_part_of_a_user(kafka),
            "TALLYSTICK_KAFKA__SASL_MECHANISM, TALLYSTICK_KAFKA__SASL_USERNAME and TALLYSTICK_KAFKA__SASL_PASSWORD must be \
             set together",
        ),
    ]
}

fn provider_rules(settings: &Settings) -> [(bool, &'static str); 7] {
    let (stripe, paypal) = (&settings.providers.stripe, &settings.providers.paypal);
    let simulator = settings.providers.simulator;
    let is_production = settings.is_production();
    [
        (
            is_production && simulator.enabled == SimulatorUse::True,
            "TALLYSTICK_PROVIDERS__SIMULATOR__ENABLED must not be true when TALLYSTICK_ENVIRONMENT is production: \
             payments through it move no money",
        ),
        (
            is_production && simulator.crashes,
            "TALLYSTICK_PROVIDERS__SIMULATOR__CRASHES must be false when TALLYSTICK_ENVIRONMENT is production: \
             it is for tests",
        ),
        (
            is_production && !is_encrypted(&stripe.url),
            "TALLYSTICK_PROVIDERS__STRIPE__URL must start with https:// when TALLYSTICK_ENVIRONMENT is production",
        ),
        (
            is_production && !is_encrypted(&paypal.url),
            "TALLYSTICK_PROVIDERS__PAYPAL__URL must start with https:// when TALLYSTICK_ENVIRONMENT is production",
        ),
        (
            paypal.client_id.is_some() != paypal.client_secret.is_some(),
            "TALLYSTICK_PROVIDERS__PAYPAL__CLIENT_ID and TALLYSTICK_PROVIDERS__PAYPAL__CLIENT_SECRET must be set together",
        ),
        (
            paypal.webhook_id.is_some() && paypal.client_id.is_none(),
            "TALLYSTICK_PROVIDERS__PAYPAL__CLIENT_ID must be set with TALLYSTICK_PROVIDERS__PAYPAL__WEBHOOK_ID: PayPal is \
             asked whether a notice is its own",
        ),
        (
            (stripe.secret_key.is_some() || paypal.client_id.is_some())
                && settings.payments.call_limit <= time_of_two_answers(settings),
            "TALLYSTICK_PAYMENTS__CALL_LIMIT_MS must be more than four thirds of TALLYSTICK_PROVIDERS__ANSWER_TIMEOUT_MS, so \
             that it is known whether the provider or only its token has not been answered",
        ),
    ]
}

/// What is asked ahead of something, such as a token, may take a third of the time that an answer may take.
fn time_of_two_answers(settings: &Settings) -> Duration {
    let answer = settings.providers.answer_timeout;
    answer + answer / 3
}

fn is_encrypted(url: &str) -> bool {
    url.starts_with("https://")
}

fn needs_openssl(kafka: &KafkaSettings) -> bool {
    let mechanism = kafka.sasl_mechanism.as_deref();
    kafka.tls || mechanism.is_some_and(|it| it != "PLAIN")
}

fn has_part_of_a_user(kafka: &KafkaSettings) -> bool {
    let parts = [
        kafka.sasl_mechanism.is_some(),
        kafka.sasl_username.is_some(),
        kafka.sasl_password.is_some(),
    ];
    parts.contains(&true) && parts.contains(&false)
}
