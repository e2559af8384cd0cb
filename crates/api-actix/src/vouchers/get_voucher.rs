//! `GET /api/v1/vouchers/{code}`

use actix_web::{get, web};

use super::{
    guessing::{code_in_path, guarded},
    voucher_body::{VoucherBody, shown},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
    schemas,
};

/// Get a voucher
#[utoipa::path(
    tag = "vouchers",
    operation_id = "getVoucher",
    security(("api_key" = ["vouchers:read"])),
    params(("code" = schemas::VoucherCodeText, Path, description = "The code, whatever the case of its letters")),
    responses((status = 200, description = "The voucher", body = VoucherBody), Refusals)
)]
#[get("/vouchers/{code}")]
pub(super) async fn get_voucher(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let code = request.read(code_in_path)?;
    guarded(&api, &caller, &code, async {
        let queries = &api.vouchers.queries;
        let found = queries.find(caller.organization_id(), &code).await?;
        let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no voucher {code}"));
        Ok(shown(&found.ok_or_else(unknown)?))
    })
    .await
}

crate::openapi::refusals!(Refusals: TOO_MANY_GUESSES);
