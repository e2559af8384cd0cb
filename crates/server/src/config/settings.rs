//! The settings, as types. What each of them means is said in the table.

mod database;
mod payments;
mod providers;
mod telemetry;

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::SignedDuration;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};

pub(crate) use self::database::DatabaseSettings;
pub(crate) use self::payments::PaymentSettings;
pub(crate) use self::providers::{ProviderSettings, SimulatorUse};
pub(crate) use self::telemetry::TelemetrySettings;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) environment: Stage,
    pub(crate) data_dir: PathBuf,
    pub(crate) pg_bin: Option<PathBuf>,
    pub(crate) database: DatabaseSettings,
    pub(crate) redis: RedisSettings,
    pub(crate) broker: BrokerKind,
    pub(crate) kafka: KafkaSettings,
    pub(crate) http: HttpSettings,
    pub(crate) grpc: GrpcSettings,
    pub(crate) management: ManagementSettings,
    pub(crate) rate_limit: RateLimitSettings,
    pub(crate) cache: CacheSettings,
    pub(crate) shutdown: ShutdownSettings,
    pub(crate) idempotency: IdempotencySettings,
    pub(crate) wallets: WalletSettings,
    pub(crate) webhooks: WebhookSettings,
    pub(crate) providers: ProviderSettings,
    pub(crate) payments: PaymentSettings,
    pub(crate) scheduler: SchedulerSettings,
    pub(crate) review: ReviewSettings,
    pub(crate) ledger: LedgerSettings,
    pub(crate) events: EventSettings,
    pub(crate) log: LogSettings,
    pub(crate) telemetry: TelemetrySettings,
    pub(crate) clock: ClockSettings,
}

impl Settings {
    /// Whether what is only for development is refused.
    pub(crate) fn is_production(&self) -> bool {
        self.environment == Stage::Production
    }

    /// Whether the database is a private one, run by this process.
    pub(crate) fn is_embedded(&self) -> bool {
        self.database.url.is_none()
    }
}

/// What the deployment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Development,
    Production,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedisSettings {
    pub(crate) url: Option<SecretString>,
    pub(crate) broker_url: Option<SecretString>,
    pub(crate) tls_authorities: Option<PathBuf>,
    pub(crate) pool_max: usize,
    pub(crate) namespace: String,
    #[serde(rename = "deadline_ms", deserialize_with = "milliseconds")]
    pub(crate) deadline: Duration,
}

impl RedisSettings {
    /// Whose certificates are trusted at this address, if it is one of TLS and it is not for the system to say.
    pub(crate) fn authorities_for(&self, url: &SecretString) -> Option<&Path> {
        let is_encrypted = url.expose_secret().starts_with("rediss://");
        self.tls_authorities.as_deref().filter(|_| is_encrypted)
    }
}

/// What brings events to whoever reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BrokerKind {
    Postgres,
    Redis,
    Kafka,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(
    not(feature = "kafka"),
    expect(
        dead_code,
        reason = "checked in every server, used in those with Kafka"
    )
)]
pub(crate) struct KafkaSettings {
    #[serde(deserialize_with = "list")]
    pub(crate) servers: Vec<String>,
    pub(crate) prefix: String,
    pub(crate) partitions: i32,
    pub(crate) replication: i32,
    pub(crate) tls: bool,
    pub(crate) tls_authorities: Option<PathBuf>,
    pub(crate) sasl_mechanism: Option<String>,
    pub(crate) sasl_username: Option<String>,
    pub(crate) sasl_password: Option<SecretString>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpSettings {
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    #[serde(rename = "request_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) request_timeout: Duration,
    #[serde(rename = "header_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) header_timeout: Duration,
    #[serde(rename = "body_timeout_ms", deserialize_with = "milliseconds")]
    pub(crate) body_timeout: Duration,
    #[serde(rename = "keep_alive_s", deserialize_with = "seconds")]
    pub(crate) keep_alive: Duration,
    #[serde(deserialize_with = "list")]
    pub(crate) trusted_proxies: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub(crate) cors_origins: Vec<String>,
    pub(crate) workers: Option<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrpcSettings {
    pub(crate) enabled: bool,
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManagementSettings {
    pub(crate) host: Option<IpAddr>,
    pub(crate) port: u16,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RateLimitSettings {
    pub(crate) requests_per_second: u32,
    pub(crate) burst: u32,
    pub(crate) bad_keys_per_second: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CacheSettings {
    #[serde(rename = "ttl_s", deserialize_with = "seconds")]
    pub(crate) ttl: Duration,
    pub(crate) capacity_bytes: usize,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShutdownSettings {
    #[serde(rename = "pause_ms", deserialize_with = "milliseconds")]
    pub(crate) pause: Duration,
    #[serde(rename = "drain_s", deserialize_with = "seconds")]
    pub(crate) drain: Duration,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdempotencySettings {
    #[serde(rename = "retention_h", deserialize_with = "hours")]
    pub(crate) retention: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalletSettings {
    pub(crate) encryption_key: Option<SecretString>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookSettings {
    pub(crate) allow_http: bool,
    #[serde(deserialize_with = "list")]
    pub(crate) allowed_networks: Vec<String>,
    pub(crate) endpoints_max: usize,
    pub(crate) failing_endpoints_max: usize,
    pub(crate) per_endpoint: usize,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SchedulerSettings {
    #[serde(rename = "overdue_interval_s", deserialize_with = "seconds")]
    pub(crate) overdue_interval: Duration,
    pub(crate) overdue_batch: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewSettings {
    pub(crate) due_days_max: u16,
    pub(crate) total_minor_max: i64,
    pub(crate) lines_max: u16,
    #[serde(deserialize_with = "list")]
    pub(crate) currencies: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub(crate) blocked_email_domains: Vec<String>,
    #[serde(rename = "duplicate_window_h", deserialize_with = "long_hours")]
    pub(crate) duplicate_window: SignedDuration,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LedgerSettings {
    pub(crate) queue_max: usize,
    pub(crate) batch_max: usize,
    pub(crate) lanes: usize,
    pub(crate) standings_max: usize,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventSettings {
    #[serde(rename = "retention_days", deserialize_with = "days")]
    pub(crate) retention: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogSettings {
    pub(crate) format: LogFormat,
    pub(crate) level: String,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Json,
    Pretty,
    Auto,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockSettings {
    pub(crate) offset_seconds: i64,
}

fn milliseconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_millis)
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_secs)
}

fn hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_hours)
}

fn days<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(|days| Duration::from_hours(24 * days))
}

fn long_hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    i64::deserialize(deserializer).map(SignedDuration::from_hours)
}

fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
