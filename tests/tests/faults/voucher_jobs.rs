//! Vouchers that are issued in great number, and workers that die at it.

use rustix::process::Signal;
use serde_json::{Value, json};
use tests::{Client, Database, Service, Setup, Tenant, eventually};

struct Scene {
    database: Database,
    api: Service,
    client: Client,
    campaign: String,
}

impl Scene {
    async fn new() -> Self {
        let database = Database::fresh().await;
        let api = Setup::on(&database).in_role("api").start().await;
        let client = Tenant::on(&database).await.at(&api);
        let campaign = json!({"name": "Summer", "kind": "discount", "percent_bps": 1_000});
        let campaign = client.create("/campaigns", &campaign).await;
        Self {
            database,
            api,
            client,
            campaign,
        }
    }

    async fn worker(&self) -> Service {
        let setup = Setup::on(&self.database).in_role("worker");
        setup.start().await
    }

    async fn order(&self, count: u32) -> String {
        let path = format!("/campaigns/{}/vouchers", self.campaign);
        let job = self.client.post(&path, &json!({"count": count})).await;
        let body = job.expect(202);
        let id = body["id"].as_str().expect("a job has an id");
        let location = format!("/api/v1/jobs/{id}");
        assert_eq!(job.header("location"), location);
        location.replace("/api/v1", "")
    }

    /// As a caller does it who asks again where the service could not be reached.
    async fn job(&self, path: &str) -> Value {
        eventually(format_args!("the job {path} is shown"), async || {
            let answer = self.client.get(path).await;
            (answer.status != 503).then(|| answer.expect(200))
        })
        .await
    }

    async fn until(&self, path: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        eventually(format_args!("the job {path} comes so far"), async || {
            let job = self.job(path).await;
            is_so(&job).then_some(job)
        })
        .await
    }

    async fn count(&self, what: &str) -> i64 {
        self.database.count(what, &[]).await
    }

    /// Each voucher has a code of its own and one event, and nothing else has.
    async fn assert_issued(&self, count: i64) {
        let codes = self.count("SELECT count(DISTINCT code) FROM vouchers");
        assert_eq!(codes.await, count);
        assert_eq!(self.count("SELECT count(*) FROM vouchers").await, count);
        let told = "SELECT count(*) FROM vouchers JOIN outbox ON aggregate_id = vouchers.id AND aggregate_version = 1
                     WHERE type = 'voucher.created' AND payload ->> 'code' = code";
        assert_eq!(self.count(told).await, count);
        let events = "SELECT count(*) FROM outbox WHERE type = 'voucher.created'";
        assert_eq!(self.count(events).await, count);
    }
}

fn is_done(job: &Value) -> bool {
    job["status"] == "done"
}

fn has_begun(job: &Value) -> bool {
    job["done"].as_i64() > Some(0)
}

#[tokio::test]
async fn a_killed_worker_neither_loses_nor_doubles_a_code() {
    let scene = Scene::new().await;
    let job = scene.order(20_000).await;
    for _ in 0..3 {
        let before = scene.job(&job).await["done"].clone();
        let worker = scene.worker().await;
        scene.until(&job, |job| job["done"] != before).await;
        worker.kill();
    }

    let _workers = (scene.worker().await, scene.worker().await);

    let done = scene.until(&job, is_done).await;
    assert_eq!(done["done"], 20_000);
    assert_eq!(done["error"], Value::Null);
    scene.assert_issued(20_000).await;
}

#[tokio::test]
async fn a_worker_that_stops_keeps_nobody_from_the_job_for_long_and_has_no_say_when_it_comes_back()
{
    let scene = Scene::new().await;
    let job = scene.order(20_000).await;
    let stopped = scene.worker().await;
    scene.until(&job, has_begun).await;
    stopped.signal(Signal::STOP);

    let _other = scene.worker().await;
    // What the stopped one holds is taken from it when PostgreSQL gives its silent transaction up.
    tests::within(tests::LIMIT * 3, "the other one ends it", async || {
        is_done(&scene.job(&job).await).then_some(())
    })
    .await;
    stopped.signal(Signal::CONT);
    let next = scene.order(2_000).await;

    scene.until(&next, is_done).await;
    scene.assert_issued(22_000).await;
}

#[tokio::test]
async fn a_worker_that_is_asked_to_end_ends_at_once_and_another_one_goes_on() {
    let scene = Scene::new().await;
    let job = scene.order(20_000).await;
    let worker = scene.worker().await;
    scene.until(&job, has_begun).await;

    worker.signal(Signal::TERM);
    let status = worker.ended().await;

    assert!(status.success());
    let left = scene.job(&job).await;
    assert_eq!(left["status"], "running");
    scene.assert_issued(left["done"].as_i64().unwrap()).await;
    let _other = scene.worker().await;
    scene.until(&job, is_done).await;
    scene.assert_issued(20_000).await;
}

#[tokio::test]
async fn nothing_more_is_issued_once_the_end_of_the_campaign_is_answered() {
    let scene = Scene::new().await;
    let job = scene.order(100_000).await;
    let _worker = scene.worker().await;
    scene.until(&job, has_begun).await;

    let path = format!("/campaigns/{}", scene.campaign);
    let ended = scene.client.patch(&path, &json!({"status": "ended"})).await;
    let issued = scene.count("SELECT count(*) FROM vouchers").await;

    ended.expect(200);
    let failed = scene.until(&job, |job| job["status"] == "failed").await;
    assert_eq!(failed["error"]["code"], "campaign_ended");
    assert_eq!(failed["done"], issued);
    assert!(issued < 100_000);
    scene.assert_issued(issued).await;
    let path = format!("{path}/vouchers");
    let refused = scene.client.post(&path, &json!({"count": 1})).await;
    assert_eq!(refused.verdict(), (422, "campaign_ended".to_owned()));
}

#[tokio::test]
async fn a_job_waits_while_the_database_is_away_for_a_moment() {
    let scene = Scene::new().await;
    let job = scene.order(20_000).await;
    let _worker = scene.worker().await;
    scene.until(&job, has_begun).await;

    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    for _ in 0..3 {
        let before = scene.job(&job).await["done"].clone();
        scene.count(end).await;
        scene
            .until(&job, |job| job["done"] != before || is_done(job))
            .await;
    }

    scene.until(&job, is_done).await;
    scene.assert_issued(20_000).await;
    drop(scene.api);
}
