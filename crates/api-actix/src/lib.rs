//! The HTTP API: REST over actix-web, problem documents, OpenAPI and the page that shows it.
//!
//! # An endpoint
//! is one file: a handler of three steps (read, execute, show), its OpenAPI beside it, and the mapping of its errors. What
//! several endpoints of a context read or show is in files of its own; the `tests` of the context see each from outside.
//!
//! ```ignore
//! //! `POST /api/v1/customers`
//!
//! /// Register a customer
//! #[utoipa::path(
//!     tag = "customers",
//!     operation_id = "createCustomer",
//!     security(("api_key" = ["customers:write"])),
//!     request_body = NewCustomer,
//!     responses((status = 201, description = "The customer", body = CustomerBody), Refusals)
//! )]
//! #[post("/customers")]
//! pub(super) async fn create_customer(
//!     caller: Caller<WriteCustomers>,   // first: 401 and 403 come before 400
//!     api: web::Data<Api>,
//!     request: Request,                 // last: it waits for the body
//! ) -> Result<Answer, Problem> {
//!     let profile = request.read(|input| input.body(new_customer))?;
//!     let command = CreateCustomer { caller: caller.acting(), profile };
//!     request.execute(&api.customers.create, command, created).await
//! }
//!
//! fn created(facts: &CustomerFacts) -> Answer {
//!     let location = format!("/api/v1/customers/{}", facts.id);
//!     Answer::created(&location, facts.version, &CustomerBody::from(facts))
//! }
//!
//! crate::openapi::refusals!(Refusals: ALREADY_EXISTS);
//!
//! impl From<&CreateCustomerError> for Problem {
//!     fn from(error: &CreateCustomerError) -> Self {
//!         match error {
//!             CreateCustomerError::AlreadyExists => Self::of(&ALREADY_EXISTS).because(error),
//!             CreateCustomerError::Storage(error) => Self::from(error),
//!         }
//!     }
//! }
//! ```
//!
//! What is not written there is done for all endpoints alike: limits, ids, logs and metrics by the [gate](mod@self), the
//! common refusals, headers and parameters of the contract by [`openapi`].

pub mod answer;
pub mod api;
mod asyncapi;
pub mod caller;
pub mod customers;
mod docs;
mod events;
mod execute;
mod gate;
pub mod health;
pub mod input;
pub mod invoicing;
pub mod ledger;
pub mod listing;
mod openapi;
mod payments;
pub mod platform;
pub mod problem;
pub mod provider_notices;
mod routes;
pub mod schemas;
mod surface;
mod vouchers;
pub mod wallets;
pub mod webhooks;

pub use api::{Api, HttpSettings, Parts};
pub use asyncapi::asyncapi;
pub use gate::{AllowedOrigins, NotAnOrigin};
pub use surface::{application, openapi};

#[cfg(test)]
mod testing;
