//! One server for all tests of this binary.

use adapters_postgres::{Database, DatabaseOptions};
use embedded_postgres::{
    SearchHints,
    testing::{Pooler, TestServer},
};
use tokio::sync::OnceCell;

static SERVER: OnceCell<TestServer> = OnceCell::const_new();
static POOLER: OnceCell<Pooler> = OnceCell::const_new();

/// What `cargo xtask test --through pgbouncer` sets: then the adapter is behind a pooler in all tests that do not choose
/// themselves what is between it and the server.
const THROUGH: &str = "TALLYSTICK_TEST_THROUGH";

/// Nothing runs in the background, deadlocks are noticed at once, and each line of the log names its database.
const SETTINGS: &[(&str, &str)] = &[
    ("autovacuum", "off"),
    ("checkpoint_timeout", "1h"),
    ("deadlock_timeout", "50ms"),
    ("log_line_prefix", "%d "),
    ("log_min_messages", "error"),
    ("max_prepared_transactions", "4"),
    ("max_wal_senders", "0"),
    ("wal_level", "minimal"),
];

async fn server() -> &'static TestServer {
    let settings = SETTINGS
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let start = || async {
        let server = TestServer::start(&SearchHints::default(), settings.collect())
            .await
            .unwrap();
        if is_through_pooler() {
            POOLER
                .set(Pooler::before(server.cluster(), 50).await.unwrap())
                .unwrap();
        }
        server
    };
    SERVER.get_or_init(start).await
}

fn is_through_pooler() -> bool {
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests sets it")]
    let through = std::env::var_os(THROUGH);
    through.is_some_and(|through| through == "pgbouncer")
}

/// How the adapter reaches a database of this server: directly, or through the pooler.
pub(crate) fn reached_at(url: String) -> DatabaseOptions {
    match POOLER.get() {
        // A proxy of the test's own, or settings for sessions of its own.
        Some(pooler) if url.contains("%2F") && !url.contains('?') => DatabaseOptions {
            direct_url: Some(url.clone()),
            ..DatabaseOptions::at(pooler.address_of(&url))
        },
        _ => DatabaseOptions::at(url),
    }
}

/// A pooler with so many sessions for each database.
pub(crate) async fn pooler_of(sessions_max: usize) -> Pooler {
    Pooler::before(server().await.cluster(), sessions_max)
        .await
        .unwrap()
}

/// The address of a database with nothing in it.
pub(crate) async fn empty_database() -> String {
    server().await.fresh_database(None).await.unwrap()
}

/// The address of a database with the schema in it.
pub(crate) async fn migrated_database() -> String {
    let server = server().await;
    let migrate = async |url: String| -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Database::open(DatabaseOptions::at(url))?.migrate().await?;
        Ok(())
    };
    server.ensure_template("migrated", migrate).await.unwrap();
    server.fresh_database(Some("migrated")).await.unwrap()
}

/// What the server has logged about a database.
pub(crate) async fn log_of(url: &str) -> String {
    let prefix = format!("{} ", url.rsplit('/').next().unwrap());
    let log = tokio::fs::read_to_string(server().await.cluster().log_file())
        .await
        .unwrap();
    let mut is_ours = false;
    let ours = log.lines().filter(|line| {
        is_ours = line.starts_with(&prefix) || (is_ours && line.starts_with('\t'));
        is_ours
    });
    ours.collect::<Vec<_>>().join("\n")
}
