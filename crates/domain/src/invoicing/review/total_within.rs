//! Very large invoices are often a price in the wrong unit.

use super::{ReviewReason, ReviewRule, ReviewSubject};

/// The total is at most this.
#[derive(Debug, Clone, Copy)]
pub struct TotalWithin {
    /// In minor units of whatever currency the invoice is in.
    pub total_minor_max: i64,
}

impl ReviewRule for TotalWithin {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let (total, max) = (subject.invoice.totals.total_minor, self.total_minor_max);
        let message = || format!("it comes to {total} minor units, and at most {max} are allowed");
        (total > max).then(|| ReviewReason::new("total_too_high", message()))
    }
}
