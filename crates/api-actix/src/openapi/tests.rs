//! The contract holds together, and the service keeps it.

mod fields;

use std::collections::BTreeSet;

use actix_web::{http::Method, test::TestRequest};
use domain::platform::Scope;
use serde_json::{Value, json};

use crate::testing::{Bench, knowing};

fn document() -> Value {
    serde_json::to_value(crate::openapi()).unwrap()
}

/// Method, path and operation of each.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let of = |(path, item): (&String, &Value)| {
        let operations = item.as_object().unwrap().clone().into_iter();
        let path = path.clone();
        operations.map(move |(method, operation)| (method, path.clone(), operation))
    };
    paths.flat_map(of).collect()
}

fn request(method: &str, path: &str) -> TestRequest {
    let path = path
        .replace("{id}", "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23")
        .replace("{slug}", "not-found");
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    TestRequest::with_uri(&path).method(method)
}

#[test]
fn it_is_openapi_3_1() {
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn the_document_in_docs_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let written = std::fs::read_to_string(path).unwrap();

    let written: Value = serde_json::from_str(&written).unwrap();

    assert!(
        written == document(),
        "docs/openapi.json is out of date: run `cargo xtask openapi`, and look at the difference"
    );
}

#[test]
fn every_operation_is_described() {
    let document = document();
    let mut ids = BTreeSet::new();

    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{name}"));
        assert!(ids.insert(id.to_owned()), "{id} is there twice");
        assert!(operation["summary"].is_string(), "{name} has no summary");
        assert_eq!(
            operation["tags"].as_array().map(Vec::len),
            Some(1),
            "{name} has not one tag"
        );
        assert!(
            operation["security"].is_array(),
            "{name} says nothing of keys"
        );
        for status in ["400", "406", "500", "503"] {
            assert!(
                operation["responses"][status].is_object(),
                "{name} has no {status}"
            );
        }
        if path.starts_with("/api/v1") {
            for status in ["401", "403"] {
                assert!(
                    operation["responses"][status].is_object(),
                    "{name} has no {status}"
                );
            }
        }
        assert_eq!(
            operation["responses"]["429"].is_object(),
            !path.starts_with("/health"),
            "{name}"
        );
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(parameter["description"].is_string(), "{name}: {parameter}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect_references(&document, &mut references);

    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect_references(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            into.extend(
                fields
                    .get("$ref")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
            fields
                .values()
                .for_each(|value| collect_references(value, into));
        }
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect_references(value, into)),
        _ => {}
    }
}

#[test]
fn every_body_has_an_example_and_request_bodies_are_closed() {
    let document = document();
    let referred = |schema: &Value| {
        let reference = schema["$ref"].as_str()?.strip_prefix('#')?;
        document.pointer(reference).cloned()
    };
    let schema = |content: &Value| referred(&content["schema"]);

    for (method, path, operation) in operations(&document) {
        let json = "application/json";
        if let Some(schema) = schema(&operation["requestBody"]["content"][json]) {
            let sorts = schema["oneOf"].as_array().into_iter().flatten();
            let sorts: Vec<_> = sorts.filter_map(referred).collect();
            let bodies = if sorts.is_empty() {
                vec![schema]
            } else {
                sorts
            };
            for body in bodies {
                assert!(
                    body["example"].is_object(),
                    "{method} {path} has no example of its body"
                );
                assert_eq!(
                    body["additionalProperties"], false,
                    "{method} {path} takes anything"
                );
            }
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let is_list = |schema: &Value| schema["properties"]["data"].is_object();
            if let Some(schema) = schema(&response["content"][json]) {
                let is_shown = schema["example"].is_object() || is_list(&schema);
                assert!(is_shown, "{method} {path} {status} has no example");
            }
        }
    }
}

