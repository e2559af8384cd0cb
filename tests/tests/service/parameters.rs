//! Every parameter of every query, and ids in paths.

use reqwest::Method;
use serde_json::json;
use tests::{Client, Stage, invoice};

const UNKNOWN_ID: &str = "0193aaaa-0000-7000-8000-000000000000";

async fn check(client: &Client, path: &str, cases: &[(&str, &str, &str)]) {
    for (query, code, fault) in cases {
        let (parameter, _) = query.split_once('=').unwrap_or((query, ""));

        let answer = client.get(&format!("{path}?{query}")).await;

        assert_eq!(
            answer.verdict(),
            (400, (*code).to_owned()),
            "{path}?{query}: {}",
            answer.text()
        );
        assert_eq!(
            answer.faults(),
            [(parameter.to_owned(), (*fault).to_owned())],
            "{path}?{query}"
        );
    }
}

const PAGING: &[(&str, &str, &str)] = &[
    ("limit=0", "invalid_parameter", "out_of_range"),
    ("limit=101", "invalid_parameter", "out_of_range"),
    ("limit=-1", "invalid_parameter", "out_of_range"),
    (
        "limit=99999999999999999999",
        "invalid_parameter",
        "out_of_range",
    ),
    ("limit=", "invalid_parameter", "invalid_format"),
    ("limit=ten", "invalid_parameter", "invalid_format"),
    ("limit=1.0", "invalid_parameter", "invalid_format"),
    ("limit=%2B1", "invalid_parameter", "invalid_format"),
    ("limit=01", "invalid_parameter", "invalid_format"),
    (
        "limit=1&limit=1",
        "duplicate_parameter",
        "duplicate_parameter",
    ),
    ("page=0", "invalid_parameter", "out_of_range"),
    ("page=-1", "invalid_parameter", "out_of_range"),
    ("page=x", "invalid_parameter", "invalid_format"),
    ("page=501", "page_too_deep", "page_too_deep"),
    ("page=9223372036854775807", "page_too_deep", "page_too_deep"),
    ("page_size=0", "invalid_parameter", "out_of_range"),
    ("page_size=101", "invalid_parameter", "out_of_range"),
    ("limit=5&page=1", "invalid_parameter", "conflict"),
    ("cursor=x&page=1", "invalid_parameter", "conflict"),
    ("cursor=", "invalid_cursor", "invalid_cursor"),
    ("cursor=AAAA", "invalid_cursor", "invalid_cursor"),
    ("cursor=%FF", "invalid_parameter", "invalid_format"),
    ("surprise=1", "unknown_parameter", "unknown_parameter"),
    ("LIMIT=1", "unknown_parameter", "unknown_parameter"),
];

const INVOICES: &[(&str, &str, &str)] = &[
    ("status=", "invalid_parameter", "unsupported_value"),
    ("status=Draft", "invalid_parameter", "unsupported_value"),
    (
        "status=draft,sent",
        "invalid_parameter",
        "unsupported_value",
    ),
    ("client=", "invalid_parameter", "empty"),
    ("client=%00", "invalid_parameter", "forbidden_character"),
    (
        "client=%E2%80%AE",
        "invalid_parameter",
        "forbidden_character",
    ),
    ("client=%C3%28", "invalid_parameter", "invalid_format"),
    (
        "client=a&client=b",
        "duplicate_parameter",
        "duplicate_parameter",
    ),
    ("customer_id=1", "invalid_parameter", "invalid_format"),
    (
        "customer_id=0193AAAA-0000-7000-8000-000000000000",
        "invalid_parameter",
        "invalid_format",
    ),
    ("number=", "invalid_parameter", "empty"),
    ("number=a%20b", "invalid_parameter", "invalid_format"),
    (
        "from_date=2026-02-30",
        "invalid_parameter",
        "invalid_format",
    ),
    ("from_date=today", "invalid_parameter", "invalid_format"),
    ("to_date=2026-1-1", "invalid_parameter", "invalid_format"),
    (
        "due_from=2026-01-01T00:00:00Z",
        "invalid_parameter",
        "invalid_format",
    ),
    ("due_to=", "invalid_parameter", "invalid_format"),
    ("overdue=", "invalid_parameter", "unsupported_value"),
    ("overdue=1", "invalid_parameter", "unsupported_value"),
    ("currency=eur", "invalid_parameter", "unsupported_value"),
    ("currency=XXX", "invalid_parameter", "unsupported_value"),
    ("min_total_minor=1e3", "invalid_parameter", "invalid_format"),
    (
        "min_total_minor=9007199254740992",
        "invalid_parameter",
        "out_of_range",
    ),
    (
        "max_total_minor=-9007199254740992",
        "invalid_parameter",
        "out_of_range",
    ),
];

