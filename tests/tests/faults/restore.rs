//! A database that is restored to a moment in the past, while a provider remembers what came after it.

mod stripe;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use embedded_postgres::{Cluster, ClusterCopy, CopyRole};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{
    Client, Database, Setup, Tenant, archiving_cluster, command, eventually, verify_ledger,
};

use self::stripe::Stripe;

const MOMENT: &str = "before_the_accident";

/// Where PostgreSQL, who may be another user, keeps the pieces of its log.
fn archive() -> TempDir {
    let folder = tempfile::Builder::new()
        .prefix("tallystick-archive-")
        .tempdir_in("/tmp")
        .expect("a temporary folder can be made");
    let for_all = fs::Permissions::from_mode(0o777);
    fs::set_permissions(folder.path(), for_all).expect("it is ours");
    folder
}

fn through(stripe: &Stripe, database: &Database) -> Setup {
    Setup::on(database)
        .with("PAYMENTS__SWEEP_MS", 50)
        .with("PROVIDERS__STRIPE__URL", &stripe.url)
        .with("PROVIDERS__STRIPE__SECRET_KEY", "sk_test_1")
}

async fn pay_out(client: &Client, account: &str, key: &str) -> String {
    let body = json!({
        "payment_type": "external_payment", "direction": "payout", "provider": "stripe",
        "source_account_id": account, "amount_minor": 1_000, "currency": "EUR",
    });
    let accepted = client.post("/payments", &body).idempotency_key(key).await;
    let id = accepted.expect(202)["id"].as_str().map(str::to_owned);
    id.expect("a payment has an id")
}

async fn completes(client: &Client, payment: &str) {
    eventually("the payout is completed", async || {
        let path = format!("/payments/{payment}");
        let found = client.get(&path).await.expect(200);
        (found["status"] == "completed").then_some(())
    })
    .await;
}

/// What the command finds, and its exit code.
async fn reconcile(stripe: &Stripe, database: &Database) -> (Option<i32>, Value) {
    let mut command = command();
    command
        .env("TALLYSTICK_DATABASE__URL", database.url())
        .env("TALLYSTICK_PROVIDERS__STRIPE__URL", &stripe.url)
        .env("TALLYSTICK_PROVIDERS__STRIPE__SECRET_KEY", "sk_test_1")
        .args(["reconcile", "--json"]);
    let run = tokio::task::spawn_blocking(move || command.output()).await;
    let output = run.expect("nothing panics here").expect("it can be run");
    let told = serde_json::from_slice(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    (
        output.status.code(),
        told.unwrap_or_else(|_| panic!("{complaint}")),
    )
}

/// As the operations page tells.
async fn restore(copy: ClusterCopy, archive: &Path) -> Cluster {
    let fetch = format!("cp {}/%f %p", archive.display());
    let restored = copy
        .with("restore_command", &fetch)
        .with("recovery_target_name", MOMENT)
        .with("recovery_target_action", "promote");
    let restored = restored.start().await;
    let restored = restored.expect("the copy starts");
    let operator = Database::of(&restored).connect().await;
    eventually("everything up to the moment is there", async || {
        let row = operator.query_one("SELECT pg_is_in_recovery()", &[]).await;
        (!row.ok()?.get::<_, bool>(0)).then_some(())
    })
    .await;
    restored
}

/// Sends the piece of the log that is being written to the archive.
async fn archive_now(database: &Database) {
    let operator = database.connect().await;
    let file = "SELECT pg_walfile_name(pg_switch_wal())";
    let row = operator.query_one(file, &[]).await;
    let file: String = row.expect("an operator may").get(0);
    let archived = "SELECT FROM pg_stat_archiver WHERE last_archived_wal >= $1";
    eventually("the log is archived", async || {
        operator.query_opt(archived, &[&file]).await.ok()?
    })
    .await;
}

#[tokio::test]
async fn what_a_provider_did_after_the_moment_that_was_restored_to_is_told() {
    let (archive, stripe) = (archive(), Stripe::start().await);
    let mut cluster = archiving_cluster(archive.path()).await;
    let database = Database::of(&cluster);
    let api = through(&stripe, &database).in_role("api").start().await;
    let tenant = Tenant::on(&database).await;
    let client = tenant.at(&api);
    let copy = cluster.copy(CopyRole::Restored).await.unwrap();
    let body = json!({"owner": "cash", "currency": "EUR", "initial_balance_minor": 5_000});
    let opened = client.post("/accounts", &body).idempotency_key("cash");
    let account = opened.await.expect(201)["id"].as_str().unwrap().to_owned();
    let before = pay_out(&client, &account, "before").await;
    let operator = database.connect().await;
    let mark = "SELECT pg_create_restore_point($1)";
    operator.query_one(mark, &[&MOMENT]).await.unwrap();
    let worker = through(&stripe, &database).in_role("worker").start().await;
    let after = pay_out(&client, &account, "after").await;
    completes(&client, &before).await;
    completes(&client, &after).await;
    assert_eq!(reconcile(&stripe, &database).await.0, Some(0));
    archive_now(&database).await;
    drop((api, worker));
    cluster.kill_hard().await.unwrap();

    let restored = restore(copy, archive.path()).await;

    let database = Database::of(&restored);
    let (code, found) = reconcile(&stripe, &database).await;
    assert_eq!((code, &found["differ"]), (Some(3), &json!(1)), "{found}");
    assert_eq!(found["data"][0]["finding"], "moved_ahead", "{found}");
    assert_eq!(found["data"][0]["payment_id"], before.as_str(), "{found}");
    assert_eq!(stripe.payouts(), 2, "to compare moves nothing");
    verify_ledger(&database).await;
    let setup = through(&stripe, &database).in_role("api");
    let service = setup.and_role("worker").start().await;
    let client = tenant.at(&service);
    completes(&client, &before).await;
    assert_eq!(stripe.payouts(), 2, "what was moved is not moved again");
    assert_eq!(reconcile(&stripe, &database).await.0, Some(0));
    let gone = client.get(&format!("/payments/{after}")).await;
    assert_eq!(
        gone.status, 404,
        "what came later is in the provider's pages only"
    );
}
