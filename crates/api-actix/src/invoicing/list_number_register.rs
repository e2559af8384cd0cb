//! `GET /api/v1/invoices/number-register`

use actix_web::{get, web};
use app::{
    invoicing::{NumberGap, NumberRegister},
    paging::Limit,
    ports::RegisteredNumber,
};
use domain::{
    ids::OrganizationId,
    invoicing::{NumberFate, Series},
    values::InvalidValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::{Input, Request, rows, whole},
    problem::{Problem, catalogue::NOT_FOUND},
    schemas,
};

/// A part of a series, and the gaps in all of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NumberRegister, example = json!({
    "series": "INV-2026-",
    "known_series": ["INV-2026-"],
    "data": [{
        "position": 1,
        "number": "INV-2026-000001",
        "invoice_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
        "fate": "issued",
    }],
    "next_after": null,
    "has_more": false,
    "last_position": 1,
    "gaps": [],
}))]
struct RegisterBody {
    /// The series.
    #[schema(value_type = schemas::SeriesName)]
    series: String,
    /// Every series of the organization that a number was taken from.
    #[schema(value_type = Vec<schemas::SeriesName>)]
    known_series: Vec<String>,
    /// Its numbers, lowest first.
    data: Vec<NumberBody>,
    /// What to send as `after` for the next numbers; `null` when these are the last.
    #[schema(minimum = 1)]
    next_after: Option<i64>,
    /// Whether there are more.
    has_more: bool,
    /// The last position that was taken.
    #[schema(minimum = 0)]
    last_position: i64,
    /// The positions up to there that are missing: there are none.
    gaps: Vec<GapBody>,
}

/// A number of a series.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisteredNumber, example = json!({
    "position": 1, "number": "INV-2026-000001", "invoice_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23", "fate": "issued",
}))]
struct NumberBody {
    /// Counted from 1.
    #[schema(minimum = 1)]
    position: i64,
    /// The number.
    #[schema(value_type = schemas::InvoiceNumberText)]
    number: String,
    /// The invoice that has it, or had it as a draft.
    invoice_id: Uuid,
    /// What became of it.
    #[schema(value_type = FateName)]
    fate: &'static str,
}

/// What became of a number.
#[derive(Serialize, ToSchema)]
#[schema(as = NumberFate)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only names the values in the contract")]
enum FateName {
    /// An invoice was issued under it.
    Issued,
    /// The invoice under it was cancelled.
    Cancelled,
    /// A client had chosen it for an invoice of its own, so the series went past it.
    ChosenByClient,
}

/// Positions that are missing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NumberGap, example = json!({"from": 2, "to": 3}))]
struct GapBody {
    /// The first of them.
    #[schema(minimum = 1)]
    from: i64,
    /// The last of them.
    #[schema(minimum = 1)]
    to: i64,
}

impl From<&RegisteredNumber> for NumberBody {
    fn from(number: &RegisteredNumber) -> Self {
        Self {
            position: number.position,
            number: number.number.as_str().to_owned(),
            invoice_id: number.invoice_id.as_uuid(),
            fate: match number.fate {
                NumberFate::Issued => "issued",
                NumberFate::Cancelled => "cancelled",
                NumberFate::ChosenByClient => "chosen_by_client",
            },
        }
    }
}

impl From<&NumberGap> for GapBody {
    fn from(gap: &NumberGap) -> Self {
        Self {
            from: gap.from,
            to: gap.to,
        }
    }
}

impl RegisterBody {
    fn of(series: &Series, register: &NumberRegister, known: &[Series]) -> Self {
        let name = |series: &Series| series.as_str().to_owned();
        let last = register.rows.last().filter(|_| register.has_more);
        Self {
            series: name(series),
            known_series: known.iter().map(name).collect(),
            data: register.rows.iter().map(NumberBody::from).collect(),
            next_after: last.map(|number| number.position),
            has_more: register.has_more,
            last_position: register.last_position,
            gaps: register.gaps.iter().map(GapBody::from).collect(),
        }
    }
}

/// List the numbers of a series
///
/// Every number that was taken from it and what became of it; and the gaps, of which there are none.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "listNumberRegister",
    security(("api_key" = ["invoices:read"])),
    params(
        ("series" = Option<schemas::SeriesName>, Query, description = "What its numbers start with; without it, the series that invoices are numbered in now"),
        ("after" = Option<schemas::PositionNumber>, Query, description = "Numbers behind this position"),
        ("limit" = Option<schemas::RowsNumber>, Query, description = "How many; 20 without it"),
    ),
    responses((status = 200, description = "A part of the series", body = RegisterBody), Refusals)
)]
#[get("/invoices/number-register")]
pub(super) async fn list_number_register(
    caller: Caller<ReadInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (named, after, limit) = request.read(read_query)?;
    let organization_id = caller.organization_id();
    let series = match named {
        Some(series) => series,
        None => current_series(&api, organization_id).await?,
    };
    let queries = &api.invoicing.register;
    let found = queries
        .register(organization_id, &series, after, limit)
        .await?;
    let known = queries.list_series(organization_id).await?;
    // A series that no number was taken from is an empty one.
    let register = found.unwrap_or_default();
    Ok(Answer::ok(&RegisterBody::of(&series, &register, &known)))
}

fn read_query(input: &mut Input<'_>) -> Option<(Option<Series>, i64, Limit)> {
    let series = input.parameter("series", Series::parse);
    let after = input.parameter("after", whole(position));
    let limit = input.parameter("limit", whole(rows));
    Some((series?, after?.unwrap_or(0), limit?.unwrap_or_default()))
}

fn position(position: i64) -> Result<i64, InvalidValue> {
    if position >= 0 {
        Ok(position)
    } else {
        Err(InvalidValue::OutOfRange { rule: "0 or more" })
    }
}

/// The series that an invoice issued now is numbered in.
async fn current_series(api: &Api, id: OrganizationId) -> Result<Series, Problem> {
    let found = api.platform.organizations.find(id).await?;
    let facts = found.ok_or_else(|| Problem::of(&NOT_FOUND))?;
    let now = api.invoicing.clock.now();
    Ok(Series::at(&facts.profile.invoice_number_prefix, now))
}

crate::openapi::refusals!(Refusals: NOT_FOUND);
