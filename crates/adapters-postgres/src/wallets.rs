//! Users and their wallets.

mod user_queries;
mod user_repository;
mod user_row;

pub use user_queries::PgUserQueries;
