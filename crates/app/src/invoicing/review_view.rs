//! Reviews as they are shown.

use domain::invoicing::Review;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire;

/// Something that speaks against an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewReasonView {
    /// A stable word.
    pub code: String,
    /// The same for people.
    pub message: String,
}

/// What the validation service thinks of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewView {
    /// `pending`, `approved` or `rejected`.
    pub status: String,
    /// What speaks against it.
    pub reasons: Vec<ReviewReasonView>,
    /// When that was decided.
    #[serde(with = "wire::optional_instant")]
    pub reviewed_at: Option<Timestamp>,
}

impl From<&Review> for ReviewView {
    fn from(review: &Review) -> Self {
        let reasons = review.reasons().iter().map(|reason| ReviewReasonView {
            code: reason.code.clone().into_owned(),
            message: reason.message.clone(),
        });
        Self {
            status: review.status_code().to_owned(),
            reasons: reasons.collect(),
            reviewed_at: review.verdict().map(|verdict| verdict.reviewed_at),
        }
    }
}
