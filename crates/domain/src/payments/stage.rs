//! How far a payment or a refund has come on its way: each variant holds what only that stage has.

use jiff::Timestamp;

use super::PaymentStatus;

/// How far it has come. What was refunded of it later is not told here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It waits to be carried out.
    Pending {
        /// Not before this.
        next_attempt_at: Timestamp,
    },
    /// It is being carried out.
    Processing {
        /// Whoever does so is presumed to be gone then.
        presumed_lost_at: Timestamp,
    },
    /// The provider may or may not have moved the money.
    Unknown {
        /// Since when nobody knows.
        since: Timestamp,
        /// When the provider is asked next.
        next_check_at: Timestamp,
        /// How often it was asked.
        checks: u32,
    },
    /// The money has moved.
    Completed {
        /// When that was noted.
        at: Timestamp,
    },
    /// The money has not moved, and will not.
    Failed {
        /// When that was noted.
        at: Timestamp,
    },
    /// It was called off.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

impl Stage {
    /// The name of the stage.
    pub const fn status(self) -> PaymentStatus {
        match self {
            Self::Pending { .. } => PaymentStatus::Pending,
            Self::Processing { .. } => PaymentStatus::Processing,
            Self::Unknown { .. } => PaymentStatus::Unknown,
            Self::Completed { .. } => PaymentStatus::Completed,
            Self::Failed { .. } => PaymentStatus::Failed,
            Self::Cancelled { .. } => PaymentStatus::Cancelled,
        }
    }

    /// When somebody has to look at it next; `None` when nobody has to any more.
    pub const fn due_at(self) -> Option<Timestamp> {
        match self {
            Self::Pending {
                next_attempt_at: at,
            }
            | Self::Processing {
                presumed_lost_at: at,
            }
            | Self::Unknown {
                next_check_at: at, ..
            } => Some(at),
            Self::Completed { .. } | Self::Failed { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// When it came to its end, if it did.
    pub const fn ended_at(self) -> Option<Timestamp> {
        match self {
            Self::Completed { at } | Self::Failed { at } | Self::Cancelled { at } => Some(at),
            Self::Pending { .. } | Self::Processing { .. } | Self::Unknown { .. } => None,
        }
    }

    /// Since when nobody knows, how often the provider was asked, if nobody does.
    pub const fn doubt(self) -> Option<(Timestamp, u32)> {
        match self {
            Self::Unknown { since, checks, .. } => Some((since, checks)),
            _ => None,
        }
    }
}
