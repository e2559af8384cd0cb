//! `PATCH /api/v1/customers/{id}`

use actix_web::{patch, web};
use app::customers::{ReviseCustomer, ReviseCustomerError};
use domain::{customers::CustomerFacts, ids::CustomerId};

use super::{
    customer_body::CustomerBody,
    customer_fields::{ChangedCustomer, customer_changes},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteCustomers},
    input::Request,
    problem::{
        Problem,
        catalogue::{ALREADY_EXISTS, NOT_FOUND, VERSION_CONFLICT},
    },
};

/// Change a customer
///
/// Invoices that it is on stay as they are.
#[utoipa::path(
    tag = "customers",
    operation_id = "updateCustomer",
    security(("api_key" = ["customers:write"])),
    request_body = ChangedCustomer,
    responses((status = 200, description = "The customer as it is now", body = CustomerBody), Refusals)
)]
#[patch("/customers/{id}")]
pub(super) async fn revise_customer(
    caller: Caller<WriteCustomers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition, changes) = request.read(|input| {
        let id = input.id("id", CustomerId::from_uuid);
        let precondition = input.if_match();
        let changes = input.body(customer_changes);
        Some((id?, precondition?, changes?))
    })?;
    let command = ReviseCustomer {
        caller: caller.acting(),
        id,
        precondition,
        changes,
    };
    let show = |facts: &CustomerFacts| Answer::single(facts.version, &CustomerBody::from(facts));
    request.execute(&api.customers.revise, command, show).await
}

crate::openapi::refusals!(Refusals: ALREADY_EXISTS);

impl From<&ReviseCustomerError> for Problem {
    fn from(error: &ReviseCustomerError) -> Self {
        match error {
            // An archived customer is one that is not there any more to be changed.
            ReviseCustomerError::NotFound(_) | ReviseCustomerError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            ReviseCustomerError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            ReviseCustomerError::AlreadyExists => Self::of(&ALREADY_EXISTS).because(error),
            ReviseCustomerError::Storage(error) => Self::from(error),
        }
    }
}
