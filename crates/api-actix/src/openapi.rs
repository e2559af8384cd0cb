//! The contract: OpenAPI 3.1, made from the endpoints.
//!
//! An endpoint declares what is its own: its id, its body, its parameters, its success, and its [`refusals`]. What follows
//! from its form is added by [`complete`]: the parameters in its path, the headers it honours, the paging of a list, and
//! every other status that it can answer. That goes by these rules:
//!
//! - below `/api/v1` a key is needed: 401, 403;
//! - requests are counted, but for health checks and the notices of providers: 429;
//! - a POST or PATCH takes `Idempotency-Key`; it is required where the refusals say so;
//! - a body with a required `version` is a single resource: it has an `ETag`, its GET takes `If-None-Match`, and PATCH, PUT
//!   and DELETE on its path, or answering with it, take `If-Match`;
//! - a POST whose body has no required field can be sent without one;
//! - an answer of [`crate::listing::ListOf`] takes `limit`, `cursor`, `page` and `page_size`;
//! - request bodies know no other fields than those they declare.

mod alternatives;
mod complete;
mod form;
mod fragments;
mod inspect;
mod kinds;

use utoipa::openapi::{
    Components, ContactBuilder, Info, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr,
    Response,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    tag::TagBuilder,
};

pub(crate) use self::complete::complete;
use crate::problem::ProblemKind;

/// The name of the security scheme.
pub(crate) const API_KEY: &str = "api_key";

/// The document before any endpoint is in it.
pub(crate) fn base() -> OpenApi {
    let mut components = Components::new();
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("tsk_…")
        .description(Some("An API key: `Authorization: Bearer tsk_…`"))
        .build();
    components.add_security_scheme(API_KEY, SecurityScheme::Http(scheme));
    let tags = [
        ("invoicing", "Invoices, their life cycle and their numbers"),
        ("customers", "Who invoices are for"),
        (
            "ledger",
            "Accounts, and the transfers between them: the only place where money moves",
        ),
        (
            "payments",
            "Money that moves between accounts or through a provider, and what of it is given back",
        ),
        (
            "vouchers",
            "Campaigns, and the codes that take something off invoices or bring money",
        ),
        ("wallets", "Users, and the money they pay each other"),
        ("events", "What has happened, as a feed and as a stream"),
        (
            "webhooks",
            "Events that are sent to addresses of yours, signed as Standard Webhooks",
        ),
        ("platform", "The organization and its API keys"),
        (
            "service",
            "The service itself: health and problems. No key needed",
        ),
    ];
    let tag = |(name, description)| {
        TagBuilder::new()
            .name(name)
            .description(Some(description))
            .build()
    };
    OpenApiBuilder::new()
        .info(info())
        .tags(Some(tags.map(tag)))
        .components(Some(components))
        .build()
}

fn info() -> Info {
    InfoBuilder::new()
        .title("Tallystick")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .contact(Some(ContactBuilder::new().name(Some("Tallystick")).build()))
        .build()
}

const DESCRIPTION: &str = "\
A self-hosted billing backend.

**Money** is an integer in the currency's minor unit, in fields that end in `_minor`. Integers are written without fraction \
and exponent. **Instants** are RFC 3339 in UTC. \
Absent optional fields are answered as `null`.

**Errors** are problem documents (RFC 9457); programs decide by `code`, which `/problems` explains. A faulty request is \
told all its faults at once in `errors`. Unknown fields and parameters are refused. Only what is no HTTP request at all (400), has \
more than 96 header fields or 128 KiB of them (431), or takes too long to send its head (408) gets a status without a body.

**Writing safely**: send an `Idempotency-Key` with every POST and PATCH, and repeat the request under the same key until it \
is answered: there will be one effect and one answer. Send `If-Match` with the `ETag` that you have read, and nobody's change \
is overwritten.

**Lists** come in pieces: with `limit` and `cursor` for programs, with `page` and `page_size` for people.

An `X-Request-Id` (1 to 128 of `A-Z a-z 0-9 _ . -`) is taken over, answered, and written to every line of the log.";

/// The refusals of these kinds as responses, for `responses(…)` of an endpoint. See [`refusals`].
pub(crate) fn refused(
    kinds: &[&'static ProblemKind],
) -> std::collections::BTreeMap<String, RefOr<Response>> {
    kinds::by_status(kinds.iter().copied())
        .into_iter()
        .map(|(status, kinds)| (status, kinds::response(&kinds).into()))
        .collect()
}

/// Names the problems that an endpoint can answer by its own rules, so that the contract lists them:
/// `refusals!(CreateCustomerRefusals: ALREADY_EXISTS);` and then `responses(…, CreateCustomerRefusals)`.
macro_rules! refusals {
    ($name:ident: $($kind:ident),+ $(,)?) => {
        pub(super) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::openapi::refused(&[$(&$crate::problem::catalogue::$kind),+])
            }
        }
    };
}
pub(crate) use refusals;

#[cfg(test)]
mod tests;
