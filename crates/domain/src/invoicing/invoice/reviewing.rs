//! What becomes of an invoice in its review.

use jiff::Timestamp;

use super::Invoice;
use crate::{
    invoicing::{Decision, InvoiceEvent, InvoiceStatus, Review, Verdict},
    version::Version,
};

impl Invoice {
    /// Whether a verdict on the contents that were written with a version is still wanted: they are the current ones, have
    /// none, and were not withdrawn.
    pub fn awaits_review(&self, contents_version: Version) -> bool {
        let is_withdrawn = self.facts.state.status() == InvoiceStatus::Cancelled;
        !is_withdrawn && self.facts.review.awaits(contents_version)
    }

    /// Takes note of how the contents were judged that were written with a version of the invoice, and tells whether
    /// anybody still wanted to know: a verdict on older contents, and a second one on the same, change nothing.
    pub fn conclude_review(
        &mut self,
        contents_version: Version,
        decision: Decision,
        now: Timestamp,
    ) -> bool {
        if !self.awaits_review(contents_version) {
            return false;
        }
        self.touch(now);
        let verdict = Verdict {
            decision,
            reviewed_at: now,
            version: self.facts.version,
        };
        self.facts.review = Review::restore(contents_version, Some(verdict));
        let reviewed = Box::new(self.facts.clone());
        self.events.push(InvoiceEvent::Reviewed(reviewed));
        true
    }
}

#[cfg(test)]
mod tests;
