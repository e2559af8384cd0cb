//! What vouchers take off a draft.

use jiff::Timestamp;

use super::{Invoice, RewriteError};
use crate::invoicing::{InvoiceContents, InvoiceEvent, Review, Totals};

impl Invoice {
    /// Takes off a draft what its vouchers come to (minor units, at most the subtotal), and adds it up again.
    pub fn discount(&mut self, discount_minor: i64, now: Timestamp) -> Result<(), RewriteError> {
        self.rewrite_with(self.facts.contents.clone(), discount_minor, now)
    }

    /// What the lines of other contents would come to, in minor units: what vouchers take something off.
    pub fn subtotal_of(contents: &InvoiceContents) -> Result<i64, RewriteError> {
        Ok(Totals::of(&contents.items, 0, contents.rounding)?.subtotal_minor)
    }

    /// Replaces what is written on a draft, with what its vouchers then take off, and adds it up again.
    pub fn rewrite_with(
        &mut self,
        contents: InvoiceContents,
        discount_minor: i64,
        now: Timestamp,
    ) -> Result<(), RewriteError> {
        self.check_editable()?;
        let totals = Totals::of(&contents.items, discount_minor, contents.rounding)?;
        let before = std::mem::replace(&mut self.facts.totals, totals);
        let contents_before = std::mem::replace(&mut self.facts.contents, contents);
        self.touch(now);
        self.facts.review = Review::pending(self.facts.version);
        let mut changed = contents_before.differences(&self.facts.contents);
        if before.discount_minor != discount_minor {
            changed.push("discount_minor");
        }
        self.events.push(InvoiceEvent::Updated {
            changed,
            invoice: Box::new(self.facts.clone()),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
