//! The subcommands.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{LIMIT, POLL, Place, Server, text_of};

fn json_of(place: &Place, arguments: &[&str]) -> Value {
    let output = place.run(arguments);
    assert!(output.status.success(), "{}", text_of(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn status_with(server: &Server, key: &str) -> StatusCode {
    let request = server.get("/api/v1/organization").bearer_auth(key);
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn keys_are_made_and_revoked_while_the_server_runs() {
    let place = Place::new();
    let server = place.start().await;

    let made = json_of(
        &place,
        &["keys", "create", "--scope", "organization:read", "--json"],
    );
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["secret"].as_str().unwrap(),
    );
    let before = status_with(&server, secret).await;
    let revoked = json_of(&place, &["keys", "revoke", id, "--json"]);
    let began = Instant::now();
    while status_with(&server, secret).await != 401 {
        assert!(began.elapsed() < Duration::from_secs(6), "still valid");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    assert_eq!(before, 200);
    assert_eq!(revoked["revoked"], true);
    let left = json_of(&place, &["keys", "list", "--json"]);
    assert!(left.as_array().unwrap().iter().all(|key| key["id"] != id));
}

#[tokio::test]
async fn health_tells_by_its_exit_code_whether_the_server_is_well() {
    let place = Place::new();
    let server = place.start().await;

    let running = place.run(&["health"]);
    let ready = place.run(&["health", "--ready"]);
    server.stop(Signal::TERM);
    let stopped = place.run(&["health"]);
    let mistaken = place.with("HTTP__PORT", "x").run(&["health"]);

    let report: Value = serde_json::from_slice(&running.stdout).unwrap();
    assert_eq!(report["status"], "healthy");
    let codes = [running, ready, stopped, mistaken].map(|output| output.status.code());
    assert_eq!(codes, [Some(0), Some(0), Some(1), Some(2)]);
}

#[test]
fn config_check_prints_what_is_in_force_and_no_secret() {
    let place = Place::new()
        .with("DATABASE__URL", "postgres://user:hunter2@db/x")
        .with("HTTP_PORT", "1");

    let output = place.run(&["config", "check"]);
    let as_json = json_of(&place, &["config", "check", "--json"]);

    assert!(output.status.success());
    let (out, complaints) = (text_of(&output.stdout), text_of(&output.stderr));
    assert!(
        out.contains("TALLYSTICK_DATABASE__URL") && out.contains("********"),
        "{out}"
    );
    assert!(!out.contains("hunter2") && !as_json.to_string().contains("hunter2"));
    assert!(
        complaints.contains("did you mean TALLYSTICK_HTTP__PORT?"),
        "{complaints}"
    );
    assert_eq!(as_json["warnings"].as_array().unwrap().len(), 1);
}

#[test]
fn config_check_reports_every_mistake_at_once_with_exit_code_2() {
    let place = Place::new()
        .with("ENVIRONMENT", "production")
        .with("HTTP__PORT", "x")
        .with("CACHE__TTL_S", "-1");

    let output = place.run(&["config", "check", "--json"]);
    let serving = place.run(&["serve"]);

    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mistakes = answer["mistakes"].as_array().unwrap();
    let names = [
        "HTTP__PORT",
        "CACHE__TTL_S",
        "DATABASE__URL",
        "WALLETS__ENCRYPTION_KEY",
    ];
    for name in names {
        let told = |it: &&Value| {
            it.as_str()
                .unwrap()
                .starts_with(&format!("TALLYSTICK_{name} "))
        };
        assert_eq!(mistakes.iter().filter(told).count(), 1, "{name}: {answer}");
    }
    assert_eq!(mistakes.len(), names.len());
    assert_eq!(
        (output.status.code(), serving.status.code()),
        (Some(2), Some(2))
    );
    let said = text_of(&serving.stderr);
    assert!(said.contains("TALLYSTICK_HTTP__PORT") && said.contains("TALLYSTICK_CACHE__TTL_S"));
}

#[test]
fn production_without_a_database_is_refused() {
    let place = Place::new().with("ENVIRONMENT", "production");

    let output = place.run(&["serve"]);

    assert_eq!(output.status.code(), Some(2));
    let said = text_of(&output.stderr);
    assert!(
        said.contains("TALLYSTICK_DATABASE__URL must be set"),
        "{said}"
    );
    assert!(!place.data_dir().exists());
}

#[test]
fn the_contract_is_printed_without_any_configuration() {
    let place = Place::new().with("HTTP__PORT", "not even a valid one");

    let contract = json_of(&place, &["openapi"]);

    assert!(contract["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(contract["paths"]["/api/v1/invoices"]["post"].is_object());
    assert!(!place.data_dir().exists());
}

#[test]
fn every_command_has_help_and_wrong_arguments_have_exit_code_2() {
    let place = Place::new();
    let commands = [
        "serve",
        "migrate",
        "keys",
        "organizations",
        "openapi",
        "asyncapi",
        "config",
        "health",
        "demo",
    ];

    for command in commands {
        let help = place.run(&[command, "--help"]);
        assert!(
            help.status.success() && !help.stdout.is_empty(),
            "{command}"
        );
        let wrong = place.run(&[command, "--no-such-option"]);
        assert_eq!(wrong.status.code(), Some(2), "{command}");
    }
    let wrong = place.run(&["keys", "create", "--scope", "everything"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[tokio::test]
async fn the_demo_fills_an_organization_that_the_server_then_shows() {
    let place = Place::new();

    let told = json_of(
        &place,
        &[
            "demo",
            "--customers",
            "3",
            "--invoices",
            "12",
            "--payments",
            "9",
            "--vouchers",
            "10",
            "--json",
        ],
    );
    let between = place.postmaster();
    let server = place.start().await;
    let list = server
        .get_with_key("/api/v1/invoices?page=1")
        .send()
        .await
        .unwrap();

    assert_eq!(told["customers"], 3);
    assert_eq!(between, None);
    let list: Value = list.json().await.unwrap();
    // What is listed follows from events.
    let began = Instant::now();
    while server.json_of("/api/v1/vouchers?page=1").await["total"] != 10 {
        assert!(began.elapsed() < LIMIT, "vouchers are missing");
        tokio::time::sleep(POLL).await;
    }
    let made = |what: &str| told["vouchers"][what].as_i64().unwrap_or_default();
    assert_eq!(made("issued") + made("redeemed"), 10);
    // Vouchers are redeemed on drafts of their own.
    assert!(list["total"].as_i64() >= Some(12));
    let payments = server.get_with_key("/api/v1/payments?page=1");
    let payments: Value = payments.send().await.unwrap().json().await.unwrap();
    assert_eq!(payments["total"], 9);
    let expected = json!({"completed": 6, "partially_refunded": 1, "failed": 1, "unknown": 1});
    assert_eq!(told["payments"], expected);
    let organizations = json_of(&place, &["organizations", "list", "--json"]);
    assert_eq!(organizations[0]["id"], told["organization_id"]);
}

#[tokio::test]
async fn ledger_verify_tells_by_its_exit_code_whether_the_books_are_right() {
    let place = Place::new();
    let server = place.start().await;

    let output = place.run(&["ledger", "verify"]);
    let as_json = json_of(&place, &["ledger", "verify", "--json"]);
    server.stop(Signal::TERM);
    let without_server = place.run(&["ledger", "verify"]);

    assert_eq!(output.status.code(), Some(0), "{}", text_of(&output.stderr));
    let out = text_of(&output.stdout);
    assert!(
        out.contains("holds   chain_is_unbroken") && !out.contains("BROKEN"),
        "{out}"
    );
    assert_eq!(as_json["holds"], true);
    assert_eq!(as_json["invariants"].as_array().unwrap().len(), 13);
    assert_eq!(without_server.status.code(), Some(0));
}
