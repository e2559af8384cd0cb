//! Clusters that leave nothing behind, and the test server on top of them.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use embedded_postgres::{
    Cluster, SearchHints,
    testing::{TestServer, TestServerError},
};
use tokio::sync::OnceCell;

use crate::{
    holder::{Holder, Task},
    support::{binaries, is_running, sql, sql_at, wait_until},
};

static SERVER: OnceCell<TestServer> = OnceCell::const_new();

async fn server() -> &'static TestServer {
    let start = || async {
        TestServer::start(&SearchHints::default(), Vec::new())
            .await
            .unwrap()
    };
    SERVER.get_or_init(start).await
}

#[tokio::test]
async fn a_temporary_cluster_vanishes_when_it_is_dropped() {
    let cluster = Cluster::temporary(binaries(), Vec::new()).await.unwrap();
    let (postmaster, files) = (cluster.postmaster_pid(), cluster.files());
    assert_eq!(sql(&cluster.config(), "SHOW fsync").await, "on");

    drop(cluster);

    assert!(!is_running(postmaster));
    assert!(!files.parent().unwrap().exists());
}

#[tokio::test]
async fn a_temporary_cluster_vanishes_when_it_is_stopped() {
    let cluster = Cluster::temporary(binaries(), Vec::new()).await.unwrap();
    let (postmaster, files) = (cluster.postmaster_pid(), cluster.files());

    cluster.stop().await.unwrap();

    assert!(!is_running(postmaster));
    assert!(!files.parent().unwrap().exists());
}

#[tokio::test]
async fn a_temporary_cluster_that_was_killed_and_restarted_vanishes_too() {
    let mut cluster = Cluster::temporary(binaries(), Vec::new()).await.unwrap();
    let files = cluster.files();
    cluster.kill_hard().await.unwrap();
    cluster.restart().await.unwrap();
    let postmaster = cluster.postmaster_pid();

    drop(cluster);

    assert!(!is_running(postmaster));
    assert!(!files.parent().unwrap().exists());
}

#[tokio::test]
async fn a_temporary_cluster_vanishes_when_its_owner_is_killed() {
    let holder = Holder::run(&Task::Temporary);
    let (postmaster, files) = holder.outcome.clone().unwrap();
    assert!(is_running(postmaster));

    holder.kill();

    assert_vanishes(postmaster, &files).await;
}

#[tokio::test]
async fn a_test_server_in_a_static_vanishes_when_the_process_ends() {
    let mut holder = Holder::run(&Task::SharedAndExit);
    let (postmaster, files) = holder.outcome.clone().unwrap();

    holder.wait();

    assert_vanishes(postmaster, &files).await;
}

#[tokio::test]
async fn a_temporary_cluster_that_cannot_start_leaves_no_folder() {
    let settings = vec![("shared_buffers".to_owned(), "nonsense".to_owned())];

    let refused = Cluster::temporary(binaries(), settings).await.unwrap_err();

    let message = refused.to_string();
    let folder = message
        .split_once("the end of ")
        .and_then(|(_, rest)| rest.split_once("/postgresql.log"))
        .map(|(folder, _)| folder)
        .unwrap();
    assert!(folder.starts_with('/'), "{message}");
    assert!(!Path::new(folder).exists());
}

#[tokio::test]
async fn every_fresh_database_is_empty_and_its_own() {
    let server = server().await;

    let first = server.fresh_database(None).await.unwrap();
    let second = server.fresh_database(None).await.unwrap();
    sql_at(&first, "CREATE TABLE notes AS SELECT 1").await;

    let seen = sql_at(&second, "SELECT to_regclass('notes') IS NULL").await;
    assert_eq!(seen, "t");
}

#[tokio::test]
async fn a_template_is_prepared_once_and_copied_many_times() {
    let server = server().await;
    let preparations = AtomicU32::new(0);
    let database = || async {
        let prepare = async |url: String| {
            preparations.fetch_add(1, Ordering::Relaxed);
            sql_at(&url, "CREATE TABLE notes AS SELECT 'copied' AS text").await;
            Ok::<(), std::io::Error>(())
        };
        server.ensure_template("migrated", prepare).await.unwrap();
        server.fresh_database(Some("migrated")).await.unwrap()
    };

    let (one, two, three) = tokio::join!(database(), database(), database());

    assert_eq!(preparations.load(Ordering::Relaxed), 1);
    for url in [one, two, three] {
        assert_eq!(sql_at(&url, "SELECT text FROM notes").await, "copied");
    }
}

#[tokio::test]
async fn a_preparation_that_failed_can_be_tried_again() {
    let server = server().await;
    let fail = async |_| Err::<(), _>(std::io::Error::other("no"));
    let succeed = async |_| Ok::<(), std::io::Error>(());

    let failed = server.ensure_template("fragile", fail).await.unwrap_err();
    let repeated = server.ensure_template("fragile", succeed).await;

    assert!(
        matches!(failed, TestServerError::Template { .. }),
        "{failed}"
    );
    assert!(repeated.is_ok());
}

async fn assert_vanishes(postmaster: u32, files: &str) {
    let folder = Path::new(files).parent().unwrap();
    wait_until("the postmaster has ended", || !is_running(postmaster)).await;
    wait_until("its folder is gone", || !folder.exists()).await;
}
