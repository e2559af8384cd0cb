//! The life cycle of payments and refunds. The table of what may follow what stands here, once.

use std::fmt;

use crate::values::InvalidValue;

/// Where a payment or a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaymentStatus {
    /// It waits to be carried out, for the first time or again.
    Pending,
    /// It is being carried out.
    Processing,
    /// The provider may or may not have moved the money; it is asked.
    Unknown,
    /// The money has moved.
    Completed,
    /// A part of the money was given back.
    PartiallyRefunded,
    /// All of the money was given back.
    Refunded,
    /// The money has not moved, and will not.
    Failed,
    /// It was called off before the money moved.
    Cancelled,
}

/// It cannot go from where it is to where it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a payment cannot go from {from} to {to}; {}", allowed_from(*from))]
pub struct PaymentTransitionForbidden {
    /// Where it is.
    pub from: PaymentStatus,
    /// Where it was asked to go.
    pub to: PaymentStatus,
}

impl PaymentStatus {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Processing,
        Self::Unknown,
        Self::Completed,
        Self::PartiallyRefunded,
        Self::Refunded,
        Self::Failed,
        Self::Cancelled,
    ];

    /// What may follow. A refund has the same life, but is neither called off nor refunded itself. What has failed for good is
    /// a dead letter; only a person who retries that takes it back to `pending`.
    pub const fn successors(self) -> &'static [Self] {
        match self {
            Self::Pending => &[Self::Processing, Self::Cancelled],
            Self::Processing => &[Self::Pending, Self::Unknown, Self::Completed, Self::Failed],
            Self::Unknown => &[Self::Pending, Self::Completed, Self::Failed],
            Self::Completed => &[Self::PartiallyRefunded, Self::Refunded],
            Self::PartiallyRefunded => &[Self::Refunded],
            Self::Failed => &[Self::Pending],
            Self::Refunded | Self::Cancelled => &[],
        }
    }

    /// Refuses what may not follow. A status never follows itself.
    pub fn check_transition(self, to: Self) -> Result<(), PaymentTransitionForbidden> {
        if self.successors().contains(&to) {
            Ok(())
        } else {
            Err(PaymentTransitionForbidden { from: self, to })
        }
    }

    /// Whether it is not known yet whether the money moves: it may still.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Pending | Self::Processing | Self::Unknown)
    }

    /// Whether the money has moved, although some of it may have been given back.
    pub const fn has_moved(self) -> bool {
        matches!(
            self,
            Self::Completed | Self::PartiallyRefunded | Self::Refunded
        )
    }

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Unknown => "unknown",
            Self::Completed => "completed",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|status| status.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "one of pending, processing, unknown, completed, partially_refunded, refunded, failed, cancelled",
            })
    }
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

fn allowed_from(status: PaymentStatus) -> String {
    let words: Vec<_> = status.successors().iter().map(|next| next.code()).collect();
    if words.is_empty() {
        format!("{status} is final")
    } else {
        format!("allowed from {status}: {}", words.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_that_of_the_specification() {
        let allowed: Vec<String> = PaymentStatus::ALL
            .into_iter()
            .flat_map(|from| PaymentStatus::ALL.map(|to| (from, to)))
            .filter(|(from, to)| from.check_transition(*to).is_ok())
            .map(|(from, to)| format!("{from}>{to}"))
            .collect();

        assert_eq!(
            allowed.join(" "),
            "pending>processing pending>cancelled \
             processing>pending processing>unknown processing>completed processing>failed \
             unknown>pending unknown>completed unknown>failed \
             completed>partially_refunded completed>refunded \
             partially_refunded>refunded \
             failed>pending"
        );
    }

    #[test]
    fn a_refusal_names_both_states_and_what_is_allowed() {
        let refused = PaymentStatus::Pending.check_transition(PaymentStatus::Refunded);

        assert_eq!(
            refused.unwrap_err().to_string(),
            "a payment cannot go from pending to refunded; allowed from pending: processing, cancelled"
        );
    }

    #[test]
    fn words_read_back() {
        for status in PaymentStatus::ALL {
            assert_eq!(PaymentStatus::parse(status.code()), Ok(status));
        }
        assert!(PaymentStatus::parse("Pending").is_err());
    }
}
