//! `GET /api/v1/payments`

use actix_web::{get, web};
use api_shared::payments::payment_filter;

use super::payment_body::PaymentBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadPayments},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the payments
///
/// Newest first. `status=unknown` lists those of which nobody knows whether the money has moved, with their age.
#[utoipa::path(
    tag = "payments",
    operation_id = "listPayments",
    security(("api_key" = ["payments:read"])),
    params(
        ("status" = Option<Vec<schemas::PaymentStatusName>>, Query, description = "That stand there; may be given several times"),
        ("provider" = Option<schemas::ProviderNameText>, Query, description = "Through this provider"),
        ("account_id" = Option<uuid::Uuid>, Query, description = "From or to this account"),
        ("invoice_id" = Option<uuid::Uuid>, Query, description = "For this invoice"),
        ("from_date" = Option<schemas::CalendarDate>, Query, description = "Accepted on this day (UTC) or later"),
        ("to_date" = Option<schemas::CalendarDate>, Query, description = "Accepted on this day (UTC) or earlier"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<PaymentBody>))
)]
#[get("/payments")]
pub(super) async fn list_payments(
    caller: Caller<ReadPayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| {
        let filter = input.query(payment_filter);
        let window = input.window();
        Some((filter?, window?))
    })?;
    let queries = &api.payments.queries;
    let payments = queries.list(caller.organization_id(), &filter, window);
    let now = api.payments.clock.now();
    Ok(request.list(window, payments.await?, |facts| {
        PaymentBody::of(&facts, now)
    }))
}
