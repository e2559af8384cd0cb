//! Customers.

mod archive_customer;
mod create_customer;
mod customer_changes;
mod customer_view;
mod revise_customer;

pub use archive_customer::{ArchiveCustomer, ArchiveCustomerError, ArchiveCustomerHandler};
pub use create_customer::{CreateCustomer, CreateCustomerError, CreateCustomerHandler};
pub use customer_changes::CustomerChanges;
pub use customer_view::{AddressView, CustomerView};
pub use revise_customer::{ReviseCustomer, ReviseCustomerError, ReviseCustomerHandler};
