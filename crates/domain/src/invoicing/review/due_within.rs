//! Long terms of payment are often a mistyped year.

use jiff::ToSpan;

use super::{ReviewReason, ReviewRule, ReviewSubject};

/// The due date is at most so many days behind the day of the issue.
#[derive(Debug, Clone, Copy)]
pub struct DueWithin {
    /// How many.
    pub days_max: u16,
}

impl ReviewRule for DueWithin {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let due = subject.invoice.contents.due_date.as_date();
        let days_max = self.days_max;
        let last = subject
            .issue_date()
            .saturating_add(i64::from(days_max).days());
        let message = || format!("it is due on {due}, and at most {days_max} days are allowed");
        (due > last).then(|| ReviewReason::new("due_date_too_late", message()))
    }
}
