//! `DELETE /api/v1/customers/{id}`

use actix_web::{delete, web};
use app::customers::{ArchiveCustomer, ArchiveCustomerError};
use domain::ids::CustomerId;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteCustomers},
    input::Request,
    problem::{
        Problem,
        catalogue::{NOT_FOUND, VERSION_CONFLICT},
    },
};

/// Archive a customer
///
/// It disappears from lists and takes no new invoices; its invoices stay.
#[utoipa::path(
    tag = "customers",
    operation_id = "deleteCustomer",
    security(("api_key" = ["customers:write"])),
    responses((status = 204, description = "It is archived"))
)]
#[delete("/customers/{id}")]
pub(super) async fn archive_customer(
    caller: Caller<WriteCustomers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition) = request.read(|input| {
        let id = input.id("id", CustomerId::from_uuid);
        let precondition = input.if_match();
        Some((id?, precondition?))
    })?;
    let command = ArchiveCustomer {
        caller: caller.acting(),
        id,
        precondition,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.customers.archive, command, show).await
}

impl From<&ArchiveCustomerError> for Problem {
    fn from(error: &ArchiveCustomerError) -> Self {
        match error {
            ArchiveCustomerError::NotFound(_) | ArchiveCustomerError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            ArchiveCustomerError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            ArchiveCustomerError::Storage(error) => Self::from(error),
        }
    }
}
