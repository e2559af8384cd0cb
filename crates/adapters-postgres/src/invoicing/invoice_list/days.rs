//! A list by due date alone, day by day: an index gives the rows of each in the order of the list.
//!
//! No invoice is due before the day on which it was made. So once enough rows are found that were made after a day, nothing
//! that is due on that day or before can be newer.

use super::{
    Question,
    statement::{Search, Statement},
};

impl Question<'_> {
    /// Reads so many days of the range, the last ones first. The range ends where the organization's invoices do.
    pub(super) fn days(&self, count: i32) -> Statement {
        let mut values = self.exact();
        values.before(&self.bounds);
        // The first of the exact conditions, by the same parameter.
        let (own, exact) = (self.own().text().to_owned(), values.text().to_owned());
        let (from, to) = (
            values.param(self.filter.due_from),
            values.param(self.filter.due_to),
        );
        let reach = values.param(self.bounds.reach());
        let before = count - 1;
        let of_the_last = self.first(
            &format!(
                "SELECT id, created_at AS made_at FROM invoices WHERE {exact} AND due_date = latest"
            ),
            &reach,
        );
        // What is older than a whole page of the last day is not on the page: of most days, one look shows that.
        let of_a_day = self.first(
            &format!(
                "SELECT id, created_at AS made_at FROM invoices
                  WHERE {exact} AND due_date = latest - back AND created_at >= (SELECT oldest FROM page_of_the_last)"
            ),
            &reach,
        );
        let ids = format!(
            "SELECT id, made_at
               FROM days CROSS JOIN LATERAL generate_series(0, latest - earliest) AS back
                    CROSS JOIN LATERAL ({of_a_day}) AS of_a_day"
        );
        let (shown, fetched) = self.piece(&ids, &mut values);
        let search = Search {
            with: format!(
                "ends AS MATERIALIZED (
                     SELECT greatest({from}::date, (SELECT min(due_date) FROM invoices WHERE {own})) AS start,
                            least({to}::date, (SELECT max(due_date) FROM invoices WHERE {own})) AS latest),
                 days AS MATERIALIZED (SELECT start, latest, greatest(start, latest - {before}) AS earliest FROM ends),
                 page_of_the_last AS MATERIALIZED (
                     SELECT CASE WHEN count(*) = {reach} THEN min(made_at) ELSE '-infinity' END AS oldest
                       FROM days CROSS JOIN LATERAL ({of_the_last}) AS of_the_last),"
            ),
            shown,
            is_complete: format!(
                "coalesce((SELECT earliest <= start FROM days), true)
                 OR ((SELECT count(*) FROM shown) = {fetched}
                     AND (SELECT (min(made_at) AT TIME ZONE 'UTC')::date FROM shown) > (SELECT earliest FROM days))"
            ),
        };
        search.statement(values)
    }
}
