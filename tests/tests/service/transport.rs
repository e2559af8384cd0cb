//! Problems of the exchange itself. All are problem documents.

use reqwest::Method;
use tests::{Answer, Stage, invoice};

fn assert_problem(answer: &Answer, status: u16, code: &str) {
    let body = answer.json();
    assert_eq!(
        answer.verdict(),
        (status, code.to_owned()),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(body["status"], status);
    assert_eq!(
        body["type"],
        format!("/problems/{}", code.replace('_', "-"))
    );
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert!(
        body["title"].is_string() && body["detail"].is_string() && body["instance"].is_string()
    );
}

#[tokio::test]
async fn unknown_paths_are_not_found() {
    let client = Stage::client().await;
    for path in [
        "/nowhere",
        "/api/v1/nowhere",
        "/api/v1",
        "/api/v1/invoices/",
        "/api/v2/invoices",
        "/%2e%2e/etc/passwd",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE] {
            assert_problem(&client.call(method, path).await, 404, "route_not_found");
        }
    }
}

#[tokio::test]
async fn methods_that_a_path_does_not_have_are_listed() {
    let client = Stage::client().await;
    let cases = [
        (Method::PUT, "/api/v1/invoices", "GET, HEAD, POST"),
        (Method::POST, "/api/v1/organization", "GET, HEAD, PATCH"),
        (Method::POST, "/health", "GET, HEAD"),
        (
            Method::GET,
            "/api/v1/invoices/0193aaaa-0000-7000-8000-000000000000/status",
            "PATCH",
        ),
        (Method::TRACE, "/api/v1/invoices", "GET, HEAD, POST"),
        (
            Method::from_bytes(b"BREW").unwrap(),
            "/api/v1/invoices",
            "GET, HEAD, POST",
        ),
    ];
    for (method, path, allowed) in cases {
        let answer = client.call(method.clone(), path).await;

        assert_problem(&answer, 405, "method_not_allowed");
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn who_reads_no_json_is_told() {
    let client = Stage::client().await;
    for accept in ["application/xml", "text/html", "application/json;q=0"] {
        assert_problem(
            &client.get("/invoices").header("Accept", accept).await,
            406,
            "not_acceptable",
        );
    }
    for accept in ["*/*", "application/*", "text/html, application/json;q=0.1"] {
        client
            .get("/invoices")
            .header("Accept", accept)
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn bodies_are_json_and_say_so() {
    let client = Stage::client().await;
    let post = || client.call(Method::POST, "/api/v1/invoices");
    let types = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "application/json; charset=latin1",
    ];
    for content_type in types {
        let answer = client
            .post("/invoices", &invoice())
            .replace_header("content-type", content_type)
            .await;
        assert_problem(&answer, 415, "unsupported_media_type");
    }
    let packed = client
        .post("/invoices", &invoice())
        .header("Content-Encoding", "gzip")
        .await;
    assert_problem(&packed, 415, "unsupported_media_type");
    let good = client
        .post("/invoices", &invoice())
        .replace_header("content-type", "Application/JSON; charset=UTF-8")
        .await;
    good.expect(201);
    for text in [
        "",
        " ",
        "{",
        "{]",
        "{} {}",
        "nul",
        "{'a': 1}",
        "{\"a\": 1,}",
        "\u{feff}{}",
        "{\"a\": 1e400}",
        "{\"a\": \"\\ud800\"}",
    ] {
        assert_problem(&post().text(text.to_owned()).await, 400, "malformed_json");
    }
    assert_problem(
        &post().text(&b"{\"a\": \"\xff\"}"[..]).await,
        400,
        "malformed_json",
    );
}

#[tokio::test]
async fn bodies_are_neither_too_long_nor_too_deep() {
    let client = Stage::client().await;
    let post = |text: String| client.call(Method::POST, "/api/v1/invoices").text(text);
    let nested = |depth: usize| format!("{{\"a\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
    let sized = |bytes: usize| format!("{{\"a\": \"{}\"}}", "x".repeat(bytes - 9));

    assert_problem(&post(nested(128)).await, 400, "malformed_json");
    assert_problem(&post(nested(100_000)).await, 400, "malformed_json");
    assert_problem(&post(nested(63)).await, 400, "unknown_field");
    assert_problem(&post(sized(1024 * 1024)).await, 400, "unknown_field");
    assert_problem(&post(sized(1024 * 1024 + 1)).await, 413, "body_too_large");
    client.get("/invoices").await.expect(200);
}

#[tokio::test]
async fn keys_are_asked_for_before_anything_else() {
    let stranger = Stage::shared().await.service.stranger();
    for path in ["/api/v1/invoices", "/api/v1/nowhere"] {
        let answer = stranger.call(Method::POST, path).text("{").await;

        assert_problem(&answer, 401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        "Basic dGVzdDp0ZXN0",
        "Bearer tsk_",
        "Bearer x y",
        "tsk_0123456789",
    ] {
        let answer = stranger
            .get("/invoices")
            .header("Authorization", authorization)
            .await;
        assert_problem(&answer, 401, "unauthenticated");
    }
}

#[tokio::test]
async fn what_needs_no_key_is_open() {
    let stranger = Stage::shared().await.service.stranger();
    for path in [
        "/docs/",
        "/openapi.json",
        "/problems",
        "/problems/not-found",
        "/health",
        "/health/live",
        "/health/ready",
    ] {
        assert_eq!(stranger.call(Method::GET, path).await.status, 200, "{path}");
    }
    let root = stranger.call(Method::GET, "/").await;
    assert!(
        (300..400).contains(&root.status) && root.header("location") == "/docs",
        "{root:?}"
    );
}

#[tokio::test]
async fn every_problem_that_is_listed_is_explained() {
    let stranger = Stage::shared().await.service.stranger();

    let listed = stranger
        .call(Method::GET, "/problems")
        .header("Accept", "application/json")
        .await
        .expect(200);

    let problems = listed
        .as_array()
        .or_else(|| listed["data"].as_array())
        .unwrap();
    assert!(problems.len() > 20);
    for problem in problems {
        let page = problem["type"].as_str().unwrap();
        let explained = stranger
            .call(Method::GET, page)
            .header("Accept", "application/json")
            .await
            .expect(200);
        assert_eq!(explained["code"], problem["code"]);
    }
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let client = Stage::client().await;

    let answer = client.call(Method::HEAD, "/api/v1/invoices").await;

    assert_eq!((answer.status, answer.body.len()), (200, 0));
    client.get("/invoices").await.expect(200);
}
