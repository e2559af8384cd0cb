//! Customers: who gets the invoices.

mod customer;

pub use customer::{Customer, CustomerArchived, CustomerEvent, CustomerFacts, CustomerProfile};
