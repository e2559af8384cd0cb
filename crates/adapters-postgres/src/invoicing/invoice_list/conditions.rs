//! What rows have to be like, by kinds that lists treat differently.

use app::ports::InvoiceFilter;

use super::Question;
use crate::{query_text::Conditions, values::folded};

/// Values between two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    DueDate,
    Total,
}

impl Range {
    pub(super) const fn is_given(self, filter: &InvoiceFilter) -> bool {
        match self {
            Self::DueDate => filter.due_from.is_some() || filter.due_to.is_some(),
            Self::Total => filter.total_minor_min.is_some() || filter.total_minor_max.is_some(),
        }
    }

    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::DueDate => "due_date",
            Self::Total => "total_minor",
        }
    }

    /// Adds the range.
    pub(super) fn add(self, conditions: &mut Conditions, filter: &InvoiceFilter) {
        self.add_as(self.column(), conditions, filter);
    }

    /// Adds the range with both of its ends, given or not. Of values that it does not see the planner expects few between
    /// two ends, and a third of all beyond one.
    pub(super) fn add_closed(self, conditions: &mut Conditions, filter: &InvoiceFilter) {
        match self {
            Self::DueDate => {
                conditions.and("due_date >= coalesce(?, '-infinity')", filter.due_from);
                conditions.and("due_date <= coalesce(?, 'infinity')", filter.due_to);
            }
            Self::Total => {
                let (min, max) = (filter.total_minor_min, filter.total_minor_max);
                conditions.and("total_minor >= coalesce(?, 0)", min);
                conditions.and("total_minor <= coalesce(?, 9007199254740991)", max);
            }
        }
    }

    /// Adds the range of a column that is written like this.
    fn add_as(self, column: &str, conditions: &mut Conditions, filter: &InvoiceFilter) {
        match self {
            Self::DueDate => {
                for (comparison, date) in [(">=", filter.due_from), ("<=", filter.due_to)] {
                    if let Some(date) = date {
                        conditions.and(&format!("{column} {comparison} ?"), date);
                    }
                }
            }
            Self::Total => {
                let totals = [
                    (">=", filter.total_minor_min),
                    ("<=", filter.total_minor_max),
                ];
                for (comparison, total) in totals {
                    if let Some(total) = total {
                        conditions.and(&format!("{column} {comparison} ?"), total);
                    }
                }
            }
        }
    }
}

impl Question<'_> {
    /// That rows are the organization's.
    pub(super) fn own(&self) -> Conditions {
        let mut own = Conditions::default();
        own.and("organization_id = ?", self.organization_id.as_uuid());
        own
    }

    /// What indexes know that give rows in the order of the list, or only one row.
    pub(super) fn exact(&self) -> Conditions {
        let filter = self.filter;
        let mut exact = self.own();
        if let Some(id) = filter.customer_id {
            exact.and("customer_id = ?", id.as_uuid());
        }
        if let Some(number) = &filter.number {
            exact.and("number = ?", number.as_str().to_owned());
        }
        if let Some(currency) = filter.currency {
            exact.and("currency = ?", currency.code());
        }
        self.add_made(&mut exact);
        exact
    }

    /// Adds when rows have been made.
    pub(super) fn add_made(&self, conditions: &mut Conditions) {
        let (from, before) = (self.filter.created_from, self.filter.created_before);
        for (comparison, instant) in [(">=", from), ("<", before)] {
            if let Some(instant) = instant {
                conditions.and(&format!("created_at {comparison} ?"), instant);
            }
        }
    }

    /// Adds texts and ranges, for rows that are met along the list: written so that they neither lead to another index,
    /// nor let the planner think that there are so few rows that it had better sort all of them.
    pub(super) fn add_loose(&self, conditions: &mut Conditions) {
        if let Some(text) = &self.filter.client_contains {
            conditions.and("strpos(customer_name_folded, ?) > 0", folded(text));
        }
        for range in [Range::DueDate, Range::Total] {
            range.add_as(&format!("{} + 0", range.column()), conditions, self.filter);
        }
    }

    /// Adds both ranges.
    pub(super) fn add_ranges(&self, conditions: &mut Conditions) {
        Range::DueDate.add(conditions, self.filter);
        Range::Total.add(conditions, self.filter);
    }
}

/// How many kinds of conditions a filter has.
pub(super) fn conditions_given(filter: &InvoiceFilter) -> usize {
    let given = [
        filter.client_contains.is_some(),
        filter.customer_id.is_some(),
        filter.number.is_some(),
        filter.created_from.is_some() || filter.created_before.is_some(),
        filter.overdue_on.is_some(),
        filter.currency.is_some(),
        Range::DueDate.is_given(filter),
        Range::Total.is_given(filter),
        !filter.statuses.is_empty(),
    ];
    given.iter().filter(|is_given| **is_given).count()
}
