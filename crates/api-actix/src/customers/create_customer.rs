//! `POST /api/v1/customers`

use actix_web::{post, web};
use app::customers::{CreateCustomer, CreateCustomerError};
use domain::customers::CustomerFacts;

use super::{
    customer_body::CustomerBody,
    customer_fields::{NewCustomer, new_customer},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteCustomers},
    input::Request,
    problem::{Problem, catalogue::ALREADY_EXISTS},
};

/// Register a customer
#[utoipa::path(
    tag = "customers",
    operation_id = "createCustomer",
    security(("api_key" = ["customers:write"])),
    request_body = NewCustomer,
    responses((status = 201, description = "The customer", body = CustomerBody), Refusals)
)]
#[post("/customers")]
pub(super) async fn create_customer(
    caller: Caller<WriteCustomers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let profile = request.read(|input| input.body(new_customer))?;
    let command = CreateCustomer {
        caller: caller.acting(),
        profile,
    };
    request
        .execute(&api.customers.create, command, created)
        .await
}

fn created(facts: &CustomerFacts) -> Answer {
    let location = format!("/api/v1/customers/{}", facts.id);
    Answer::created(&location, facts.version, &CustomerBody::from(facts))
}

crate::openapi::refusals!(Refusals: ALREADY_EXISTS);

impl From<&CreateCustomerError> for Problem {
    fn from(error: &CreateCustomerError) -> Self {
        match error {
            CreateCustomerError::AlreadyExists => Self::of(&ALREADY_EXISTS).because(error),
            CreateCustomerError::Storage(error) => Self::from(error),
        }
    }
}
