//! `POST /api/v1/payments/{id}/cancel`

use actix_web::{post, web};
use app::payments::CancelPayment;
use domain::ids::PaymentId;

use super::payment_body::{PaymentBody, shown};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WritePayments},
    input::Request,
    problem::Problem,
};

/// Cancel a payment
///
/// As long as it is pending, also while it waits for another attempt. What was reserved is let go.
#[utoipa::path(
    tag = "payments",
    operation_id = "cancelPayment",
    security(("api_key" = ["payments:write"])),
    responses((status = 200, description = "The payment as it is now", body = PaymentBody), Refusals)
)]
#[post("/payments/{id}/cancel")]
pub(super) async fn cancel_payment(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", PaymentId::from_uuid))?;
    let command = CancelPayment {
        caller: caller.acting(),
        id,
    };
    let now = api.payments.clock.now();
    request
        .execute(&api.payments.cancel, command, move |facts| {
            shown(facts, now)
        })
        .await
}

crate::openapi::refusals!(Refusals: PAYMENT_NOT_CANCELLABLE);
