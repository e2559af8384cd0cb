//! Bodies that are small to send and large to take.

use tests::{Client, Stage, invoice};

const LEVELS: usize = 128;
const UNPACKED: usize = 256 << 20;

async fn assert_serves_on(client: &Client) {
    client.post("/invoices", &invoice()).await.expect(201);
}

/// Zeros, packed.
fn packed_zeros() -> Vec<u8> {
    use std::process::{Command, Stdio};
    let command = format!("head -c {UNPACKED} /dev/zero | gzip -9");
    let packed = Command::new("sh")
        .args(["-c", &command])
        .stderr(Stdio::null())
        .output()
        .expect("every system has gzip");
    packed.stdout
}

#[tokio::test]
async fn a_zip_bomb_is_refused_without_being_unpacked() {
    let client = Stage::client().await;
    let bomb = tokio::task::spawn_blocking(packed_zeros).await.unwrap();
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());

    let call = client.call(reqwest::Method::POST, "/api/v1/invoices");
    let answer = call.text(bomb).header("Content-Encoding", "gzip").await;

    assert!(
        matches!(answer.status, 400 | 413 | 415),
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{answer:?}"
    );
    assert_serves_on(&client).await;
}

#[tokio::test]
async fn json_of_128_levels_is_refused() {
    let client = Stage::client().await;
    let deep = format!("{}{}", "[".repeat(LEVELS), "]".repeat(LEVELS));
    let body = format!("{{\"metadata\": {deep}}}");

    let call = client.call(reqwest::Method::POST, "/api/v1/invoices");
    let answer = call.text(body).await;

    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_serves_on(&client).await;
}
