//! A list by a range that has few rows: all of them are taken from its index and sorted.

use super::{
    Question,
    branches::either,
    conditions::Range,
    statement::{Search, Statement},
};

/// More rows than these are better met on the way through the list.
const FEW: i64 = 5_000;

impl Question<'_> {
    /// Counts the rows of the range, at most until they are too many; if they are not, takes them.
    pub(super) fn range(&self, range: Range) -> Statement {
        let mut values = self.exact();
        values.before(&self.bounds);
        self.add_ranges(&mut values);
        let branch = either(&self.branches, &mut values);
        let all = format!("{} AND {branch}", values.text());
        let within = values.apart(|within| {
            within.and("organization_id = ?", self.organization_id.as_uuid());
            range.add(within, self.filter);
        });
        // OFFSET 0 keeps the limit out of the choice of the index.
        let ids = format!(
            "SELECT id, made_at
               FROM (SELECT id, created_at AS made_at FROM invoices
                      WHERE {all} AND (SELECT are_few FROM few) OFFSET 0) AS all_of_them"
        );
        let (shown, _) = self.piece(&ids, &mut values);
        let (column, too_many) = (range.column(), FEW + 1);
        let search = Search {
            with: format!(
                "few AS MATERIALIZED (
                     SELECT count(*) <= {FEW} AS are_few
                       FROM (SELECT FROM invoices WHERE {within}
                              ORDER BY organization_id, {column} LIMIT {too_many}) AS counted),"
            ),
            shown,
            is_complete: "(SELECT are_few FROM few)".to_owned(),
        };
        search.statement(values)
    }
}
