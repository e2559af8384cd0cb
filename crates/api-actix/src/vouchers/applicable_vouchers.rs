//! `GET /api/v1/vouchers/applicable`

use actix_web::{get, web};
use api_shared::vouchers::applicable_vouchers;
use serde::Serialize;
use utoipa::ToSchema;

use super::validation_body::OfferBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::Problem,
    schemas,
};

/// Vouchers that would give something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApplicableVouchers)]
struct ApplicableBody {
    /// Those first that give most.
    data: Vec<OfferBody>,
}

/// List the vouchers that would give something
///
/// Those that are enabled and not used up, of campaigns that go on, with what each would give; those first that give most. A gift
/// gives all of itself, whatever the total is. Of more than 10,000 campaigns that go on at once, the newest are looked at. What was
/// issued or redeemed a moment ago may not be known here yet: redeeming a voucher decides, and validating one tells what
/// would be decided.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "listApplicableVouchers",
    security(("api_key" = ["vouchers:read"])),
    params(
        ("customer_id" = Option<uuid::Uuid>, Query, description = "The customer who would redeem them"),
        ("email" = Option<schemas::EmailAddress>, Query, description = "The address of who would redeem them. A customer who has an address has that one, whatever is given"),
        ("currency" = schemas::CurrencyCode, Query, description = "The currency of the total"),
        ("total_minor" = schemas::HeldMinor, Query, description = "The sum of the lines before tax, in the currency's minor unit"),
        ("limit" = Option<schemas::RowsNumber>, Query, description = "How many; 20 without it"),
    ),
    responses((status = 200, description = "The vouchers", body = ApplicableBody), Refusals)
)]
#[get("/vouchers/applicable")]
pub(super) async fn list_applicable_vouchers(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (trial, limit) = request.read(|input| input.query(applicable_vouchers))?;
    let owner = caller.organization_id();
    let found = api.vouchers.applicable(owner, &trial, limit).await?;
    let data = found.iter().map(OfferBody::from).collect();
    Ok(Answer::ok(&ApplicableBody { data }))
}

crate::openapi::refusals!(Refusals: CUSTOMER_NOT_FOUND);
