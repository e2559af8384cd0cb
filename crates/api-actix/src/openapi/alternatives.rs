//! Fields of which a body takes one and not the other, in words that generators of clients skip and validators obey.

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};

use super::inspect::Schemas;

/// A body and two of its fields.
struct Alternatives {
    body: &'static str,
    fields: [&'static str; 2],
    /// Whether one of them is needed.
    is_needed: bool,
}

const ALL: [Alternatives; 3] = [
    Alternatives {
        body: "NewInvoice",
        fields: ["customer", "customer_id"],
        is_needed: true,
    },
    Alternatives {
        body: "InvoiceChanges",
        fields: ["customer", "customer_id"],
        is_needed: false,
    },
    Alternatives {
        body: "NewCharge",
        fields: ["destination_account_id", "source_account_id"],
        is_needed: true,
    },
];

/// Says it in the schemas of the bodies.
pub(super) fn state(schemas: &mut Schemas) {
    for alternatives in &ALL {
        if let Some(RefOr::T(Schema::Object(body))) = schemas.get_mut(alternatives.body) {
            // What utoipa calls extensions are further keywords of the schema; it has no `not` of its own.
            let keywords = body.extensions.get_or_insert_default();
            keywords.insert("not".to_owned(), alternatives.what_is_refused());
        }
    }
}

impl Alternatives {
    fn what_is_refused(&self) -> Value {
        let [one, other] = self.fields;
        let are = |schema: Value| json!({one: schema, other: schema});
        let left_out = json!({"type": "null"});
        let both = json!({"required": self.fields, "properties": are(json!({"not": left_out}))});
        if self.is_needed {
            let neither = json!({"properties": are(left_out)});
            json!({"anyOf": [both, neither]})
        } else {
            both
        }
    }
}
