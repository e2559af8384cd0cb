//! Invoice numbers, and the series that the service takes them from.

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    platform::NumberPrefix,
    values::{InvalidValue, LengthLimits, check_number_text},
};

/// What an invoice is called: 1 to 50 letters, digits, `-`, `_`, `/`, `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 50;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let max = Self::LENGTH_MAX;
        check_number_text(raw, LengthLimits { min: 1, max })?;
        Ok(Self(raw.to_owned()))
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A run of numbers without a gap: `<prefix><year>-000001`, `<prefix><year>-000002` …
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Series(String);

impl Series {
    /// The most characters its name may have.
    pub const LENGTH_MAX: usize = NumberPrefix::LENGTH_MAX + 5;

    /// The series that invoices issued at this instant are numbered in: by the year in UTC.
    pub fn at(prefix: &NumberPrefix, now: Timestamp) -> Self {
        let year = now.to_zoned(TimeZone::UTC).year();
        Self(format!("{}{year:04}-", prefix.as_str()))
    }

    /// Reads the name that a client asks for a series by.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let max = Self::LENGTH_MAX;
        check_number_text(raw, LengthLimits { min: 1, max })
            .map(|()| Self::named(raw))
            .map_err(|_| InvalidValue::Malformed {
                expected: "the name of a series such as INV-2026-",
            })
    }

    /// A series by the name it is stored under.
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// What all its numbers start with.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its number at a position, counted from 1.
    pub fn number_at(&self, position: i64) -> InvoiceNumber {
        InvoiceNumber(format!("{}{position:06}", self.0))
    }
}

/// What became of a number of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFate {
    /// An invoice was issued under it.
    Issued,
    /// The invoice under it was cancelled.
    Cancelled,
    /// A client had chosen it for an invoice of its own, so the series went past it.
    ChosenByClient,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("INV-2026/07_1.b", None)]
    #[case("", Some("empty"))]
    #[case("a b", Some("invalid_format"))]
    #[case("ä", Some("invalid_format"))]
    #[case("a\n", Some("invalid_format"))]
    fn numbers_are_plain(#[case] raw: &str, #[case] refused: Option<&str>) {
        let result = InvoiceNumber::parse(raw);

        assert_eq!(result.err().map(|why| why.code()), refused);
    }

    #[test]
    fn numbers_end_at_fifty_characters() {
        assert!(InvoiceNumber::parse(&"9".repeat(50)).is_ok());
        assert!(InvoiceNumber::parse(&"9".repeat(51)).is_err());
    }

    #[rstest]
    #[case("INV-2026-", true)]
    #[case("2026-", true)]
    #[case("", false)]
    #[case("INV 2026-", false)]
    #[case("ä", false)]
    #[case(&"9".repeat(Series::LENGTH_MAX), true)]
    #[case(&"9".repeat(Series::LENGTH_MAX + 1), false)]
    fn series_are_asked_for_by_name(#[case] raw: &str, #[case] is_name: bool) {
        assert_eq!(Series::parse(raw).is_ok(), is_name);
    }

    #[test]
    fn a_series_is_of_a_prefix_and_a_year_in_utc() {
        let prefix = NumberPrefix::parse("INV-").unwrap();
        let last_moment: Timestamp = "2026-12-31T23:59:59.999999Z".parse().unwrap();
        let next: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();

        let old = Series::at(&prefix, last_moment);

        assert_eq!(old.number_at(1).as_str(), "INV-2026-000001");
        assert_eq!(old.number_at(1_234_567).as_str(), "INV-2026-1234567");
        assert_eq!(Series::at(&prefix, next).as_str(), "INV-2027-");
    }
}
