//! `GET /api/v1/payments/{id}/refunds/{refund_id}`

use actix_web::{get, web};
use domain::ids::{PaymentId, RefundId};

use super::refund_body::RefundBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadPayments},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
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
    let queries = &api.payments.queries;
    let found = queries.find_refund(caller.organization_id(), payment_id, id);
    let unknown = || {
        let why = format!("payment {payment_id} has no refund {id}");
        Problem::of(&NOT_FOUND).because(why)
    };
    let facts = found.await?.ok_or_else(unknown)?;
    Ok(Answer::single(facts.version, &RefundBody::from(&facts)))
}
