//! The same invoice twice is often a request that was repeated without its key.

use super::{ReviewReason, ReviewRule, ReviewSubject};

/// No other invoice looks the same and was made at about the same time.
#[derive(Debug, Clone, Copy)]
pub struct NoDuplicate;

impl ReviewRule for NoDuplicate {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let twin = subject.twin?;
        let message = format!("invoice {twin} has the same customer, total and items");
        Some(ReviewReason::new("possible_duplicate", message))
    }
}
