//! Reviews on the wire.

use app::{
    invoicing::{ReviewReasonView, ReviewView},
    wire,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::schemas;

/// What the validation service thinks of an invoice. It judges shortly after an invoice was made or edited; every edit
/// takes the verdict back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceReview, example = json!({
    "status": "rejected",
    "reasons": [{"code": "total_too_high", "message": "it comes to 174000 minor units, and at most 100000 are allowed"}],
    "reviewed_at": "2026-11-20T13:01:00.654321Z",
}))]
pub(super) struct ReviewBody<'a> {
    /// How it stands.
    #[schema(value_type = ReviewStatusName)]
    status: &'a str,
    /// What speaks against the invoice, when it is rejected.
    #[schema(value_type = Vec<ReasonBody<'static>>)]
    reasons: Vec<ReasonBody<'a>>,
    /// When it was decided.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    reviewed_at: Option<Timestamp>,
}

/// Something that speaks against an invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReviewReason, example = json!({"code": "possible_duplicate", "message": "invoice 01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23 has the same customer, total and items"}))]
struct ReasonBody<'a> {
    /// A stable word. The service knows `due_before_issue`, `due_date_too_late`, `currency_not_allowed`, `total_too_high`,
    /// `too_many_lines`, `blank_description`, `possible_duplicate` and `email_domain_blocked`; a deployment can have more.
    code: &'a str,
    /// The same for people.
    message: &'a str,
}

/// How a review stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceReviewStatus)]
#[serde(rename_all = "snake_case")]
#[expect(
    dead_code,
    reason = "it only names the values in the contract; the domain has the reviews"
)]
enum ReviewStatusName {
    /// Nobody has judged the contents yet.
    Pending,
    /// Nothing speaks against them.
    Approved,
    /// Something does: the invoice is not issued as it is.
    Rejected,
}

impl<'a> From<&'a ReviewView> for ReviewBody<'a> {
    fn from(view: &'a ReviewView) -> Self {
        let reason = |reason: &'a ReviewReasonView| ReasonBody {
            code: &reason.code,
            message: &reason.message,
        };
        Self {
            status: &view.status,
            reasons: view.reasons.iter().map(reason).collect(),
            reviewed_at: view.reviewed_at,
        }
    }
}
