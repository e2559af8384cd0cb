//! Whoever sells in few currencies has mistyped the others.

use super::{ReviewReason, ReviewRule, ReviewSubject};
use crate::values::Currency;

/// The currency is one of these; any where there are none.
#[derive(Debug, Clone)]
pub struct AllowedCurrencies(pub Vec<Currency>);

impl ReviewRule for AllowedCurrencies {
    fn objection(&self, subject: &ReviewSubject<'_>) -> Option<ReviewReason> {
        let currency = subject.invoice.contents.currency;
        let is_allowed = self.0.is_empty() || self.0.contains(&currency);
        let message = || format!("invoices in {} are not allowed", currency.code());
        (!is_allowed).then(|| ReviewReason::new("currency_not_allowed", message()))
    }
}
