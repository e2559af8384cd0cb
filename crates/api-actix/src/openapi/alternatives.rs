//! Fields of which a body takes one and not the other, in words that generators of clients skip and
//! validators obey.

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};

use super::inspect::Schemas;

/// A body and two of its fields.
struct Alternatives {
    body: &'static str,
    fields: [&'static str; 2],
    takes: Takes,
}

/// How many of two fields a body takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    NotBoth,
    OneOf,
}

const ALL: [Alternatives; 6] = [
    Alternatives {
        body: "NewInvoice",
        fields: ["customer", "customer_id"],
        takes: Takes::OneOf,
    },
    Alternatives {
        body: "InvoiceChanges",
        fields: ["customer", "customer_id"],
        takes: Takes::NotBoth,
    },
    Alternatives {
        body: "NewCharge",
        fields: ["destination_account_id", "source_account_id"],
        takes: Takes::OneOf,
    },
    Alternatives {
        body: "NewCampaign",
        fields: ["amount_minor", "percent_bps"],
        takes: Takes::OneOf,
    },
    Alternatives {
        body: "GiftDestination",
        fields: ["account_id", "user_id"],
        takes: Takes::OneOf,
    },
    Alternatives {
        body: "BlockedCustomer",
        fields: ["customer_id", "email"],
        takes: Takes::OneOf,
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
        let neither = json!({"properties": are(left_out)});
        match self.takes {
            Takes::NotBoth => both,
            Takes::OneOf => json!({"anyOf": [both, neither]}),
        }
    }
}
