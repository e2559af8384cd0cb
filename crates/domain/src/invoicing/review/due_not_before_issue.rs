//! Nobody can pay before they are asked to.

use super::{ReviewReason, ReviewRule, ReviewSubject};

/// The due date is not before the day of the issue.
#[derive(Debug, Clone, Copy)]
pub struct DueNotBeforeIssue;

impl ReviewRule for DueNotBeforeIssue {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let due = subject.invoice.contents.due_date.as_date();
        let issue = subject.issue_date();
        let message = || format!("it is due on {due}, before it can be issued on {issue}");
        (due < issue).then(|| ReviewReason::new("due_before_issue", message()))
    }
}
