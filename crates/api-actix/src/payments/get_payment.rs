//! `GET /api/v1/payments/{id}`

use actix_web::{get, web};
use domain::ids::PaymentId;

use super::payment_body::{PaymentBody, shown};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadPayments},
    input::Request,
    problem::Problem,
};

/// Get a payment
#[utoipa::path(
    tag = "payments",
    operation_id = "getPayment",
    security(("api_key" = ["payments:read"])),
    responses((status = 200, description = "The payment", body = PaymentBody))
)]
#[get("/payments/{id}")]
pub(super) async fn get_payment(
    caller: Caller<ReadPayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", PaymentId::from_uuid))?;
    let facts = api.payments.payment(caller.organization_id(), id).await?;
    Ok(shown(&facts, api.payments.clock.now()))
}
