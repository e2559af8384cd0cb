//! `GET /api/v1/invoices/summary`

use actix_web::{get, web};
use app::invoicing::{AgedReceivables, CurrencySummary, SummaryLine, summarise};
use domain::{invoicing::InvoiceStatus, values::amount_in_range};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::Request,
    problem::Problem,
    schemas,
};

/// What all invoices come to, by currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceSummary, example = json!({"data": [{
    "currency": "USD",
    "by_status": {
        "draft": {"count": 0, "sum_minor": 0, "sum_minor_text": "0"},
        "sent": {"count": 2, "sum_minor": 348_000, "sum_minor_text": "348000"},
        "viewed": {"count": 0, "sum_minor": 0, "sum_minor_text": "0"},
        "overdue": {"count": 0, "sum_minor": 0, "sum_minor_text": "0"},
        "paid": {"count": 0, "sum_minor": 0, "sum_minor_text": "0"},
        "cancelled": {"count": 0, "sum_minor": 0, "sum_minor_text": "0"},
    },
    "overdue": {"count": 1, "sum_minor": 174_000, "sum_minor_text": "174000"},
    "due_within_30_days": {"count": 1, "sum_minor": 174_000, "sum_minor_text": "174000"},
    "aged_receivables": {
        "current_minor": 174_000,
        "current_minor_text": "174000",
        "days_1_to_30_minor": 174_000,
        "days_1_to_30_minor_text": "174000",
        "days_31_to_60_minor": 0,
        "days_31_to_60_minor_text": "0",
        "days_61_to_90_minor": 0,
        "days_61_to_90_minor_text": "0",
        "days_over_90_minor": 0,
        "days_over_90_minor_text": "0",
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
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = SummaryLine)]
struct LineBody {
    /// How many.
    #[schema(minimum = 0)]
    count: i64,
    /// Their sum; `null` when it is beyond ±(2^53-1), where JSON numbers are not exact everywhere.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    sum_minor: Option<i64>,
    /// The same as text, however large it is.
    #[schema(value_type = schemas::SumMinorText)]
    sum_minor_text: String,
}

impl From<SummaryLine> for LineBody {
    fn from(line: SummaryLine) -> Self {
        Self {
            count: line.count,
            sum_minor: number(line.sum_minor),
            sum_minor_text: line.sum_minor.to_string(),
        }
    }
}

/// A sum as a number, where every reader of JSON takes it for the same one.
fn number(sum_minor: i128) -> Option<i64> {
    amount_in_range(sum_minor).ok()
}

/// What is owed, by how late it is. A number is `null` when it is beyond ±(2^53-1); the texts are exact however large.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgedReceivables)]
struct AgedBody {
    /// Not late.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    current_minor: Option<i64>,
    /// Not late, as text.
    #[schema(value_type = schemas::SumMinorText)]
    current_minor_text: String,
    /// 1 to 30 days late.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    days_1_to_30_minor: Option<i64>,
    /// 1 to 30 days late, as text.
    #[schema(value_type = schemas::SumMinorText)]
    days_1_to_30_minor_text: String,
    /// 31 to 60 days late.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    days_31_to_60_minor: Option<i64>,
    /// 31 to 60 days late, as text.
    #[schema(value_type = schemas::SumMinorText)]
    days_31_to_60_minor_text: String,
    /// 61 to 90 days late.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    days_61_to_90_minor: Option<i64>,
    /// 61 to 90 days late, as text.
    #[schema(value_type = schemas::SumMinorText)]
    days_61_to_90_minor_text: String,
    /// More than 90 days late.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    days_over_90_minor: Option<i64>,
    /// More than 90 days late, as text.
    #[schema(value_type = schemas::SumMinorText)]
    days_over_90_minor_text: String,
}

impl From<AgedReceivables> for AgedBody {
    fn from(aged: AgedReceivables) -> Self {
        Self {
            current_minor: number(aged.current_minor),
            current_minor_text: aged.current_minor.to_string(),
            days_1_to_30_minor: number(aged.days_1_to_30_minor),
            days_1_to_30_minor_text: aged.days_1_to_30_minor.to_string(),
            days_31_to_60_minor: number(aged.days_31_to_60_minor),
            days_31_to_60_minor_text: aged.days_31_to_60_minor.to_string(),
            days_61_to_90_minor: number(aged.days_61_to_90_minor),
            days_61_to_90_minor_text: aged.days_61_to_90_minor.to_string(),
            days_over_90_minor: number(aged.days_over_90_minor),
            days_over_90_minor_text: aged.days_over_90_minor.to_string(),
        }
    }
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
        Self {
            currency: summary.currency,
            by_status,
            overdue: LineBody::from(summary.overdue),
            due_within_30_days: LineBody::from(summary.due_within_30_days),
            aged_receivables: AgedBody::from(summary.aged_receivables),
        }
    }
}

/// Sum up the invoices
///
/// Per currency: by status, overdue, due soon, and aged receivables. A sum may be larger than any amount: each is told
/// twice, as a number, which is `null` beyond ±(2^53-1), and as text, which is always exact.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "getInvoiceSummary",
    security(("api_key" = ["invoices:read"])),
    responses((status = 200, description = "The sums", body = SummaryBody))
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
    let summaries = summarise(&rows, api.invoicing.clock.today());
    let data = summaries.into_iter().map(CurrencyBody::from).collect();
    Ok(Answer::ok(&SummaryBody { data }))
}
