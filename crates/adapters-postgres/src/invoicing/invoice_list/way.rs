//! In which order the ways to the rows of a list are tried.

use app::ports::InvoiceFilter;

use super::{
    Question,
    conditions::Range,
    lead::{Lead, leads},
    statement::Statement,
};

/// How many rows are looked at before one gives up meeting enough of them by chance.
pub(super) const NEWEST: i64 = 300;
/// About a month: within it, most invoices that are due on a day have been made.
const DAYS_NEAR: i32 = 32;
/// Among them are the days on which the open invoices of almost anybody are due.
const DAYS_FAR: i32 = 512;
/// All days on which anything can be due.
const DAYS_ALL: i32 = 1_000_000;

/// How the rows of a list are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Among the newest rows along an index. Finds what is frequent there, and all of what is short.
    Newest(Lead),
    /// By the names that contain the text; where these are many, along the list.
    Clients,
    /// Day by day of a range of due dates, so many days of it, the last ones first.
    Days(i32),
    /// All rows of a range, sorted. Finds what is rare.
    Range(Range),
    /// Along the list, to its end if need be.
    Whole,
}

/// The ways to try. The last one always finds the answer.
pub(super) fn ways(question: &Question<'_>) -> Vec<Way> {
    let Question { filter, bounds, .. } = question;
    let ranges = [Range::DueDate, Range::Total]
        .into_iter()
        .filter(|range| range.is_given(filter));
    let is_near = bounds.reach() <= NEWEST;
    if is_near && is_only_due(filter) {
        return by_due_date(filter);
    }
    let leads = if is_near { leads(filter) } else { Vec::new() };
    let newest = leads.into_iter().map(Way::Newest);
    if filter.client_contains.is_some() {
        return newest.chain([Way::Clients]).collect();
    }
    let ranges = ranges.map(Way::Range);
    newest.chain(ranges).chain([Way::Whole]).collect()
}

/// Whether a range of due dates is all that rows are chosen by, but for the days on which they were made.
fn is_only_due(filter: &InvoiceFilter) -> bool {
    let InvoiceFilter {
        created_from,
        created_before,
        due_from,
        due_to,
        ..
    } = filter;
    let due = InvoiceFilter {
        created_from: *created_from,
        created_before: *created_before,
        due_from: *due_from,
        due_to: *due_to,
        ..InvoiceFilter::default()
    };
    Range::DueDate.is_given(filter) && *filter == due
}

/// Where a range has an end, what is due then was made some time before, behind the newest rows.
fn by_due_date(filter: &InvoiceFilter) -> Vec<Way> {
    let near = filter.due_to.map(|_| Way::Days(DAYS_NEAR));
    let others = [
        Way::Newest(Lead::All),
        Way::Days(DAYS_FAR),
        Way::Days(DAYS_ALL),
    ];
    near.into_iter().chain(others).collect()
}

impl Way {
    /// Whether one statement, or a few, serve whatever is asked for.
    pub(super) const fn is_common(self) -> bool {
        matches!(self, Self::Newest(_))
    }

    /// What asks the server to try.
    pub(super) fn statement(self, question: &Question<'_>) -> Statement {
        match self {
            Self::Newest(lead) => question.newest(lead),
            Self::Clients => question.clients(),
            Self::Days(count) => question.days(count),
            Self::Range(range) => question.range(range),
            Self::Whole => question.whole(),
        }
    }
}

#[cfg(test)]
mod tests {
    use app::{
        paging::{Limit, PageNumber, Window},
        testing::ORGANIZATION,
    };
    use domain::{invoicing::InvoiceStatus, values::Currency};
    use jiff::civil::date;

    use super::*;
    use crate::listing::Bounds;

    fn ways_of(change: impl FnOnce(&mut InvoiceFilter), page: u32) -> Vec<Way> {
        let mut filter = InvoiceFilter::default();
        change(&mut filter);
        let size = Limit::new(100).unwrap();
        let number = PageNumber::new(page, size).unwrap();
        let branches = super::super::branches(&filter);
        ways(&Question {
            organization_id: ORGANIZATION,
            filter: &filter,
            bounds: Bounds::of(Window::Page { number, size }),
            branches,
        })
    }

    #[test]
    fn a_list_in_the_order_of_an_index_is_read_along_it() {
        assert_eq!(ways_of(|_| {}, 1), [Way::Whole]);
        assert_eq!(
            ways_of(|it| it.overdue_on = Some(date(2026, 1, 1)), 1),
            [Way::Whole]
        );
    }

    #[test]
    fn what_may_be_frequent_is_looked_for_among_the_newest_first() {
        let total = |it: &mut InvoiceFilter| it.total_minor_min = Some(1);
        let [newest, by_total] = [Way::Newest(Lead::All), Way::Range(Range::Total)];
        assert_eq!(ways_of(total, 1), [newest, by_total, Way::Whole]);
        assert_eq!(ways_of(total, 4), [by_total, Way::Whole]);
        let client = |it: &mut InvoiceFilter| it.client_contains = Some("a".to_owned());
        assert_eq!(ways_of(client, 1), [newest, Way::Clients]);
        assert_eq!(ways_of(client, 4), [Way::Clients]);
    }

    #[test]
    fn of_several_values_each_is_looked_along() {
        let paid = |it: &mut InvoiceFilter| it.statuses = vec![InvoiceStatus::Paid];
        let both = |it: &mut InvoiceFilter| {
            paid(it);
            it.currency = Some(Currency::parse("EUR").unwrap());
        };
        let all = |it: &mut InvoiceFilter| {
            both(it);
            it.client_contains = Some("a".to_owned());
        };
        let by_currency = Way::Newest(Lead::Currency);
        let by_status = Way::Newest(Lead::Status(InvoiceStatus::Paid));
        assert_eq!(ways_of(paid, 1), [Way::Whole]);
        assert_eq!(ways_of(both, 1), [by_currency, by_status, Way::Whole]);
        assert_eq!(ways_of(both, 4), [Way::Whole]);
        assert_eq!(ways_of(all, 1), [by_currency, by_status, Way::Clients]);
    }

    #[test]
    fn due_dates_alone_are_read_day_by_day() {
        let day = Some(date(2026, 1, 1));
        let [far, all] = [Way::Days(DAYS_FAR), Way::Days(DAYS_ALL)];
        let near = Way::Days(DAYS_NEAR);
        let newest = Way::Newest(Lead::All);
        assert_eq!(ways_of(|it| it.due_from = day, 1), [newest, far, all]);
        assert_eq!(ways_of(|it| it.due_to = day, 1), [near, newest, far, all]);
        let both = |it: &mut InvoiceFilter| (it.due_to, it.total_minor_max) = (day, Some(1));
        let ranges = [Way::Range(Range::DueDate), Way::Range(Range::Total)];
        assert_eq!(ways_of(both, 1)[1..], [&ranges[..], &[Way::Whole]].concat());
    }
}
