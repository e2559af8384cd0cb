//! Rules about more than one field of a body.

use serde_json::json;
use tests::{Stage, invoice};

#[tokio::test]
async fn the_customer_of_an_invoice_is_one_that_there_is_or_one_written_out() {
    let client = Stage::client().await;
    let unknown = "0193aaaa-0000-7000-8000-000000000000";
    let cases = [
        (json!({}), "/customer", "required"),
        (
            json!({"customer_id": null, "customer": null}),
            "/customer",
            "required",
        ),
        (
            json!({"customer_id": unknown, "customer": {"name": "Ada"}}),
            "/customer",
            "conflict",
        ),
        (
            json!({"customer_id": "1"}),
            "/customer_id",
            "invalid_format",
        ),
        (json!({"customer_id": 1}), "/customer_id", "wrong_type"),
        (json!({"customer": "Ada"}), "/customer", "wrong_type"),
    ];
    for (who, pointer, code) in cases {
        let mut body = invoice();
        body.as_object_mut().unwrap().remove("customer");
        body.as_object_mut()
            .unwrap()
            .extend(who.as_object().unwrap().clone());

        let answer = client.post("/invoices", &body).await;

        assert_eq!(
            answer.verdict(),
            (400, "validation_failed".to_owned()),
            "{who}"
        );
        assert_eq!(
            answer.faults(),
            [(pointer.to_owned(), code.to_owned())],
            "{who}"
        );
    }
}

#[tokio::test]
async fn a_body_has_to_be_an_object() {
    let client = Stage::client().await;
    for body in [
        json!(null),
        json!([]),
        json!("x"),
        json!(7),
        json!([invoice()]),
    ] {
        let answer = client.post("/invoices", &body).await;

        assert_eq!(
            answer.verdict(),
            (400, "validation_failed".to_owned()),
            "{body}"
        );
        assert_eq!(answer.faults(), [(String::new(), "wrong_type".to_owned())]);
    }
}
