//! The few statements that this crate sends to a cluster.

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls};

/// A connection that can be closed for certain, which dropping a client cannot promise.
pub(crate) struct Session {
    client: Client,
    connection: JoinHandle<()>,
}

impl Session {
    pub(crate) async fn open(config: &Config) -> Result<Self, Error> {
        let (client, connection) = config.connect(NoTls).await?;
        let connection = tokio::spawn(async move {
            // Whoever uses the client gets the same error from it.
            drop(connection.await);
        });
        Ok(Self { client, connection })
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the connection and waits until the socket is closed.
    pub(crate) async fn close(self) {
        drop(self.client);
        drop(self.connection.await);
    }
}

/// Runs statements on a connection of their own.
pub(crate) async fn execute(config: &Config, statements: &str) -> Result<(), Error> {
    let session = Session::open(config).await?;
    let outcome = session.client().batch_execute(statements).await;
    session.close().await;
    outcome
}

/// Makes the database when there is none of this name.
pub(crate) async fn ensure_database(maintenance: &Config, name: &str) -> Result<(), Error> {
    let session = Session::open(maintenance).await?;
    let outcome = create_if_missing(session.client(), name).await;
    session.close().await;
    outcome
}

async fn create_if_missing(client: &Client, name: &str) -> Result<(), Error> {
    let existing = client
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?;
    if existing.is_some() {
        return Ok(());
    }
    client
        .batch_execute(&format!("CREATE DATABASE {}", identifier(name)))
        .await
}

/// Quotes a name for use in a statement.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Quotes a text for use in a statement.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_leave_their_quotes() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("a'b"), "'a''b'");
    }
}
