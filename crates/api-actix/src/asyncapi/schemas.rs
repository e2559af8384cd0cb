//! The schemas of the data: those of the API, under the words for kinds of aggregates.

use app::ports::AggregateKind;
use serde_json::{Map, Value, json};

use super::envelope;

type Schemas = Map<String, Value>;

const REFERENCE: &str = "#/components/schemas/";

/// Where the data of a kind of aggregate is described in the contract of the API, and what of it an event cannot tell: what
/// depends on when it is read, on transfers, or on personal data.
enum Source {
    Resource(&'static str, &'static [&'static str]),
    Own(fn() -> Value),
}

const fn source(kind: AggregateKind) -> Source {
    match kind {
        AggregateKind::Organization => Source::Resource("Organization", &[]),
        AggregateKind::ApiKey => Source::Own(api_key),
        AggregateKind::Customer => Source::Resource("Customer", &[]),
        AggregateKind::Invoice => Source::Resource("Invoice", &["is_overdue"]),
        AggregateKind::Account => Source::Resource(
            "Account",
            &["balance_minor", "held_minor", "available_minor"],
        ),
        AggregateKind::Transfer => Source::Resource("Transfer", &[]),
        AggregateKind::Hold => Source::Resource("Hold", &[]),
        AggregateKind::Payment => Source::Resource("Payment", &["unknown_for_seconds"]),
        AggregateKind::Refund => Source::Resource("Refund", &[]),
        AggregateKind::User => Source::Resource("User", &["dni"]),
        AggregateKind::Webhook => Source::Resource("Webhook", &[]),
        AggregateKind::Campaign => Source::Resource("Campaign", &[]),
        AggregateKind::Voucher => Source::Resource("Voucher", &[]),
        AggregateKind::Redemption => Source::Resource("Redemption", &[]),
        AggregateKind::VoucherBlock => Source::Resource("VoucherBlock", &[]),
    }
}

/// A key tells little of itself, and least of all its secret.
fn api_key() -> Value {
    json!({
        "type": "object",
        "description": "An API key. Once it is revoked, only its id is told.",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "Which one."},
            "name": {"$ref": format!("{REFERENCE}ApiKeyName")},
            "scopes": {"type": "array", "items": {"$ref": format!("{REFERENCE}ScopeName")}},
            "expires_at": {"oneOf": [{"$ref": format!("{REFERENCE}Instant")}, {"type": "null"}]},
        },
    })
}

/// All that are needed.
pub(super) fn all() -> Schemas {
    let of_api = schemas_of_api();
    let mut all = Schemas::new();
    all.insert(envelope::NAME.to_owned(), envelope::schema());
    for kind in AggregateKind::ALL {
        let schema = match source(kind) {
            Source::Own(schema) => schema(),
            Source::Resource(name, left_out) => {
                let mut schema = flattened(&of_api, name);
                leave_out(&mut schema, left_out);
                schema
            }
        };
        all.insert(kind.code().to_owned(), schema);
    }
    add_referred(&mut all, &of_api);
    all.values_mut().for_each(tell_examples);
    all
}

fn schemas_of_api() -> Schemas {
    let components = crate::openapi().components.unwrap_or_default();
    match json!(components.schemas) {
        Value::Object(schemas) => schemas,
        _ => Schemas::new(),
    }
}

/// A schema that is put together of several, as one.
fn flattened(of_api: &Schemas, name: &str) -> Value {
    let mut schema = of_api.get(name).cloned().unwrap_or_default();
    let Some(Value::Array(parts)) = schema.as_object_mut().and_then(|it| it.remove("allOf")) else {
        return schema;
    };
    let (mut required, mut properties) = (Vec::new(), Schemas::new());
    for part in &parts {
        let part = match referred(part) {
            Some(name) => flattened(of_api, name),
            None => part.clone(),
        };
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
    }
    schema["type"] = json!("object");
    schema["required"] = Value::Array(required);
    schema["properties"] = Value::Object(properties);
    schema
}

fn leave_out(schema: &mut Value, fields: &[&str]) {
    let is_left_out = |name: &str| fields.contains(&name);
    for part in ["properties", "example"] {
        if let Some(part) = schema[part].as_object_mut() {
            part.retain(|name, _| !is_left_out(name));
        }
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| !name.as_str().is_some_and(is_left_out));
    }
}

/// Adds the schemas of the API that others refer to, directly or not.
fn add_referred(all: &mut Schemas, of_api: &Schemas) {
    let mut waiting: Vec<Value> = all.values().cloned().collect();
    while let Some(schema) = waiting.pop() {
        let mut names = Vec::new();
        collect_referred(&schema, &mut names);
        for name in names {
            if let (false, Some(found)) = (all.contains_key(&name), of_api.get(&name)) {
                all.insert(name, found.clone());
                waiting.push(found.clone());
            }
        }
    }
}

fn collect_referred(value: &Value, into: &mut Vec<String>) {
    into.extend(referred(value).map(str::to_owned));
    match value {
        Value::Object(fields) => fields.values().for_each(|it| collect_referred(it, into)),
        Value::Array(items) => items.iter().for_each(|it| collect_referred(it, into)),
        _ => {}
    }
}

fn referred(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix(REFERENCE)
}

/// OpenAPI has one example for a schema, JSON Schema a list of them.
fn tell_examples(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut()
        && let Some(example) = fields.remove("example")
    {
        fields.insert("examples".to_owned(), json!([example]));
    }
}
