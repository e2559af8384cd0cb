//! `GET /api/v1/customers/{id}`

use actix_web::{get, web};
use domain::ids::CustomerId;

use super::customer_body::CustomerBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadCustomers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get a customer
///
/// An archived one as well.
#[utoipa::path(
    tag = "customers",
    operation_id = "getCustomer",
    security(("api_key" = ["customers:read"])),
    responses((status = 200, description = "The customer", body = CustomerBody))
)]
#[get("/customers/{id}")]
pub(super) async fn get_customer(
    caller: Caller<ReadCustomers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", CustomerId::from_uuid))?;
    let found = api
        .customers
        .queries
        .find(caller.organization_id(), id)
        .await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no customer {id}"));
    let facts = found.ok_or_else(unknown)?;
    Ok(Answer::single(facts.version, &CustomerBody::from(&facts)))
}
