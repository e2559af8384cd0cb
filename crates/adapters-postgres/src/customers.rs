//! Customers.

mod customer_queries;
mod customer_repository;
mod customer_row;
mod customer_search;

pub use customer_queries::PgCustomerQueries;
