//! Lists that are read from a replica.

use std::time::{Duration, Instant};

use embedded_postgres::Cluster;
use futures_util::future::join_all;
use rustix::process::{Pid, Signal, kill_process};
use tests::{
    Client, Database, Service, Setup, Tenant, eventually, invoice, private_cluster, standby_of,
};

/// How long a list may take whose replica stops in the middle of it: the service gives it 2 s, and machines are busy.
const LIST_LIMIT: Duration = Duration::from_secs(8);
const READERS: usize = 8;

async fn with_replica() -> (Cluster, Cluster, Service, Client) {
    let primary = private_cluster().await;
    let database = Database::of(&primary);
    let replica = standby_of(&primary).await;
    let setup = Setup::on(&database).with("DATABASE__REPLICA_URL", Database::of(&replica).url());
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    (primary, replica, service, client)
}

/// Makes invoices, customers and accounts, and looks for each in its list at once.
async fn assert_lists_are_whole(client: &Client, round: usize) {
    for number in 0..5 {
        let name = format!("{round}-{number}");
        let customer = serde_json::json!({"name": name});
        let account = serde_json::json!({"owner": name, "name": "Wallet", "currency": "USD"});
        for (path, body) in [
            ("/invoices", &invoice()),
            ("/customers", &customer),
            ("/accounts", &account),
        ] {
            let id = client.create(path, body).await;
            let list = client.get(&format!("{path}?limit=1")).await.expect(200);
            assert_eq!(list["data"][0]["id"], id.as_str(), "{path}");
        }
    }
}

async fn lists_at(service: &Service, place: &str) -> u64 {
    let line = format!("database_lists_total{{place=\"{place}\"}} ");
    let metrics = service.metrics().await;
    let value = metrics.lines().find_map(|it| it.strip_prefix(&line));
    value.map_or(0, |value| value.parse().expect("a number"))
}

#[tokio::test]
async fn a_list_from_a_replica_has_what_was_just_written_however_far_behind_the_replica_is() {
    let (_primary, mut replica, service, client) = with_replica().await;

    eventually("the replica is read", async || {
        client.get("/invoices").await.expect(200);
        (lists_at(&service, "replica").await > 0).then_some(())
    })
    .await;
    assert_lists_are_whole(&client, 1).await;
    let from_replica = lists_at(&service, "replica").await;
    let operator = Database::of(&replica).connect().await;
    operator
        .batch_execute("SELECT pg_wal_replay_pause()")
        .await
        .unwrap();
    assert_lists_are_whole(&client, 2).await;
    let while_it_stands_still = lists_at(&service, "replica").await;
    replica.kill_hard().await.unwrap();
    assert_lists_are_whole(&client, 3).await;

    assert_eq!(
        while_it_stands_still, from_replica,
        "a replica that stands still was believed"
    );
    assert!(lists_at(&service, "primary").await > 0);
}

#[tokio::test]
async fn a_replica_that_comes_back_is_read_again() {
    let (_primary, mut replica, service, client) = with_replica().await;
    replica.kill_hard().await.unwrap();
    assert_lists_are_whole(&client, 1).await;
    let before = lists_at(&service, "replica").await;

    replica.restart().await.unwrap();

    eventually("lists are read from the replica", async || {
        client.get("/invoices").await.expect(200);
        (lists_at(&service, "replica").await > before).then_some(())
    })
    .await;
    assert_lists_are_whole(&client, 2).await;
}

/// Everything that a cluster answers with.
async fn processes_of(cluster: &Cluster) -> Vec<Pid> {
    let back_ends = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'";
    let operator = Database::of(cluster).connect().await;
    let rows = operator.query(back_ends, &[]).await;
    let rows = rows.expect("an operator may");
    let back_ends = rows.iter().map(|row| row.get(0));
    let postmaster = i32::try_from(cluster.postmaster_pid());
    let all = back_ends.chain(postmaster);
    all.filter_map(Pid::from_raw).collect()
}

/// Processes that stand still, until this is dropped.
struct Stopped(Vec<Pid>);

impl Stopped {
    fn these(processes: Vec<Pid>) -> Self {
        let stopped = Self(processes);
        stopped.signal(Signal::STOP);
        stopped
    }

    fn signal(&self, signal: Signal) {
        for process in &self.0 {
            // Some have ended by themselves.
            let _ = kill_process(*process, signal);
        }
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.signal(Signal::CONT);
    }
}

#[tokio::test]
async fn a_list_goes_on_at_the_primary_when_the_replica_stops_in_the_middle_of_it() {
    let (_primary, replica, service, client) = with_replica().await;
    let id = client.create("/invoices", &invoice()).await;
    let read_once = async || {
        let begun = Instant::now();
        let list = client.get("/invoices").await.expect(200);
        assert_eq!(list["data"][0]["id"], id.as_str());
        begun.elapsed()
    };
    for _ in 0..3 {
        let before = lists_at(&service, "replica").await;
        eventually("lists are read from the replica", async || {
            read_once().await;
            (lists_at(&service, "replica").await > before).then_some(())
        })
        .await;
        let processes = processes_of(&replica).await;

        let readers = (0..READERS).map(|_| async {
            let mut longest = Duration::ZERO;
            for _ in 0..30 {
                longest = longest.max(read_once().await);
            }
            longest
        });
        let (longest, stopped) = tokio::join!(join_all(readers), async {
            read_once().await;
            Stopped::these(processes)
        });
        drop(stopped);

        let longest = longest.into_iter().max().unwrap_or_default();
        assert!(longest < LIST_LIMIT, "a list took {longest:?}");
    }
}
