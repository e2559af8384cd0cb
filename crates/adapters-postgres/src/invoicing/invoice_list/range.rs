//! A list by a range that has few rows: all of them are taken from its index and sorted.

use super::{
    Question,
    branches::either,
    conditions::{Range, conditions_given},
    statement::{Search, Statement},
};
use crate::query_text::Conditions;

/// More rows than these are better met on the way through the list.
const FEW: i64 = 5_000;

impl Question<'_> {
    /// Counts the rows of the range, at most until they are too many; if they are not, takes them.
    pub(super) fn range(&self, range: Range) -> Statement {
        if conditions_given(self.filter) == 1 {
            return self.range_alone(range);
        }
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

    /// The same where nothing else is asked for: the index holds all that is needed, and is read once.
    fn range_alone(&self, range: Range) -> Statement {
        let mut values = Conditions::unseen();
        values.and("organization_id = ?", self.organization_id.as_uuid());
        range.add_closed(&mut values, self.filter);
        let within = values.text().to_owned();
        let left = values.apart(|left| {
            left.and_fixed("(SELECT are_few FROM few)");
            left.before(&self.bounds);
        });
        let (column, too_many) = (range.column(), FEW + 1);
        let ids = format!("SELECT id, created_at AS made_at FROM within WHERE {left}");
        let (shown, _) = self.piece(&ids, &mut values);
        let search = Search {
            with: format!(
                "within AS MATERIALIZED (
                     SELECT id, created_at FROM invoices WHERE {within}
                      ORDER BY organization_id, {column} LIMIT {too_many}),
                 few AS MATERIALIZED (SELECT count(*) <= {FEW} AS are_few FROM within),"
            ),
            shown,
            is_complete: "(SELECT are_few FROM few)".to_owned(),
        };
        search.statement(values)
    }
}
