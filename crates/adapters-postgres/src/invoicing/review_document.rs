//! What the column `review` of `invoices` holds. It is empty as long as nobody has judged or edited the invoice, so that a
//! new one pays nothing for it.

use app::{
    invoicing::{ReviewReasonView, ReviewView},
    ports::StorageError,
    wire,
};
use domain::{
    invoicing::{Decision, Review, ReviewReason, Verdict},
    version::Version,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;

use super::invoice_documents::ENTITY;
use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

#[derive(Debug, Serialize, Deserialize)]
struct ReviewDocument {
    /// With which version of the invoice the contents were written that it is about.
    contents_version: i64,
    status: String,
    reasons: Vec<ReviewReasonView>,
    #[serde(with = "wire::optional_instant")]
    reviewed_at: Option<Timestamp>,
    /// The version that the verdict took the invoice to.
    version: Option<i64>,
}

impl From<&Review> for ReviewDocument {
    fn from(review: &Review) -> Self {
        let ReviewView {
            status,
            reasons,
            reviewed_at,
        } = ReviewView::from(review);
        let verdict = review.verdict();
        Self {
            contents_version: review.contents_version().as_i64(),
            status,
            reasons,
            reviewed_at,
            version: verdict.map(|verdict| verdict.version.as_i64()),
        }
    }
}

pub(super) fn review_column(review: &Review) -> OwnedParam {
    let document = (*review != Review::FIRST).then(|| Json(ReviewDocument::from(review)));
    Box::new(document)
}

pub(super) fn review_from(columns: Columns<'_>) -> Result<Review, StorageError> {
    let Some(document) = columns.json_optional::<ReviewDocument>("review")? else {
        return Ok(Review::FIRST);
    };
    let contents_version = Version::new(document.contents_version);
    let reason = |reason: ReviewReasonView| ReviewReason {
        code: reason.code.into(),
        message: reason.message,
    };
    let reasons = document.reasons.into_iter().map(reason).collect();
    let decision = match document.status.as_str() {
        Review::PENDING => return Ok(Review::pending(contents_version)),
        "approved" => Decision::Approved,
        "rejected" => Decision::Rejected(reasons),
        other => return Err(corrupt(ENTITY, format!("unknown review {other:?}"))),
    };
    let (Some(reviewed_at), Some(version)) = (document.reviewed_at, document.version) else {
        return Err(corrupt(
            ENTITY,
            "reviewed_at or version of the review is missing",
        ));
    };
    let verdict = Verdict {
        decision,
        reviewed_at,
        version: Version::new(version),
    };
    Ok(Review::restore(contents_version, Some(verdict)))
}

pub(super) fn review_view_from(columns: Columns<'_>) -> Result<ReviewView, StorageError> {
    let stored: Option<ReviewView> = columns.json_optional("review")?;
    Ok(stored.unwrap_or_else(|| ReviewView::from(&Review::FIRST)))
}
