//! A connection beside the adapter, which sees and does everything.

use std::{future::Future, time::Duration};

use tokio_postgres::{Client, Config, NoTls, Row, types::FromSqlOwned};

/// How long a condition may take to come true.
const LIMIT: Duration = Duration::from_secs(20);

/// A plain connection to the database of a test.
pub(crate) struct Admin(Client);

impl Admin {
    pub(crate) async fn connect(url: &str) -> Self {
        let config: Config = url.parse().unwrap();
        let (client, connection) = config.connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        Self(client)
    }

    /// Runs statements.
    pub(crate) async fn run(&self, statements: &str) {
        self.0.batch_execute(statements).await.unwrap();
    }

    /// Runs statements, and tells the code of the error, if there is one.
    pub(crate) async fn refusal(&self, statements: &str) -> Option<String> {
        let refused = self.0.batch_execute(statements).await.err()?;
        Some(refused.code().unwrap().code().to_owned())
    }

    pub(crate) async fn rows(&self, query: &str) -> Vec<Row> {
        self.0.query(query, &[]).await.unwrap()
    }

    /// The first column of the only row.
    pub(crate) async fn value<T: FromSqlOwned>(&self, query: &str) -> T {
        self.0.query_one(query, &[]).await.unwrap().get(0)
    }

    /// How many rows a table, with conditions or without, has.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        self.value(&format!("SELECT count(*) FROM {table}")).await
    }

    /// The process ids of the server's ends of the adapter's connections to this database.
    pub(crate) async fn back_ends(&self) -> Vec<i32> {
        let query = "SELECT pid FROM pg_stat_activity
                      WHERE datname = current_database() AND application_name = 'tallystick' ORDER BY pid";
        self.rows(query)
            .await
            .iter()
            .map(|row| row.get(0))
            .collect()
    }

    /// How many of the adapter's connections to this database are in a transaction.
    pub(crate) async fn in_transaction(&self) -> i64 {
        self.count(
            "pg_stat_activity WHERE datname = current_database() AND application_name = 'tallystick'
                                AND state <> 'idle'",
        )
        .await
    }

    /// How many of the adapter's connections to this database wait for a lock.
    pub(crate) async fn waiting(&self) -> i64 {
        self.count(
            "pg_stat_activity WHERE datname = current_database() AND application_name = 'tallystick'
                                AND wait_event_type = 'Lock'",
        )
        .await
    }
}

/// Waits until the condition is true; fails when that takes too long.
pub(crate) async fn wait_until<F: Future<Output = bool>>(what: &str, condition: impl Fn() -> F) {
    let waiting = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(
        tokio::time::timeout(LIMIT, waiting).await.is_ok(),
        "in vain waited until {what}"
    );
}
