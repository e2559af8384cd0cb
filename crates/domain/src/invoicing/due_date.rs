//! When an invoice is to be paid.

use jiff::{ToSpan, civil::Date};

use crate::{platform::PaymentTerms, values::InvalidValue};

/// The last day on which a payment is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueDate(Date);

impl DueDate {
    const YEARS_AHEAD_MAX: i64 = 10;

    /// A date that somebody chose: `today` (UTC) or later, at most ten years ahead.
    pub fn chosen(date: Date, today: Date) -> Result<Self, InvalidValue> {
        let last = today.saturating_add(Self::YEARS_AHEAD_MAX.years());
        if (today..=last).contains(&date) {
            Ok(Self(date))
        } else {
            Err(InvalidValue::OutOfRange {
                rule: "today or later, and at most 10 years ahead",
            })
        }
    }

    /// A date that somebody chose today or before, when it was still to come: of a request that is repeated.
    pub fn chosen_by(date: Date, today: Date) -> Result<Self, InvalidValue> {
        Self::chosen(date, today.min(date))
    }

    /// The date that follows from payment terms.
    pub fn after(terms: PaymentTerms, today: Date) -> Self {
        Self(today.saturating_add(i64::from(terms.as_days()).days()))
    }

    /// A stored date.
    pub const fn restore(date: Date) -> Self {
        Self(date)
    }

    /// The date.
    pub const fn as_date(self) -> Date {
        self.0
    }

    /// Whether the whole day is over.
    pub fn is_over_on(self, today: Date) -> bool {
        self.0 < today
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    const TODAY: Date = date(2026, 2, 28);

    #[rstest]
    #[case::yesterday(date(2026, 2, 27), false)]
    #[case::today(TODAY, true)]
    #[case::in_ten_years(date(2036, 2, 28), true)]
    #[case::a_day_more(date(2036, 2, 29), false)]
    fn a_chosen_date_is_from_today_to_ten_years_ahead(#[case] day: Date, #[case] accepted: bool) {
        assert_eq!(DueDate::chosen(day, TODAY).is_ok(), accepted);
    }

    #[rstest]
    #[case::long_ago(date(1999, 12, 31), true)]
    #[case::yesterday(date(2026, 2, 27), true)]
    #[case::in_ten_years(date(2036, 2, 28), true)]
    #[case::a_day_more(date(2036, 2, 29), false)]
    fn a_date_that_was_chosen_before_may_be_over(#[case] day: Date, #[case] accepted: bool) {
        assert_eq!(DueDate::chosen_by(day, TODAY).is_ok(), accepted);
    }

    #[test]
    fn terms_count_calendar_days() {
        let due = DueDate::after(PaymentTerms::days(30).unwrap(), TODAY);

        assert_eq!(due.as_date(), date(2026, 3, 30));
    }

    #[test]
    fn the_due_day_itself_is_still_in_time() {
        let due = DueDate::restore(TODAY);

        assert!(!due.is_over_on(TODAY));
        assert!(due.is_over_on(date(2026, 3, 1)));
    }
}
