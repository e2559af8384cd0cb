//! `GET /api/v1/invoices/summary`

use actix_web::{get, web};
use app::invoicing::{CurrencySummary, SummaryLine, summarise};
use domain::invoicing::InvoiceStatus;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::Request,
    problem::{Problem, catalogue::AMOUNT_OUT_OF_RANGE},
    schemas,
};

/// What all invoices come to, by currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceSummary, example = json!({"data": [{
    "currency": "USD",
    "by_status": {
        "draft": {"count": 0, "sum_minor": 0},
        "sent": {"count": 2, "sum_minor": 348_000},
        "viewed": {"count": 0, "sum_minor": 0},
        "overdue": {"count": 0, "sum_minor": 0},
        "paid": {"count": 0, "sum_minor": 0},
        "cancelled": {"count": 0, "sum_minor": 0},
    },
    "overdue": {"count": 1, "sum_minor": 174_000},
    "due_within_30_days": {"count": 1, "sum_minor": 174_000},
    "aged_receivables": {
        "current_minor": 174_000,
        "days_1_to_30_minor": 174_000,
        "days_31_to_60_minor": 0,
        "days_61_to_90_minor": 0,
        "days_over_90_minor": 0,
    },
}]}))]
struct SummaryBody {
    /// The currencies that there are invoices in.
    data: Vec<CurrencyBody>,
}

/// What the invoices of one currency come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CurrencySummary)]
struct CurrencyBody {
    /// The currency.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: String,
    /// By status: what they come to, paid or not.
    by_status: StatusesBody,
    /// Those that are overdue today (UTC): what is due.
    overdue: LineBody,
    /// Open ones due today or within 30 days: what is due.
    due_within_30_days: LineBody,
    /// What is owed, by how late it is.
    aged_receivables: AgedBody,
}

/// How many invoices are in each status, and what they come to.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = StatusSummary)]
struct StatusesBody {
    /// Those that are still being written.
    draft: LineBody,
    /// Those that are issued.
    sent: LineBody,
    /// Those that the customer has seen.
    viewed: LineBody,
    /// Those that were marked as not paid in time.
    overdue: LineBody,
    /// Those that are settled.
    paid: LineBody,
    /// Those that are withdrawn.
    cancelled: LineBody,
}

/// How many invoices, and what they come to.
#[derive(Debug, Default, Clone, Copy, Serialize, ToSchema)]
#[schema(as = SummaryLine)]
struct LineBody {
    /// How many.
    #[schema(minimum = 0)]
    count: i64,
    /// Their sum.
    #[schema(value_type = schemas::AmountMinor)]
    sum_minor: i64,
}

impl From<SummaryLine> for LineBody {
    fn from(line: SummaryLine) -> Self {
        Self {
            count: line.count,
            sum_minor: line.sum_minor,
        }
    }
}

/// What is owed, by how late it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgedReceivables)]
#[expect(
    clippy::struct_field_names,
    reason = "amounts on the wire end in their unit"
)]
struct AgedBody {
    /// Not late.
    #[schema(value_type = schemas::AmountMinor)]
    current_minor: i64,
    /// 1 to 30 days late.
    #[schema(value_type = schemas::AmountMinor)]
    days_1_to_30_minor: i64,
    /// 31 to 60 days late.
    #[schema(value_type = schemas::AmountMinor)]
    days_31_to_60_minor: i64,
    /// 61 to 90 days late.
    #[schema(value_type = schemas::AmountMinor)]
    days_61_to_90_minor: i64,
    /// More than 90 days late.
    #[schema(value_type = schemas::AmountMinor)]
    days_over_90_minor: i64,
}

impl From<CurrencySummary> for CurrencyBody {
    fn from(summary: CurrencySummary) -> Self {
        let mut by_status = StatusesBody::default();
        for (status, line) in summary.by_status {
            let place = match status {
                InvoiceStatus::Draft => &mut by_status.draft,
                InvoiceStatus::Sent => &mut by_status.sent,
                InvoiceStatus::Viewed => &mut by_status.viewed,
                InvoiceStatus::Overdue => &mut by_status.overdue,
                InvoiceStatus::Paid => &mut by_status.paid,
                InvoiceStatus::Cancelled => &mut by_status.cancelled,
            };
            *place = LineBody::from(line);
        }
        let aged = summary.aged_receivables;
        Self {
            currency: summary.currency,
            by_status,
            overdue: LineBody::from(summary.overdue),
            due_within_30_days: LineBody::from(summary.due_within_30_days),
            aged_receivables: AgedBody {
                current_minor: aged.current_minor,
                days_1_to_30_minor: aged.days_1_to_30_minor,
                days_31_to_60_minor: aged.days_31_to_60_minor,
                days_61_to_90_minor: aged.days_61_to_90_minor,
                days_over_90_minor: aged.days_over_90_minor,
            },
        }
    }
}

/// Sum up the invoices
///
/// Per currency: by status, overdue, due soon, and aged receivables.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "getInvoiceSummary",
    security(("api_key" = ["invoices:read"])),
    responses((status = 200, description = "The sums", body = SummaryBody), Refusals)
)]
#[get("/invoices/summary")]
pub(super) async fn get_invoice_summary(
    caller: Caller<ReadInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    request.read_nothing()?;
    let rows = api
        .invoicing
        .queries
        .summary(caller.organization_id())
        .await?;
    let summaries = summarise(&rows, api.invoicing.clock.today())
        .map_err(|error| Problem::of(&AMOUNT_OUT_OF_RANGE).because(error))?;
    let data = summaries.into_iter().map(CurrencyBody::from).collect();
    Ok(Answer::ok(&SummaryBody { data }))
}

crate::openapi::refusals!(Refusals: AMOUNT_OUT_OF_RANGE);
