//! Parts of a list that one index gives in order.

use app::ports::InvoiceFilter;
use domain::invoicing::InvoiceStatus;
use jiff::civil::Date;

use crate::query_text::Conditions;

/// A part of the answer that one index gives in order. No two parts share a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Branch {
    /// Whatever the status.
    Any,
    /// In one status.
    In(InvoiceStatus),
    /// Marked as overdue, and over on that day; what nothing is due on is not.
    MarkedOverdue(Date),
    /// In a status that the sweep looks at, and over on that day: few, which are sorted. What nothing is due on is not.
    Unswept(InvoiceStatus, Date),
}

/// "Overdue" is what the sweep has marked, and the little that it has not got to yet.
pub(super) fn branches(filter: &InvoiceFilter) -> Vec<Branch> {
    let is_wanted =
        |status: &InvoiceStatus| filter.statuses.is_empty() || filter.statuses.contains(status);
    let wanted = InvoiceStatus::ALL.into_iter().filter(is_wanted);
    match filter.overdue_on {
        None if filter.statuses.is_empty() => vec![Branch::Any],
        None => wanted.map(Branch::In).collect(),
        Some(today) => wanted
            .filter_map(|status| match status {
                InvoiceStatus::Overdue => Some(Branch::MarkedOverdue(today)),
                InvoiceStatus::Sent | InvoiceStatus::Viewed => Some(Branch::Unswept(status, today)),
                InvoiceStatus::Draft | InvoiceStatus::Paid | InvoiceStatus::Cancelled => None,
            })
            .collect(),
    }
}

impl Branch {
    /// What its rows are like.
    pub(super) fn text(self, values: &mut Conditions) -> String {
        match self {
            Self::Any => "true".to_owned(),
            Self::In(status) => format!("status = '{status}'"),
            Self::MarkedOverdue(today) => {
                let today = values.param(today);
                // Almost all of them are: `+ 0` keeps the planner from looking for the few.
                format!("status = 'overdue' AND due_date + 0 < {today} AND total_minor <> 0")
            }
            Self::Unswept(status, today) => {
                let today = values.param(today);
                // Written so that only the index of what is not swept yet fits: the planner would expect few in that status.
                format!(
                    "status IN ('sent', 'viewed') AND status || '' = '{status}' AND due_date < {today}
                     AND total_minor <> 0"
                )
            }
        }
    }

    /// The status of its rows, if they have one in common.
    pub(super) const fn status(self) -> Option<InvoiceStatus> {
        match self {
            Self::Any => None,
            Self::In(status) | Self::Unswept(status, _) => Some(status),
            Self::MarkedOverdue(_) => Some(InvoiceStatus::Overdue),
        }
    }

    pub(super) const fn is_in_order(self) -> bool {
        !matches!(self, Self::Unswept(..))
    }
}

/// What the rows of any of them are like.
pub(super) fn either(branches: &[Branch], values: &mut Conditions) -> String {
    let texts = branches
        .iter()
        .map(|branch| format!("({})", branch.text(values)));
    format!("({})", texts.collect::<Vec<_>>().join(" OR "))
}

/// A query for each of them, joined.
pub(super) fn union(branches: &[Branch], select: impl FnMut(Branch) -> String) -> String {
    let parts: Vec<String> = branches.iter().copied().map(select).collect();
    parts.join(" UNION ALL ")
}
