//! Starts after something went wrong.

use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    process::{Child, Command, Stdio},
};

use embedded_postgres::{Cluster, StartError};
use rustix::process::{Signal, kill_process};

use crate::{
    holder::{Holder, Task},
    support::{Workplace, is_root, is_running, kill, sql, to_pid, wait_until},
};

#[tokio::test]
async fn a_postmaster_that_a_killed_owner_left_is_taken_over_and_stopped() {
    let place = Workplace::new();
    let holder = Holder::run(&Task::Start(&place.data_dir()));
    let (left_behind, _) = holder.outcome.clone().unwrap();
    holder.kill();
    assert!(is_running(left_behind));

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_eq!(cluster.postmaster_pid(), left_behind);
    assert_eq!(sql(&cluster.config(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
    assert!(!is_running(left_behind));
}

#[tokio::test]
async fn a_postmaster_that_was_left_with_other_settings_is_restarted() {
    let place = Workplace::new();
    let holder = Holder::run(&Task::Start(&place.data_dir()));
    let (left_behind, _) = holder.outcome.clone().unwrap();
    holder.kill();
    let mut options = place.options();
    options.settings = vec![("work_mem".to_owned(), "7MB".to_owned())];

    let cluster = Cluster::start(options).await.unwrap();

    assert!(!is_running(left_behind));
    assert_eq!(sql(&cluster.config(), "SHOW work_mem").await, "7MB");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_postmaster_that_is_just_stopping_is_waited_for() {
    let place = Workplace::new();
    let holder = Holder::run(&Task::Start(&place.data_dir()));
    let (left_behind, _) = holder.outcome.clone().unwrap();
    holder.kill();
    kill_process(to_pid(left_behind), Signal::INT).unwrap();

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_ne!(cluster.postmaster_pid(), left_behind);
    assert_eq!(sql(&cluster.config(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_of_a_dead_postmaster_does_no_harm() {
    let place = Workplace::new();
    let holder = Holder::run(&Task::Start(&place.data_dir()));
    let (left_behind, files) = holder.outcome.clone().unwrap();
    holder.kill();
    kill(left_behind);
    wait_until("the postmaster is gone", || !is_running(left_behind)).await;
    assert!(fs::exists(format!("{files}/postmaster.pid")).unwrap());

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_eq!(sql(&cluster.config(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_whose_number_another_program_has_got_does_no_harm() {
    let place = Workplace::new();
    let mut cluster = Cluster::start(place.options()).await.unwrap();
    let files = cluster.files();
    let pid_file = files.join("postmaster.pid");
    cluster.kill_hard().await.unwrap();
    let noted = fs::read_to_string(&pid_file).unwrap();
    let dead = cluster.postmaster_pid().to_string();
    drop(cluster);
    let mut other = Bystander::start(fs::metadata(&files).unwrap().uid());
    fs::write(
        &pid_file,
        noted.replacen(&dead, &other.0.id().to_string(), 1),
    )
    .unwrap();

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_eq!(sql(&cluster.config(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
    assert!(other.0.try_wait().unwrap().is_none(), "it was left alone");
}

#[tokio::test]
async fn answered_writes_survive_the_death_of_the_postmaster() {
    let place = Workplace::new();
    let mut cluster = Cluster::start(place.options()).await.unwrap();
    sql(
        &cluster.config(),
        "CREATE TABLE notes AS SELECT 'kept' AS text",
    )
    .await;

    cluster.kill_hard().await.unwrap();
    assert!(!cluster.is_running());
    cluster.restart().await.unwrap();

    assert!(cluster.is_running());
    assert_eq!(
        sql(&cluster.config(), "SELECT text FROM notes").await,
        "kept"
    );
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_restart_waits_for_back_ends_that_outlive_their_postmaster() {
    let place = Workplace::new();
    let mut cluster = Cluster::start(place.options()).await.unwrap();
    let (client, connection) = cluster
        .config()
        .connect(tokio_postgres::NoTls)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let busy = tokio::spawn(async move {
        // Does not look whether its postmaster still lives before it has counted.
        client
            .simple_query("SELECT count(*) FROM generate_series(1, 4000000)")
            .await
    });
    let config = cluster.config();
    let counting = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT count(*) FROM generate%' AND state = 'active'";
    while sql(&config, counting).await != "1" {
        tokio::task::yield_now().await;
    }

    cluster.kill_hard().await.unwrap();
    cluster.restart().await.unwrap();

    assert_eq!(sql(&config, "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
    drop(busy.await.unwrap());
    drop(connection.await.unwrap());
}

#[tokio::test]
async fn an_interrupted_initialisation_is_begun_anew() {
    let place = Workplace::new();
    let unfinished = place.data_dir().join("postgres.new");
    fs::create_dir_all(unfinished.join("base")).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_eq!(sql(&cluster.config(), "SELECT 1").await, "1");
    assert!(!unfinished.exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_with_other_things_is_not_touched() {
    let place = Workplace::new();
    let taken = place.data_dir().join("postgres");
    fs::create_dir_all(&taken).unwrap();
    fs::write(taken.join("diary.txt"), "dear diary").unwrap();

    let refused = Cluster::start(place.options()).await.unwrap_err();

    assert!(
        matches!(refused, StartError::NotACluster { .. }),
        "{refused}"
    );
    assert_eq!(
        fs::read_to_string(taken.join("diary.txt")).unwrap(),
        "dear diary"
    );
}

#[tokio::test]
async fn a_cluster_of_another_major_version_is_refused_with_advice() {
    let place = Workplace::new();
    let cluster = Cluster::start(place.options()).await.unwrap();
    let version = cluster.files().join("PG_VERSION");
    cluster.stop().await.unwrap();
    fs::write(version, "13\n").unwrap();

    let refused = Cluster::start(place.options()).await.unwrap_err();

    assert!(
        matches!(refused, StartError::VersionMismatch { .. }),
        "{refused}"
    );
    assert!(
        refused.to_string().contains("TALLYSTICK_PG_BIN"),
        "{refused}"
    );
}

/// A process that has nothing to do with PostgreSQL, killed at the end of the test.
struct Bystander(Child);

impl Bystander {
    /// Starts it as this user if possible, since PostgreSQL only minds processes it could signal.
    fn start(uid: u32) -> Self {
        let mut command = Command::new("sleep");
        command
            .arg("600")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if is_root() {
            command.uid(uid);
        }
        Self(command.spawn().unwrap())
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
