//! Which server is used for what.

use std::time::Duration;

use adapters_postgres::{Database, DatabaseOptions, PgWorkLeases};
use app::ports::{LeaseRequest, WorkLeases};
use tempfile::TempDir;
use tokio::net::UnixListener;
use uuid::Uuid;

use crate::support::empty_database;

/// A server that accepts connections and says nothing, as one does that hangs.
struct Silent {
    folder: TempDir,
    _listener: UnixListener,
}

impl Silent {
    fn new() -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        Self {
            folder,
            _listener: listener,
        }
    }

    /// The same address with this server before the one that it names.
    fn before(&self, url: &str) -> String {
        let place = format!("@{}:5432,", self.place());
        url.replacen('@', &place, 1)
    }

    /// An address that leads here only.
    fn instead_of(&self, url: &str) -> String {
        let (user, rest) = url.split_once('@').unwrap();
        let (_, name) = rest.split_once('/').unwrap();
        format!("{user}@{}:5432/{name}", self.place())
    }

    fn place(&self) -> String {
        self.folder.path().display().to_string().replace('/', "%2F")
    }
}

#[tokio::test]
async fn a_host_that_says_nothing_is_passed_over_and_not_asked_first_again() {
    let (silent, url) = (Silent::new(), empty_database().await);
    let options = DatabaseOptions {
        connect_timeout: Duration::from_secs(2),
        lifetime_max: Duration::ZERO,
        ..DatabaseOptions::at(silent.before(&url))
    };
    let database = Database::open(options).unwrap();

    let first = database.ping().await.unwrap();
    let second = database.ping().await.unwrap();

    assert!(first >= Duration::from_secs(1), "{first:?}");
    assert!(second < Duration::from_secs(1), "{second:?}");
}

#[tokio::test]
async fn what_belongs_to_a_session_goes_past_the_pooler() {
    let (pooler, url) = (Silent::new(), empty_database().await);
    let options = DatabaseOptions {
        connect_timeout: Duration::from_millis(200),
        direct_url: Some(url.clone()),
        ..DatabaseOptions::at(pooler.instead_of(&url))
    };
    let database = Database::open(options).unwrap();

    let migrated = database.migrate().await;
    let leases = PgWorkLeases::new(database.clone());
    let work = [Uuid::from_u128(1)];
    let taken = leases.take(LeaseRequest {
        work: &work,
        token: Uuid::from_u128(2),
        lasts: Duration::from_secs(30),
    });

    assert!(migrated.is_ok_and(|count| count > 0));
    assert_eq!(taken.await.unwrap().len(), 1);
    assert!(database.ping().await.is_err(), "the pooler says nothing");
}
