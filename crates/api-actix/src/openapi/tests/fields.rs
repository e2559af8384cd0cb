//! Every field of every body is explained.

use serde_json::Value;

use super::document;

/// The fields of the objects in a schema, with where they stand.
fn fields<'a>(schema: &'a Value, place: &str, into: &mut Vec<(String, &'a Value)>) {
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let place = format!("{place}/{name}");
        fields(field, &place, into);
        into.push((place, field));
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fields(part, place, into);
    }
}

#[test]
fn every_field_is_described() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut all = Vec::new();
    for (name, schema) in schemas {
        fields(schema, name, &mut all);
    }

    for (place, field) in all {
        assert!(is_described(field), "{place} is not described: {field}");
    }
}

/// Where a field may be `null`, what else it may be is described.
fn is_described(field: &Value) -> bool {
    let mut kinds = field["oneOf"].as_array().into_iter().flatten();
    field["description"].is_string() || kinds.any(|kind| kind["description"].is_string())
}
