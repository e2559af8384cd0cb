//! Organizations, keys, events and answers.

mod api_key_queries;
mod api_key_repository;
mod api_key_row;
mod idempotency_keys;
mod organization_queries;
mod organization_repository;
mod organization_row;
mod outbox;
mod service_secrets;

pub use api_key_queries::PgApiKeyQueries;
pub use organization_queries::PgOrganizationQueries;
pub use service_secrets::PgServiceSecrets;
