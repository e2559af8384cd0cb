//! Rebuilds of what queries read of vouchers, and that they die half way.

use std::process::Stdio;

use serde_json::{Value, json};
use tests::{Client, Database, Service, Setup, Tenant, eventually, tallystick};

const REBUILD: [&str; 3] = ["projections", "rebuild", "vouchers"];

const BUILDING: &str = "SELECT count(*) FROM voucher_projection WHERE building IS NOT NULL";

/// Rows that no query reads.
const LEFT_OVER: &str = "
    SELECT (SELECT count(*) FROM voucher_stats WHERE generation <> live)
         + (SELECT count(*) FROM voucher_search WHERE generation <> live) FROM voucher_projection";

struct Scene {
    database: Database,
    service: Service,
    client: Client,
}

impl Scene {
    /// A campaign with five vouchers, which are listed.
    async fn new() -> Self {
        let database = Database::fresh().await;
        let setup = Setup::on(&database)
            .in_role("api")
            .and_role("relay")
            .and_role("worker");
        let service = setup.start().await;
        let client = Tenant::on(&database).await.at(&service);
        let campaign = json!({"name": "Summer", "kind": "discount", "percent_bps": 1_000});
        let campaign = client.create("/campaigns", &campaign).await;
        for number in 0..5 {
            let body = json!({"campaign_id": campaign, "code": format!("CODE-{number}")});
            client.post("/vouchers", &body).await.expect(201);
        }
        let scene = Self {
            database,
            service,
            client,
        };
        eventually("all are listed", async || {
            (scene.listed().await.len() == 5).then_some(())
        })
        .await;
        scene
    }

    async fn listed(&self) -> Vec<Value> {
        let listed = self.client.get("/vouchers").await.expect(200);
        listed["data"].as_array().expect("a list").clone()
    }

    async fn count(&self, what: &str) -> i64 {
        self.database.count(what, &[]).await
    }

    /// Kills a rebuild that has begun and has copied campaigns, but no vouchers yet.
    async fn kill_a_rebuild(&self) {
        let locker = self.database.connect().await;
        let lock = "BEGIN; LOCK TABLE voucher_search IN EXCLUSIVE MODE";
        locker.batch_execute(lock).await.expect("the lock is free");
        let mut command = tests::command();
        command
            .env("TALLYSTICK_DATABASE__URL", self.database.url())
            .args(REBUILD)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut rebuild = command.spawn().expect("the binary is there");
        eventually("it copies", async || {
            (self.count(LEFT_OVER).await > 0).then_some(())
        })
        .await;
        rebuild.kill().expect("it runs");
        rebuild.wait().expect("it has ended");
        let unlock = locker.batch_execute("ROLLBACK").await;
        unlock.expect("the lock is given up");
    }
}

#[tokio::test]
async fn a_killed_rebuild_changes_nothing_and_the_next_one_clears_it_away() {
    let scene = Scene::new().await;
    let before = scene.listed().await;

    scene.kill_a_rebuild().await;
    let after = scene.listed().await;
    let rebuilt = tallystick(&scene.database, &REBUILD).await;

    assert_eq!(after, before);
    assert_eq!(rebuilt["aggregates"], 1 + 5);
    assert_eq!(scene.listed().await, before);
    assert_eq!(scene.count(BUILDING).await, 0);
    assert_eq!(scene.count(LEFT_OVER).await, 0);
    drop(scene.service);
}

#[tokio::test]
async fn what_a_killed_rebuild_leaves_is_cleared_away_by_a_scheduler() {
    let scene = Scene::new().await;
    scene.kill_a_rebuild().await;
    assert_eq!(scene.count(BUILDING).await, 1);
    let admin = scene.database.connect().await;
    let long_ago =
        "UPDATE voucher_projection SET advanced_at = advanced_at - interval '11 minutes'";
    admin.batch_execute(long_ago).await.expect("it is there");

    let scheduler = Setup::on(&scene.database).in_role("scheduler");
    let _scheduler = scheduler.start().await;

    eventually("it is cleared away", async || {
        let left = scene.count(BUILDING).await + scene.count(LEFT_OVER).await;
        (left == 0).then_some(())
    })
    .await;
    assert_eq!(scene.listed().await.len(), 5);
    drop(scene.service);
}
