//! Objects and lists.

use serde_json::{Value, json};
use tests::line;

use super::{Example, wrong_types};

pub(super) fn metadata() -> Vec<Example> {
    let entries = |count: usize| {
        (0..count)
            .map(|n| (format!("key {n:02}"), json!("v")))
            .collect::<Value>()
    };
    let one = |key: &str, value: Value| Value::from_iter([(key.to_owned(), value)]);
    let mut examples = wrong_types(&[json!(7), json!("x"), json!([]), json!(true)]);
    examples.extend([
        Example::refused_below(one("k", json!(7)), "/k", "wrong_type"),
        Example::refused_below(one("k", json!(null)), "/k", "wrong_type"),
        Example::refused_below(one("k", json!({"deep": 1})), "/k", "wrong_type"),
        Example::refused_below(one("k", json!("x".repeat(501))), "/k", "too_long"),
        Example::refused_below(one("k", json!("a\u{202e}b")), "/k", "forbidden_character"),
        Example::refused_below(one("k", json!("a\nb")), "/k", "forbidden_character"),
        Example::refused_below(one("", json!("v")), "/", "empty"),
        Example::refused_below(
            one("a/b~c\u{7}", json!("v")),
            "/a~1b~0c\u{7}",
            "forbidden_character",
        ),
        Example::refused_below(entries(21), "/key 20", "too_long"),
        Example::accepted(entries(20)),
        Example::accepted(one(&"😀".repeat(40), json!("😀".repeat(500)))),
        Example::accepted(one("k", json!(""))),
        Example::accepted(json!({})),
    ]);
    examples
}

pub(super) fn scopes() -> Vec<Example> {
    let mut examples = wrong_types(&[json!(7), json!("*"), json!({}), json!(true)]);
    examples.extend([
        Example::refused(json!([]), "empty"),
        Example::refused_below(json!(["*", 7]), "/1", "wrong_type"),
        Example::refused_below(json!(["invoices"]), "/0", "unsupported_value"),
        Example::refused_below(
            json!(["invoices:read", "invoices:erase"]),
            "/1",
            "unsupported_value",
        ),
        Example::refused_below(json!([null]), "/0", "wrong_type"),
        Example::accepted(json!(["invoices:read", "invoices:write"])),
        Example::accepted_as(
            json!(["invoices:read", "invoices:read"]),
            json!(["invoices:read"]),
        ),
    ]);
    examples
}

pub(super) fn lines() -> Vec<Example> {
    let many = |count: usize| json!(vec![line(1, 1, 0); count]);
    let mut examples = wrong_types(&[json!(7), json!("x"), json!({}), json!(true)]);
    examples.extend([
        Example::refused(json!([]), "empty"),
        Example::refused(many(1_001), "too_long"),
        Example::refused_below(json!([null]), "/0", "wrong_type"),
        Example::refused_below(json!([line(1, 1, 0), []]), "/1", "wrong_type"),
        Example {
            answered: None,
            ..Example::accepted(many(1_000))
        },
    ]);
    examples
}
