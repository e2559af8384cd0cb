//! `GET /api/v1/payments/{id}/refunds`

use actix_web::{get, web};
use domain::ids::PaymentId;

use super::refund_body::RefundBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadPayments},
    input::Request,
    listing::ListOf,
    problem::Problem,
};

/// List the refunds of a payment
///
/// Newest first.
#[utoipa::path(
    tag = "payments",
    operation_id = "listRefunds",
    security(("api_key" = ["payments:read"])),
    responses((status = 200, description = "A piece of the list", body = ListOf<RefundBody>))
)]
#[get("/payments/{id}/refunds")]
pub(super) async fn list_refunds(
    caller: Caller<ReadPayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, window) = request.read(|input| {
        let id = input.id("id", PaymentId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let refunds = api.payments.refunds(caller.organization_id(), id, window);
    Ok(request.list(window, refunds.await?, |facts| RefundBody::from(&facts)))
}
