//! Customers.

mod customer_queries;
mod customer_repository;
mod customer_row;

pub use customer_queries::PgCustomerQueries;