#[test]
fn only_what_is_in_the_path_and_the_key_of_what_moves_money_must_be_there() {
    for (method, path, operation) in operations(&document()) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = &parameter["name"];
            let codes = &operation["responses"]["400"]["x-problem-codes"];
            // An account may begin without money, and then without a key.
            let is_key = name == "Idempotency-Key"
                && codes.to_string().contains("key_required")
                && path != "/api/v1/accounts";
            // Users are found by name, and not listed.
            let is_name = (path.as_str(), name.as_str()) == ("/api/v1/users", Some("username"));
            // What vouchers would give depends on what is in the cart.
            let is_cart = path == "/api/v1/vouchers/applicable"
                && matches!(name.as_str(), Some("currency" | "total_minor"));
            let must_be_there = parameter["in"] == "path" || is_key || is_name || is_cart;
            assert_eq!(
                parameter["required"], must_be_there,
                "{method} {path} {name}"
            );
        }
    }
}

#[actix_web::test]
async fn no_operation_takes_a_parameter_that_it_does_not_know() {
    for (method, path, _) in operations(&document()) {
        let request = request(&method, &format!("{path}?nonsense=1"))
            .insert_header(("content-type", "application/json"))
            .set_payload("{}");

        let got = Bench::new().send(request).await;

        let faults = got.faults();
        let unknown = ("nonsense".to_owned(), "unknown_parameter".to_owned());
        assert!(faults.contains(&unknown), "{method} {path} {faults:?}");
    }
}

#[actix_web::test]
async fn every_operation_asks_for_the_scope_that_it_declares() {
    for (method, path, operation) in operations(&document()) {
        let Some(declared) = operation["security"][0]["api_key"][0].as_str() else {
            assert!(
                !path.starts_with("/api/v1"),
                "{method} {path} declares no scope"
            );
            continue;
        };
        let others: Vec<_> = Scope::all()
            .filter(|scope| *scope != Scope::All)
            .map(|scope| scope.to_string())
            .filter(|scope| scope != declared)
            .collect();
        let others: Vec<_> = others.iter().map(String::as_str).collect();
        let bench = Bench::new().with(|parts| parts.authenticator = knowing(&others));

        let got = bench.send(request(&method, &path)).await;

        assert_eq!(
            got.problem(),
            (403, "insufficient_scope".to_owned()),
            "{method} {path}"
        );
        let detail = format!("the API key lacks the scope {declared}");
        assert_eq!(got.json()["detail"], detail.as_str(), "{method} {path}");
    }
}

#[test]
fn a_single_resource_follows_its_versions() {
    let document = document();
    let get = &document["paths"]["/api/v1/organization"]["get"];
    let patch = &document["paths"]["/api/v1/organization"]["patch"];
    let names = |operation: &Value| {
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        parameters
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };

    assert_eq!(names(get), ["If-None-Match"]);
    assert!(get["responses"]["304"].is_object());
    assert!(get["responses"]["200"]["headers"]["ETag"].is_object());
    assert_eq!(names(patch), ["Idempotency-Key", "If-Match"]);
    assert!(patch["responses"]["412"].is_object());
    let codes = &patch["responses"]["409"]["x-problem-codes"];
    assert_eq!(
        *codes,
        serde_json::json!(["idempotency_in_progress", "concurrent_change"])
    );
}

#[test]
fn values_are_told_exactly() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let currencies = schemas["CurrencyCode"]["enum"].as_array().unwrap();

    assert!(currencies.contains(&"EUR".into()) && !currencies.contains(&"XXX".into()));
    assert!(currencies.len() > 140);
    assert_eq!(schemas["Name"]["maxLength"], 255);
    assert_eq!(schemas["ScopeName"]["enum"].as_array().unwrap().len(), 23);
}

#[test]
fn who_pays_is_named_in_one_way() {
    let document = document();
    let refused = |name: &str| document["components"]["schemas"][name]["not"].clone();

    let given = json!({"not": {"type": "null"}});
    let both = |one: &str, other: &str| json!({"required": [one, other], "properties": {one: given, other: given}});
    let neither = |one: &str, other: &str| json!({"properties": {one: {"type": "null"}, other: {"type": "null"}}});
    let not_one = |one, other| json!({"anyOf": [both(one, other), neither(one, other)]});
    assert_eq!(refused("NewInvoice"), not_one("customer", "customer_id"));
    assert_eq!(refused("BlockedCustomer"), not_one("customer_id", "email"));
    assert_eq!(refused("InvoiceChanges"), both("customer", "customer_id"));
}
