//! Starting, stopping, and what holds in between.

use std::net::{Ipv4Addr, TcpListener};

use embedded_postgres::{Cluster, StartError, TcpAccess};
use rustix::process::getpgid;

use crate::{
    holder::{Holder, Task},
    support::{Workplace, is_running, sql, sql_at, to_pid},
};

#[tokio::test]
async fn a_new_folder_becomes_a_running_cluster_with_the_wanted_database() {
    let place = Workplace::new();
    let mut options = place.options();
    options.database = "shop \"1\"".to_owned();

    let cluster = Cluster::start(options).await.unwrap();

    let config = cluster.config();
    assert_eq!(
        sql(&config, "SELECT current_database()").await,
        "shop \"1\""
    );
    let by_url = sql_at(&cluster.connection_url(), "SELECT current_database()").await;
    assert_eq!(by_url, "shop \"1\"");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_cluster_is_durable_private_and_speaks_utf_8() {
    let place = Workplace::new();

    let cluster = Cluster::start(place.options()).await.unwrap();

    for (setting, expected) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ] {
        let actual = sql(&cluster.config(), &format!("SHOW {setting}")).await;
        assert_eq!(actual, expected, "{setting}");
    }
    let upper = sql(
        &cluster.config(),
        "SELECT upper('é') || (('a' < 'B')::text)",
    )
    .await;
    assert_eq!(upper, "Éfalse", "code points sort, but letters have cases");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn settings_of_the_caller_win_and_those_of_an_edited_file_do_not() {
    let place = Workplace::new();
    let cluster = Cluster::start(place.options()).await.unwrap();
    sql(&cluster.config(), "ALTER SYSTEM SET fsync = off").await;
    cluster.stop().await.unwrap();
    let mut options = place.options();
    options.settings = vec![("max_connections".to_owned(), "33".to_owned())];

    let cluster = Cluster::start(options).await.unwrap();

    assert_eq!(sql(&cluster.config(), "SHOW max_connections").await, "33");
    assert_eq!(sql(&cluster.config(), "SHOW fsync").await, "on");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn data_survive_a_stop_and_a_start() {
    let place = Workplace::new();
    let cluster = Cluster::start(place.options()).await.unwrap();
    sql(
        &cluster.config(),
        "CREATE TABLE notes AS SELECT 'kept' AS text",
    )
    .await;
    cluster.stop().await.unwrap();

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_eq!(
        sql(&cluster.config(), "SELECT text FROM notes").await,
        "kept"
    );
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn neither_a_stop_nor_a_drop_leaves_a_process() {
    let place = Workplace::new();

    let stopped = Cluster::start(place.options()).await.unwrap();
    let first = stopped.postmaster_pid();
    stopped.stop().await.unwrap();
    let dropped = Cluster::start(place.options()).await.unwrap();
    let second = dropped.postmaster_pid();
    drop(dropped);

    assert!(!is_running(first));
    assert!(!is_running(second));
}

#[tokio::test]
async fn a_stop_does_not_wait_for_an_open_transaction() {
    let place = Workplace::new();
    let cluster = Cluster::start(place.options()).await.unwrap();
    let (client, connection) = cluster
        .config()
        .connect(tokio_postgres::NoTls)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute("BEGIN; SELECT 1").await.unwrap();

    cluster.stop().await.unwrap();

    assert!(connection.await.unwrap().is_err());
}

#[tokio::test]
async fn ctrl_c_in_the_terminal_does_not_reach_postgresql() {
    let place = Workplace::new();

    let cluster = Cluster::start(place.options()).await.unwrap();

    let postmaster = to_pid(cluster.postmaster_pid());
    assert_eq!(getpgid(Some(postmaster)).unwrap(), postmaster);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_is_refused_and_told_who_the_first_is() {
    let place = Workplace::new();
    let holder = Holder::run(&Task::Start(&place.data_dir()));
    let (postmaster, _) = holder.outcome.clone().unwrap();

    let refused = Cluster::start(place.options()).await.unwrap_err();

    assert!(
        matches!(&refused, StartError::FolderInUse { holder: Some(pid), .. } if *pid == holder.pid()),
        "{refused}"
    );
    assert!(
        refused
            .to_string()
            .contains(&format!("pid {}", holder.pid()))
    );
    assert!(is_running(postmaster), "the first goes on");
    holder.kill();
    Cluster::start(place.options())
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
}

#[tokio::test]
async fn tcp_is_opened_on_demand_and_asks_for_the_password() {
    let place = Workplace::new();
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut options = place.options();
    options.tcp = Some(TcpAccess {
        port,
        password: "it's secret".to_owned(),
    });

    let cluster = Cluster::start(options).await.unwrap();

    let mut over_tcp = tokio_postgres::Config::new();
    over_tcp
        .host("127.0.0.1")
        .port(port)
        .user("postgres")
        .dbname("tallystick")
        .password("wrong");
    assert!(over_tcp.connect(tokio_postgres::NoTls).await.is_err());
    over_tcp.password("it's secret");
    assert_eq!(sql(&over_tcp, "SELECT 1").await, "1");
    assert_eq!(sql_at(&cluster.connection_url(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_start_is_reported_with_the_end_of_its_log() {
    let place = Workplace::new();
    let mut options = place.options();
    options.settings = vec![("shared_buffers".to_owned(), "nonsense".to_owned())];

    let refused = Cluster::start(options).await.unwrap_err();

    assert!(matches!(refused, StartError::Ended { .. }), "{refused}");
    assert!(refused.to_string().contains("shared_buffers"), "{refused}");
}
