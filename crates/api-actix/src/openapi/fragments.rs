//! Parameters and headers that many operations share.

use serde_json::{Value, json};
use utoipa::openapi::{
    Header, HeaderBuilder, Object, ObjectBuilder, Ref, RefOr, Required, Schema,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{KnownFormat, SchemaFormat, Type},
};

/// The headers of answers, by the name of their component.
pub(super) const ANSWER_HEADERS: [(&str, &str, &str); 7] = [
    (
        "X-Request-Id",
        "The id of the request",
        "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    ),
    (
        "RateLimit",
        "How many requests may come right now, and in how many seconds the whole quota is there again",
        "\"default\";r=1999;t=1",
    ),
    (
        "RateLimit-Policy",
        "The quota, and in how many seconds it grows from nothing",
        "\"default\";q=2000;w=2",
    ),
    ("ETag", "The version of the resource", "\"1\""),
    (
        "Location",
        "The path of what was made",
        "/api/v1/customers/01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    ),
    (
        "Link",
        "The next piece, and the previous page (RFC 8288)",
        "</api/v1/customers?limit=20&cursor=AQ>; rel=\"next\"",
    ),
    (
        "Idempotency-Replayed",
        "`true` when this is the answer to an earlier request with the same Idempotency-Key",
        "true",
    ),
];

/// A header component.
pub(super) fn header(description: &str, example: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(Object::with_type(Type::String)))
        .description(Some(description))
        .example(Some(Value::from(example)))
        .build()
}

/// `Retry-After` and `WWW-Authenticate` and `Allow` are of one kind of answer each.
pub(super) fn retry_after() -> Header {
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .build();
    HeaderBuilder::new()
        .schema(Some(seconds))
        .description(Some("After how many seconds the request may be repeated"))
        .example(Some(json!(1)))
        .build()
}

/// A reference to a header component.
pub(super) fn header_ref(name: &str) -> RefOr<Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

/// `{id}` in a path.
pub(super) fn path_id(name: &str) -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
        .pattern(Some(
            "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        ));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("The id, in lower case"))
        .schema(Some(schema))
        .example(Some(json!("01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23")))
        .build()
}

/// The place in a list.
pub(super) fn paging() -> [Parameter; 4] {
    let limit = "How many rows; 20 without it. Goes with `cursor`";
    let cursor = "The `next_cursor` of the piece before, with the same filters";
    let page = "Which page, from 1; pages end at the 10,000th row. Goes with `page_size`, not with `cursor` and `limit`";
    let size = "How many rows a page has; 20 without it";
    let text = Object::with_type(Type::String);
    [
        optional(ParameterIn::Query, "limit", number(100), limit).example(Some(json!(20))),
        optional(ParameterIn::Query, "cursor", text, cursor),
        optional(ParameterIn::Query, "page", number(10_000), page).example(Some(json!(1))),
        optional(ParameterIn::Query, "page_size", number(100), size).example(Some(json!(20))),
    ]
    .map(ParameterBuilder::build)
}

/// `Idempotency-Key`. HTTP does not keep spaces around a value, and quotes around nothing are no key.
pub(super) fn idempotency_key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some(
            "^(?!\"\"$)[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$",
        ));
    let description = "Stands for this request and its repetitions: they have one effect and one answer, for 24 hours";
    optional(ParameterIn::Header, "Idempotency-Key", schema, description)
        .example(Some(json!("order-4711")))
        .build()
}

/// `If-Match` or `If-None-Match`.
pub(super) fn condition(name: &str, description: &str) -> Parameter {
    let tag = "(W/)?\"[\\x21\\x23-\\x7e]*\"";
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(format!("^(\\*|{tag}( ?, ?{tag})*)$")));
    optional(ParameterIn::Header, name, schema, description)
        .example(Some(json!("\"1\"")))
        .build()
}

fn number(maximum: u32) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(maximum))
}

fn optional(
    place: ParameterIn,
    name: &str,
    schema: impl Into<RefOr<Schema>>,
    description: &str,
) -> ParameterBuilder {
    // The place goes first: the builder begins in the path, where nothing is optional.
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema.into()))
}
