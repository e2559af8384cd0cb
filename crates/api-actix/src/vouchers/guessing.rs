//! Codes in requests, and holding up whoever guesses them.

use actix_web::http::StatusCode;
use api_shared::vouchers::voucher_code;
use domain::vouchers::VoucherCode;

use crate::{answer::Answer, api::Api, caller::Caller, input::Input, problem::Problem};

/// Reads the code in the path.
pub(super) fn code_in_path(input: &mut Input<'_>) -> Option<VoucherCode> {
    let raw = input.path_text("code").to_owned();
    input.query(|query| voucher_code(&raw, query))
}

/// Answers a request that names a code, unless its key has asked for too many that there are not.
pub(super) async fn guarded<P>(
    api: &Api,
    caller: &Caller<P>,
    code: &VoucherCode,
    answering: impl Future<Output = Result<Answer, Problem>>,
) -> Result<Answer, Problem> {
    let (guesses, clock) = (&api.vouchers.guesses, &api.vouchers.clock);
    let acting = caller.acting();
    guesses.admit(&acting.actor, clock.now()).await?;
    let answered = answering.await;
    let status = match &answered {
        Ok(answer) => answer.status(),
        Err(problem) => problem.status(),
    };
    if status == StatusCode::NOT_FOUND {
        api.vouchers.heed_nothing_found(&acting, code).await?;
    }
    answered
}
