//! Copies of a running cluster.

use std::time::Duration;

use embedded_postgres::{Cluster, CopyRole};

use crate::support::{binaries, sql};

const LIMIT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_standby_follows_and_takes_over() {
    let primary = Cluster::temporary(binaries(), Vec::new()).await.unwrap();

    let copy = primary.copy(CopyRole::Standby).await.unwrap();
    let standby = copy.start().await.unwrap();

    let is_following = "SELECT pg_is_in_recovery()";
    assert_eq!(sql(&standby.config(), is_following).await, "t");
    assert_eq!(sql(&standby.config(), "SELECT pg_promote()").await, "t");
    assert_eq!(sql(&standby.config(), is_following).await, "f");
}

#[tokio::test]
async fn what_is_restored_is_a_cluster_of_its_own() {
    let original = Cluster::temporary(binaries(), Vec::new()).await.unwrap();

    let copy = original.copy(CopyRole::Restored).await.unwrap();
    let copy = copy
        .with("restore_command", "false")
        .with("recovery_target_action", "promote");
    let restored = copy.start().await.unwrap();

    let table = "CREATE TABLE IF NOT EXISTS t ()";
    let recovering = async {
        while sql(&restored.config(), "SELECT pg_is_in_recovery()").await == "t" {
            tokio::task::yield_now().await;
        }
    };
    let recovered = tokio::time::timeout(LIMIT, recovering).await;
    assert!(recovered.is_ok(), "it still recovers");
    sql(&restored.config(), table).await;
    let there = "SELECT to_regclass('t') IS NULL";
    assert_eq!(sql(&original.config(), there).await, "t");
}
