//! `GET /api/v1/payments/{id}/refunds/{refund_id}`

use actix_web::{get, web};
use domain::ids::{PaymentId, RefundId};

use super::refund_body::RefundBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadPayments},
    input::Request,
    problem::Problem,
};

/// Get a refund
#[utoipa::path(
    tag = "payments",
    operation_id = "getRefund",
    security(("api_key" = ["payments:read"])),
    responses((status = 200, description = "The refund", body = RefundBody))
)]
#[get("/payments/{id}/refunds/{refund_id}")]
pub(super) async fn get_refund(
    caller: Caller<ReadPayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (payment_id, id) = request.read(|input| {
        let payment_id = input.id("id", PaymentId::from_uuid);
        let id = input.id("refund_id", RefundId::from_uuid);
        Some((payment_id?, id?))
    })?;
    let payments = &api.payments;
    let facts = payments
        .refund_of(caller.organization_id(), (payment_id, id))
        .await?;
    Ok(Answer::single(facts.version, &RefundBody::from(&facts)))
}