const CUSTOMERS: &[(&str, &str, &str)] = &[
    ("email=nobody", "invalid_parameter", "invalid_format"),
    ("external_id=", "invalid_parameter", "empty"),
    ("q=", "invalid_parameter", "empty"),
    ("q=%01", "invalid_parameter", "forbidden_character"),
];

const REGISTER: &[(&str, &str, &str)] = &[
    ("series=", "invalid_parameter", "invalid_format"),
    ("series=a%20b", "invalid_parameter", "invalid_format"),
    ("after=-1", "invalid_parameter", "out_of_range"),
    ("after=x", "invalid_parameter", "invalid_format"),
    ("limit=0", "invalid_parameter", "out_of_range"),
    ("page=1", "unknown_parameter", "unknown_parameter"),
];

#[tokio::test]
async fn a_bad_parameter_of_a_list_is_refused() {
    let client = Stage::client().await;

    for path in ["/invoices", "/customers", "/api-keys"] {
        check(&client, path, PAGING).await;
    }
    check(&client, "/invoices", INVOICES).await;
    check(&client, "/customers", CUSTOMERS).await;
    check(&client, "/invoices/number-register", REGISTER).await;
}

#[tokio::test]
async fn all_bad_parameters_are_told_at_once() {
    let client = Stage::client().await;

    let answer = client
        .get("/invoices?status=x&currency=y&limit=0&from_date=z&surprise=1")
        .await;

    let expected = [
        ("currency", "unsupported_value"),
        ("from_date", "invalid_format"),
        ("limit", "out_of_range"),
        ("status", "unsupported_value"),
        ("surprise", "unknown_parameter"),
    ];
    assert_eq!(answer.verdict(), (400, "unknown_parameter".to_owned()));
    assert_eq!(
        answer.faults(),
        expected.map(|(name, fault)| (name.to_owned(), fault.to_owned()))
    );
}

#[tokio::test]
async fn what_takes_no_parameter_refuses_them() {
    let client = Stage::client().await;
    let id = client.create("/invoices", &invoice()).await;
    let requests = [
        (Method::GET, "/health".to_owned()),
        (Method::GET, "/api/v1/organization".to_owned()),
        (Method::GET, "/api/v1/invoices/summary".to_owned()),
        (Method::GET, format!("/api/v1/invoices/{id}")),
        (Method::POST, "/api/v1/invoices".to_owned()),
        (Method::PATCH, format!("/api/v1/invoices/{id}")),
        (Method::PATCH, format!("/api/v1/invoices/{id}/status")),
        (Method::DELETE, format!("/api/v1/invoices/{id}")),
    ];
    for (method, path) in requests {
        let body = if path.ends_with("status") {
            json!({"status": "sent"})
        } else {
            invoice()
        };
        let answer = client
            .call(method.clone(), &format!("{path}?dry_run=true"))
            .json(&body)
            .await;

        assert_eq!(
            answer.verdict(),
            (400, "unknown_parameter".to_owned()),
            "{method} {path}"
        );
    }
    assert_eq!(
        client.get(&format!("/invoices/{id}")).await.expect(200)["version"],
        1
    );
}

#[tokio::test]
async fn an_id_is_a_uuid_in_lower_case() {
    let client = Stage::client().await;
    let requests = [
        (Method::GET, "/invoices/{}"),
        (Method::PATCH, "/invoices/{}"),
        (Method::DELETE, "/invoices/{}"),
        (Method::PATCH, "/invoices/{}/status"),
        (Method::GET, "/invoices/{}/events"),
        (Method::GET, "/customers/{}"),
        (Method::PATCH, "/customers/{}"),
        (Method::DELETE, "/customers/{}"),
        (Method::DELETE, "/api-keys/{}"),
    ];
    let misspelt = [
        "1",
        "null",
        "0193AAAA-0000-7000-8000-000000000000",
        "%7B0193aaaa-0000-7000-8000-000000000000%7D",
        "%00",
        "..%2f",
    ];
    for (method, pattern) in requests {
        let body = if pattern.ends_with("status") {
            r#"{"status": "sent"}"#
        } else {
            "{}"
        };
        let call = |id: &str| {
            client
                .call(
                    method.clone(),
                    &format!("/api/v1{}", pattern.replace("{}", id)),
                )
                .text(body)
        };
        for id in misspelt {
            let answer = call(id).await;
            assert!(
                matches!(answer.status, 400 | 404),
                "{method} {pattern} {id}: {}",
                answer.text()
            );
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }

        let answer = call(UNKNOWN_ID).await;

        assert_eq!(
            answer.verdict(),
            (404, "not_found".to_owned()),
            "{method} {pattern}"
        );
    }
}
