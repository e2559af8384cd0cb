//! `GET /api/v1/customers`

use actix_web::{get, web};
use app::ports::CustomerFilter;
use domain::values::{EmailAddress, ExternalId};

use super::customer_body::CustomerBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadCustomers},
    input::{Input, Request, search_text},
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the customers
///
/// Those that are not archived, newest first.
#[utoipa::path(
    tag = "customers",
    operation_id = "listCustomers",
    security(("api_key" = ["customers:read"])),
    params(
        ("email" = Option<schemas::EmailAddress>, Query, description = "With exactly this address, whatever the case of its letters"),
        ("external_id" = Option<schemas::ExternalId>, Query, description = "With exactly this external id"),
        ("q" = Option<schemas::SearchText>, Query, description = "Whose name contains this, whatever the case of its letters"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<CustomerBody>))
)]
#[get("/customers")]
pub(super) async fn list_customers(
    caller: Caller<ReadCustomers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| {
        let filter = read_filter(input);
        let window = input.window();
        Some((filter?, window?))
    })?;
    let customers = api
        .customers
        .queries
        .list(caller.organization_id(), &filter, window)
        .await?;
    Ok(request.list(window, customers, |facts| CustomerBody::from(&facts)))
}

fn read_filter(input: &mut Input<'_>) -> Option<CustomerFilter> {
    let email = input.parameter("email", EmailAddress::parse);
    let external_id = input.parameter("external_id", ExternalId::parse);
    let name_contains = input.parameter("q", search_text);
    Some(CustomerFilter {
        email: email?,
        external_id: external_id?,
        name_contains: name_contains?,
    })
}
