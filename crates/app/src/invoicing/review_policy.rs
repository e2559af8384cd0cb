//! How invoices are reviewed.

use domain::invoicing::ReviewRules;
use jiff::SignedDuration;

/// How a deployment reviews.
#[derive(Debug, Default)]
pub struct ReviewPolicy {
    /// What has to hold.
    pub rules: ReviewRules,
    /// How far apart two invoices may be made to be taken for one and the same; none are when it is zero.
    pub twin_window: SignedDuration,
}
