//! Customers.

mod archive_customer;
mod create_customer;
mod customer_body;
mod customer_fields;
mod get_customer;
mod list_customers;
mod revise_customer;

use std::sync::Arc;

use app::{
    customers::{ArchiveCustomerHandler, CreateCustomerHandler, ReviseCustomerHandler},
    ports::{Clock, CustomerQueries, IdGenerator},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// What can be done with customers.
pub struct CustomerUseCases {
    pub(crate) create: Arc<CreateCustomerHandler>,
    pub(crate) revise: Arc<ReviseCustomerHandler>,
    pub(crate) archive: Arc<ArchiveCustomerHandler>,
    pub(crate) queries: Arc<dyn CustomerQueries>,
}

impl CustomerUseCases {
    /// The use cases over these ports.
    pub fn new(
        queries: Arc<dyn CustomerQueries>,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn IdGenerator>,
    ) -> Self {
        let (clock, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            create: Arc::new(CreateCustomerHandler::new(clock(), ids())),
            revise: Arc::new(ReviseCustomerHandler::new(clock(), ids())),
            archive: Arc::new(ArchiveCustomerHandler::new(clock(), ids())),
            queries,
        }
    }
}

pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(create_customer::create_customer)
        .service(list_customers::list_customers)
        .service(get_customer::get_customer)
        .service(revise_customer::revise_customer)
        .service(archive_customer::archive_customer);
}

#[cfg(test)]
mod tests;
