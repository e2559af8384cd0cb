//! What one looks along for the newest rows.

use app::ports::InvoiceFilter;
use domain::{invoicing::InvoiceStatus, values::Currency};

use super::conditions::{Range, conditions_given};
use crate::query_text::Conditions;

/// A value with an index that gives its rows in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    /// The organization alone.
    All,
    /// The one invoice with the number.
    Number,
    /// The customer.
    Customer,
    /// The currency.
    Currency,
    /// The status.
    Status(InvoiceStatus),
}

/// Along what to look for a list that no index gives as it is; what has the fewest rows comes first, by experience.
pub(super) fn leads(filter: &InvoiceFilter) -> Vec<Lead> {
    let status = match filter.statuses.as_slice() {
        [one] => Some(Lead::Status(*one)),
        _ => None,
    };
    let given = [
        filter.number.is_some().then_some(Lead::Number),
        filter.customer_id.is_some().then_some(Lead::Customer),
        filter.currency.is_some().then_some(Lead::Currency),
        status,
    ];
    let given: Vec<Lead> = given.into_iter().flatten().collect();
    let is_range_given = |range: Range| range.is_given(filter);
    let is_loose = filter.client_contains.is_some()
        || [Range::DueDate, Range::Total]
            .into_iter()
            .any(is_range_given);
    match given.as_slice() {
        [] if is_loose => vec![Lead::All],
        _ if conditions_given(filter) > 1 => given,
        _ => Vec::new(),
    }
}

impl Lead {
    /// Adds what rows along it are like.
    pub(super) fn add(self, conditions: &mut Conditions, filter: &InvoiceFilter) {
        match self {
            Self::All => {}
            Self::Number => {
                let number = filter.number.as_ref().map(|it| it.as_str().to_owned());
                conditions.and("number = ?", number);
            }
            Self::Customer => {
                let customer = filter.customer_id.map(|id| id.as_uuid());
                conditions.and("customer_id = ?", customer);
            }
            Self::Currency => {
                let currency = filter.currency.map(Currency::code);
                conditions.and("currency = ?", currency);
            }
            Self::Status(status) => conditions.and("status = ?", status.to_string()),
        }
    }

    /// What is compared. Of all rows it is what the index of the newest ones holds.
    pub(super) const fn columns(self) -> &'static str {
        match self {
            Self::All => "due_date, total_minor, status, customer_name_folded",
            _ => "due_date, total_minor, status, customer_name_folded, currency, customer_id",
        }
    }
}
