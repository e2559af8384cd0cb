//! Organizations, keys, events, answers, and who is at work on what.

mod api_key_queries;
mod api_key_repository;
mod api_key_row;
mod idempotency_keys;
mod many_keys;
mod organization_queries;
mod organization_repository;
mod organization_row;
mod outbox;
mod service_secrets;
mod work_leases;

pub use api_key_queries::PgApiKeyQueries;
pub(crate) use idempotency_keys::DRAFT_AND_REMEMBER_SQL;
pub use organization_queries::PgOrganizationQueries;
pub(crate) use outbox::actor_parts;
pub use service_secrets::PgServiceSecrets;
pub use work_leases::PgWorkLeases;
