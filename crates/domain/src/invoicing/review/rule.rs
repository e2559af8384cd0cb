//! What a rule of the review is.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Decision, ReviewReason};
use crate::{ids::InvoiceId, invoicing::InvoiceFacts};

/// An invoice that is judged, with what a rule may have to know besides.
#[derive(Debug, Clone, Copy)]
pub struct ReviewSubject<'a> {
    /// The invoice.
    pub invoice: &'a InvoiceFacts,
    /// Another one that looks the same and was made at about the same time.
    pub twin: Option<InvoiceId>,
    /// When it is judged.
    pub now: Timestamp,
}

impl ReviewSubject<'_> {
    /// The day of its issue (UTC): for a draft, the earliest it can still be.
    pub fn issue_date(&self) -> Date {
        let issue = self.invoice.state.issue();
        let instant = issue.map_or(self.now, |issue| issue.issued_at);
        instant.to_zoned(TimeZone::UTC).date()
    }
}

/// Something that has to hold of an invoice before it may go out. Each rule is a small type of its own; which ones there
/// are is decided where the service is put together.
pub trait ReviewRule: Send + Sync {
    /// What speaks against the invoice, if anything does.
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason>;
}

/// All rules of a deployment.
#[derive(Default)]
pub struct ReviewRules(Vec<Box<dyn ReviewRule>>);

impl ReviewRules {
    /// These.
    pub fn new(rules: Vec<Box<dyn ReviewRule>>) -> Self {
        Self(rules)
    }

    /// Asks every rule, so that all that is wrong is told at once.
    pub fn judge(&self, subject: &ReviewSubject<'_>) -> Decision {
        let objections = self.0.iter().filter_map(|rule| rule.objection(subject));
        let reasons: Vec<_> = objections.collect();
        if reasons.is_empty() {
            Decision::Approved
        } else {
            Decision::Rejected(reasons)
        }
    }
}

impl fmt::Debug for ReviewRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rules", self.0.len())
    }
}
