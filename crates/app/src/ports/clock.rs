//! The time.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// Tells the time. Instants MUST be whole microseconds, which is what storage keeps.
#[cfg_attr(feature = "test-support", mockall::automock)]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// The calendar day in UTC.
    fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }
}
