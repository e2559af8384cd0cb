//! One server for all tests of this binary.

use adapters_postgres::{Database, DatabaseOptions};
use embedded_postgres::{SearchHints, testing::TestServer};
use tokio::sync::OnceCell;

static SERVER: OnceCell<TestServer> = OnceCell::const_new();

/// Nothing runs in the background, deadlocks are noticed at once, and each line of the log names its database.
const SETTINGS: &[(&str, &str)] = &[
    ("autovacuum", "off"),
    ("checkpoint_timeout", "1h"),
    ("deadlock_timeout", "50ms"),
    ("log_line_prefix", "%d "),
    ("log_min_messages", "error"),
    ("max_wal_senders", "0"),
    ("wal_level", "minimal"),
];

async fn server() -> &'static TestServer {
    let settings = SETTINGS
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let start = || async {
        TestServer::start(&SearchHints::default(), settings.collect())
            .await
            .unwrap()
    };
    SERVER.get_or_init(start).await
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
