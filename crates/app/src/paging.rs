//! Lists in pieces: by keyset for programs, by page for people.

use jiff::Timestamp;
use uuid::Uuid;

/// How many rows a piece may have: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

/// The page begins behind the 10,000th row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "pages end at row {}; use a cursor to go further",
    PageNumber::ROWS_MAX
)]
pub struct PageTooDeep;

impl Limit {
    /// The most.
    pub const MAX: u16 = 100;

    /// Checks a limit.
    pub fn new(rows: i64) -> Option<Self> {
        let rows = u16::try_from(rows).ok()?;
        (1..=Self::MAX).contains(&rows).then_some(Self(rows))
    }

    /// As many as there may be.
    pub const fn of_most() -> Self {
        Self(Self::MAX)
    }

    /// The number of rows.
    pub const fn rows(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

/// Which page, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumber(u32);

impl PageNumber {
    /// Pages end here, and totals are not counted further.
    pub const ROWS_MAX: u32 = 10_000;

    /// A page of this size, if it begins before the last row that pages reach: where the size does not divide their number,
    /// the last page is a short one.
    pub fn new(number: u32, size: Limit) -> Result<Self, PageTooDeep> {
        let before = number.checked_sub(1);
        let rows_before = before.and_then(|pages| pages.checked_mul(u32::from(size.rows())));
        match rows_before {
            Some(rows) if rows < Self::ROWS_MAX => Ok(Self(number)),
            Some(_) | None => Err(PageTooDeep),
        }
    }

    /// The number, from 1.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// How many rows come before it.
    pub fn offset(self, size: Limit) -> u32 {
        (self.0 - 1) * u32::from(size.0)
    }

    /// How many rows it has at most: what is behind the last row that pages reach is not on any page, so that all pages
    /// together have as many rows as the total tells.
    pub fn rows_max(self, size: Limit) -> u32 {
        let reachable = Self::ROWS_MAX.saturating_sub(self.offset(size));
        reachable.min(u32::from(size.0))
    }
}

/// Where in a list ordered by `created_at` and `id`, newest first, a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// When the row was made.
    pub created_at: Timestamp,
    /// Which it is among those of the same instant.
    pub id: Uuid,
}

/// Which piece of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// What follows a position; from the start without one.
    After {
        /// The last row that the caller has seen.
        position: Option<Position>,
        /// How many rows.
        limit: Limit,
    },
    /// A page, with a total.
    Page {
        /// Which.
        number: PageNumber,
        /// How many rows.
        size: Limit,
    },
}

/// How many rows there are in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The count, at most [`PageNumber::ROWS_MAX`].
    pub rows: u32,
    /// Whether there are no more than that.
    pub is_exact: bool,
}

/// A piece of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next piece begins, if there is one.
    pub next: Option<Position>,
    /// How many rows there are in all; asked for by page only.
    pub total: Option<Total>,
}

impl<T> Listing<T> {
    /// The same piece, with its rows borrowed.
    pub fn as_ref(&self) -> Listing<&T> {
        Listing {
            rows: self.rows.iter().collect(),
            next: self.next,
            total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn pages_end_at_the_ten_thousandth_row() {
        let hundred = Limit::new(100).expect("a limit");

        assert!(PageNumber::new(100, hundred).is_ok());
        assert_eq!(PageNumber::new(101, hundred), Err(PageTooDeep));
        assert_eq!(PageNumber::new(0, hundred), Err(PageTooDeep));
        assert_eq!(PageNumber::new(u32::MAX, hundred), Err(PageTooDeep));
    }

    #[rstest]
    #[case::of_the_largest(100, 100, 100)]
    #[case::of_the_usual_size(20, 500, 20)]
    #[case::that_is_cut(30, 334, 10)]
    #[case::that_is_cut_most(99, 102, 1)]
    #[case::of_one_row(1, 10_000, 1)]
    fn the_last_page_is_the_one_with_the_ten_thousandth_row(
        #[case] size: i64,
        #[case] last: u32,
        #[case] rows: u32,
    ) {
        let size = Limit::new(size).expect("a limit");
        let page = |number| PageNumber::new(number, size);

        assert_eq!(page(last).map(|page| page.rows_max(size)), Ok(rows));
        assert_eq!(page(last + 1), Err(PageTooDeep));
        assert_eq!(
            page(last - 1).map(|page| page.rows_max(size)),
            Ok(size.rows().into())
        );
    }

    #[test]
    fn limits_are_one_to_a_hundred() {
        let accepted: Vec<_> = [0, 1, 100, 101, -1].map(Limit::new).to_vec();

        assert_eq!(
            accepted,
            [None, Some(Limit(1)), Some(Limit(100)), None, None]
        );
    }
}
