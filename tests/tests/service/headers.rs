//! What every answer wears.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use reqwest::Method;
use tests::{Database, Setup, Stage, invoice};

#[tokio::test]
async fn every_answer_is_marked_as_private_and_plain() {
    let client = Stage::client().await;
    let answers = [
        client.post("/invoices", &invoice()).await,
        client.get("/invoices").await,
        client.get("/invoices/x").await,
        client.get("/nowhere").await,
        client.with_key("tsk_wrong").get("/invoices").await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'"
        );
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert_eq!(answer.header("server"), "");
    }
}

#[tokio::test]
async fn a_request_keeps_the_id_that_its_client_gave_it() {
    let client = Stage::client().await;
    let longest = "x".repeat(128);
    for id in ["a-B_3.", longest.as_str()] {
        let answer = client.get("/invoices/x").header("X-Request-Id", id).await;

        assert_eq!(answer.header("x-request-id"), id);
        assert_eq!(answer.json()["request_id"], id);
    }
}

#[tokio::test]
async fn a_request_id_that_could_deceive_is_replaced() {
    let client = Stage::client().await;
    let too_long = "x".repeat(129);
    for id in ["", "a b", "a/b", "<script>", "a,b", too_long.as_str()] {
        let answer = client.get("/invoices/x").header("X-Request-Id", id).await;

        let given = answer.header("x-request-id");
        assert_eq!(given.len(), 36, "{id} became {given}");
        assert_eq!(answer.json()["request_id"], given);
    }
}

#[tokio::test]
async fn limited_answers_say_how_much_is_left() {
    let client = Stage::client().await;

    let answer = client.get("/invoices").await;

    assert_eq!(
        answer.header("ratelimit-policy"),
        "\"default\";q=1000000;w=1"
    );
    assert!(
        answer
            .header("ratelimit")
            .starts_with("\"default\";r=99999"),
        "{}",
        answer.header("ratelimit")
    );
}

#[tokio::test]
async fn long_answers_are_packed_when_asked() {
    let client = Stage::client().await;
    for _ in 0..5 {
        client.post("/invoices", &invoice()).await.expect(201);
    }
    let plain = client.get("/invoices").await;
    assert_eq!(plain.header("content-encoding"), "");

    let packed = client
        .get("/invoices")
        .header("Accept-Encoding", "gzip")
        .await;

    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(
        packed
            .header("vary")
            .to_lowercase()
            .contains("accept-encoding")
    );
    assert!(packed.body.len() < plain.body.len() / 2);
    assert_eq!(unpacked(&packed.body), plain.body);
}

fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut gzip = Command::new("gzip")
        .arg("-dc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    gzip.stdin.take().unwrap().write_all(body).unwrap();
    gzip.wait_with_output().unwrap().stdout
}

#[tokio::test]
async fn what_is_created_says_where_it_is() {
    let client = Stage::client().await;

    let answer = client.post("/invoices", &invoice()).await;

    let created = answer.expect(201);
    let location = answer.header("location").to_owned();
    assert_eq!(
        location,
        format!("/api/v1/invoices/{}", created["id"].as_str().unwrap())
    );
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(
        client.call(Method::GET, &location).await.expect(200),
        created
    );
}

#[tokio::test]
async fn lists_link_to_their_neighbours() {
    let client = Stage::client().await;
    for _ in 0..3 {
        client.post("/invoices", &invoice()).await.expect(201);
    }

    let pages = client
        .get("/invoices?page=2&page_size=1&currency=USD")
        .await;
    let pieces = client.get("/invoices?limit=2").await;

    let expected = "</api/v1/invoices?currency=USD&page=3&page_size=1>; rel=\"next\", \
                    </api/v1/invoices?currency=USD&page=1&page_size=1>; rel=\"prev\"";
    assert_eq!(pages.header("link"), expected);
    let next = pieces
        .header("link")
        .strip_prefix('<')
        .and_then(|link| link.strip_suffix(">; rel=\"next\""));
    let last = client.call(Method::GET, next.unwrap()).await.expect(200);
    assert_eq!(
        (last["data"].as_array().unwrap().len(), &last["next_cursor"]),
        (1, &serde_json::Value::Null)
    );
}

#[tokio::test]
async fn pages_of_the_origins_that_are_named_may_ask() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).with("HTTP__CORS_ORIGINS", "https://shop.example");
    let service = setup.start().await;
    let ask = |origin: &str| {
        service
            .stranger()
            .call(Method::OPTIONS, "/api/v1/invoices")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "GET")
    };

    let ours = ask("https://shop.example").await;
    let others = ask("https://evil.example").await;

    let allowed = [&ours, &others].map(|it| it.header("access-control-allow-origin"));
    assert_eq!((ours.status, allowed), (204, ["https://shop.example", ""]));
}
