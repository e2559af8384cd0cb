//! The life cycle of an invoice. The table of what may follow what stands here, once.

use jiff::civil::Date;

use super::DueDate;
use crate::values::InvalidValue;

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InvoiceStatus {
    /// Still being written.
    Draft,
    /// Issued to the customer.
    Sent,
    /// Seen by the customer.
    Viewed,
    /// Not paid in time.
    Overdue,
    /// Settled.
    Paid,
    /// Withdrawn.
    Cancelled,
}

/// The invoice cannot go from where it is to where it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an invoice cannot go from {from} to {to}; {}", allowed_from(*from))]
pub struct TransitionForbidden {
    /// Where it is.
    pub from: InvoiceStatus,
    /// Where it was asked to go.
    pub to: InvoiceStatus,
}

impl InvoiceStatus {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Sent,
        Self::Viewed,
        Self::Overdue,
        Self::Paid,
        Self::Cancelled,
    ];

    /// What may follow.
    pub const fn successors(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Sent, Self::Cancelled],
            Self::Sent => &[Self::Viewed, Self::Paid, Self::Overdue, Self::Cancelled],
            Self::Viewed => &[Self::Paid, Self::Overdue, Self::Cancelled],
            Self::Overdue => &[Self::Paid, Self::Cancelled],
            Self::Paid | Self::Cancelled => &[],
        }
    }

    /// Refuses what may not follow. A status never follows itself.
    pub fn check_transition(self, to: Self) -> Result<(), TransitionForbidden> {
        if self.successors().contains(&to) {
            Ok(())
        } else {
            Err(TransitionForbidden { from: self, to })
        }
    }

    /// Whether the customer still owes something on an invoice in this status.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Viewed | Self::Overdue)
    }

    /// Whether an invoice in this status, on which so much is due on that day, is overdue today (UTC).
    pub fn is_overdue(self, due_minor: i128, due_date: DueDate, today: Date) -> bool {
        self.is_open() && due_minor > 0 && due_date.is_over_on(today)
    }

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Viewed => "viewed",
            Self::Overdue => "overdue",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "one of draft, sent, viewed, overdue, paid, cancelled",
            })
    }
}

impl std::fmt::Display for InvoiceStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

fn allowed_from(status: InvoiceStatus) -> String {
    let words: Vec<_> = status.successors().iter().map(|next| next.code()).collect();
    if words.is_empty() {
        format!("{status} is final")
    } else {
        format!("allowed from {status}: {}", words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_table_is_that_of_the_specification() {
        let allowed: Vec<String> = InvoiceStatus::ALL
            .into_iter()
            .flat_map(|from| InvoiceStatus::ALL.map(|to| (from, to)))
            .filter(|(from, to)| from.check_transition(*to).is_ok())
            .map(|(from, to)| format!("{from}>{to}"))
            .collect();

        assert_eq!(
            allowed.join(" "),
            "draft>sent draft>cancelled \
             sent>viewed sent>overdue sent>paid sent>cancelled \
             viewed>overdue viewed>paid viewed>cancelled \
             overdue>paid overdue>cancelled"
        );
    }

    #[rstest]
    #[case(InvoiceStatus::Paid, InvoiceStatus::Draft, "paid is final")]
    #[case(
        InvoiceStatus::Draft,
        InvoiceStatus::Draft,
        "allowed from draft: sent, cancelled"
    )]
    fn a_refusal_names_both_states_and_what_is_allowed(
        #[case] from: InvoiceStatus,
        #[case] to: InvoiceStatus,
        #[case] allowed: &str,
    ) {
        let refused = from.check_transition(to).unwrap_err().to_string();

        assert_eq!(
            refused,
            format!("an invoice cannot go from {from} to {to}; {allowed}")
        );
    }

    #[rstest]
    #[case(InvoiceStatus::Draft, false)]
    #[case(InvoiceStatus::Sent, true)]
    #[case(InvoiceStatus::Viewed, true)]
    #[case(InvoiceStatus::Overdue, true)]
    #[case(InvoiceStatus::Paid, false)]
    #[case(InvoiceStatus::Cancelled, false)]
    fn only_open_invoices_are_overdue(#[case] status: InvoiceStatus, #[case] expected: bool) {
        let due = DueDate::restore(date(2026, 11, 19));

        assert_eq!(status.is_overdue(1, due, date(2026, 11, 20)), expected);
        assert!(!status.is_overdue(1, due, date(2026, 11, 19)));
        assert!(!status.is_overdue(0, due, date(2026, 11, 20)));
    }

    #[test]
    fn words_read_back() {
        for status in InvoiceStatus::ALL {
            assert_eq!(InvoiceStatus::parse(status.code()), Ok(status));
        }
        assert!(InvoiceStatus::parse("Draft").is_err());
    }
}
