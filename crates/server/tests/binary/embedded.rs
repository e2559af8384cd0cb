//! Embedded mode.

use std::{
    fs,
    net::TcpListener,
    time::{Duration, Instant},
};

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{LIMIT, POLL, Place, mode_of, text_of};

#[tokio::test]
async fn the_first_start_prints_how_to_call_it_and_keeps_the_key_private() {
    let place = Place::new();

    let server = place.start().await;

    let (key, address) = (server.key(), server.api_address().unwrap());
    let port = address.rsplit(':').next().unwrap().to_owned();
    let line = format!(
        "curl -H 'Authorization: Bearer {key}' http://localhost:{port}/api/v1/organization"
    );
    assert!(server.printed().contains(&line), "{}", server.printed());
    assert_eq!(mode_of(&place.data_dir().join("api-key")), 0o600);
    assert_eq!(mode_of(&place.data_dir().join("database-url")), 0o600);
    let answer = server.get_with_key("/api/v1/organization").send().await;
    assert_eq!(answer.unwrap().status(), 200);
    assert!(!server.log().contains(&key));
}

#[tokio::test]
async fn data_and_key_survive_ctrl_c_and_nothing_is_left_running() {
    let place = Place::new();
    let server = place.start().await;
    let (id, key) = (server.create_invoice().await, server.key());

    server.stop(Signal::INT);
    let left_running = place.postmaster();
    let server = place.start().await;

    assert_eq!(left_running, None);
    assert_eq!(server.key(), key);
    assert!(server.has_invoice(&id).await);
}

/// The limit is that of the service; other tests on the same processors may take longer than that, but not always.
#[tokio::test]
async fn a_new_invoice_has_its_verdict_within_two_seconds() {
    let place = Place::new();
    let server = place.start().await;
    let mut took = Vec::new();

    for _ in 0..5 {
        let path = format!("/api/v1/invoices/{}", server.create_invoice().await);
        let began = Instant::now();
        while server.json_of(&path).await["review"]["status"] == "pending" {
            assert!(began.elapsed() < LIMIT, "nobody reviews {path}");
            tokio::time::sleep(POLL).await;
        }
        took.push(began.elapsed());
    }

    let quickest = took.iter().min().unwrap();
    assert!(*quickest < Duration::from_secs(2), "{took:?}");
}

#[tokio::test]
async fn what_was_answered_survives_kill_9() {
    let place = Place::new();
    let mut server = place.start().await;
    let id = server.create_invoice().await;

    server.signal(Signal::KILL);
    server.wait();
    let server = place.start().await;

    assert!(server.has_invoice(&id).await);
    server.stop(Signal::TERM);
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn a_second_server_on_the_folder_says_so_and_ends() {
    let place = Place::new();
    let server = place.start().await;

    let second = place.run(&["serve"]);

    assert_eq!(second.status.code(), Some(1));
    let said = text_of(&second.stderr);
    assert!(said.contains("is used by another process"), "{said}");
    assert!(said.contains("TALLYSTICK_DATA_DIR"), "{said}");
    assert!(server.is_ready().await);
}

#[tokio::test]
async fn a_port_that_is_taken_names_its_setting_and_leaves_nothing_running() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let place = Place::new().with("HTTP__PORT", &port);

    let refused = place.run(&["serve"]);

    assert_eq!(refused.status.code(), Some(1));
    let said = text_of(&refused.stderr);
    assert!(
        said.contains("choose another port with TALLYSTICK_HTTP__PORT"),
        "{said}"
    );
    assert_eq!(place.postmaster(), None);
}

#[tokio::test]
async fn a_key_of_another_database_is_kept_and_made_valid_here() {
    let place = Place::new();
    fs::create_dir(place.data_dir()).unwrap();
    let key = "tsk_0123456789ABCDEFGHIJKLMNOPQRSTUV";
    fs::write(place.data_dir().join("api-key"), key).unwrap();

    let server = place.start().await;

    assert_eq!(server.key(), key);
    let answer = server.get_with_key("/api/v1/organization").send().await;
    assert_eq!(answer.unwrap().status(), 200);
}

#[tokio::test]
async fn a_revoked_first_key_does_not_come_back() {
    let place = Place::new();
    let server = place.start().await;
    let keys = place.run(&["keys", "list", "--json"]);
    let keys: Value = serde_json::from_slice(&keys.stdout).unwrap();
    let id = keys[0]["id"].as_str().unwrap();
    assert!(
        place
            .run(&["keys", "create", "--scope", "*"])
            .status
            .success()
    );
    assert!(place.run(&["keys", "revoke", id]).status.success());
    server.stop(Signal::TERM);

    let server = place.start().await;

    let answer = server.get_with_key("/api/v1/organization").send().await;
    assert_eq!(answer.unwrap().status(), 401);
    assert!(server.printed().contains("tallystick keys create"));
}

#[tokio::test]
async fn metrics_are_on_the_management_port_only() {
    let place = Place::new();
    let server = place.start().await;
    server.create_invoice().await;

    let metrics = reqwest::get(server.management_url("/metrics"))
        .await
        .unwrap();
    let elsewhere = server.get("/metrics").send().await.unwrap();

    assert_eq!(elsewhere.status(), 404);
    let text = metrics.text().await.unwrap();
    for name in [
        "http_requests_total{method=\"POST\",route=\"/api/v1/invoices\",status=\"201\"} 1",
        "http_request_duration_seconds_bucket",
        "database_pool_connections_max 25",
        "process_resident_memory_bytes",
        "tokio_alive_tasks",
        "scheduler_batches_total",
    ] {
        assert!(text.contains(name), "no {name} in\n{text}");
    }
}

#[tokio::test]
async fn each_request_is_one_line_of_json_without_secrets_or_control_characters() {
    let place = Place::new();
    let server = place.start().await;
    let key = server.key();
    let asked = server
        .get_with_key("/api/v1/organization?x=%1b%5b31m%0a%7f")
        .header("x-request-id", "asked-by-a-test")
        .send()
        .await;
    assert_eq!(asked.unwrap().status(), 400);

    let log = server.log_after_stop();

    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let is_it = |line: &&Value| line["request_id"] == "asked-by-a-test";
    let of_request: Vec<_> = lines.iter().filter(is_it).collect();
    assert_eq!(of_request.len(), 1, "{log}");
    assert_eq!(of_request[0]["status"], 400);
    assert_eq!(of_request[0]["route"], "/api/v1/organization");
    assert!(!log.contains(&key));
    assert!(!log.chars().any(|c| c.is_control() && c != '\n'));
}
