//! A list that is read in its order, from the cursor on; and how many rows there are.

use super::{
    Question,
    branches::{Branch, union},
    statement::{ENTRY, Statement},
};
use crate::{listing::counted_max, query_text::Conditions};

impl Question<'_> {
    /// Reads along the list until enough rows are found.
    pub(super) fn whole(&self) -> Statement {
        let mut values = self.exact();
        values.before(&self.bounds);
        self.add_loose(&mut values);
        let conditions = values.text().to_owned();
        let reach = if self.branches.iter().any(|branch| branch.is_in_order()) {
            values.param(self.bounds.reach())
        } else {
            String::new()
        };
        let merged = union(&self.branches, |branch| {
            let own = branch.text(&mut values);
            self.of_branch(branch, &format!("{conditions} AND {own}"), &reach)
        });
        self.page_of("", &merged, values)
    }

    /// Reads a page of ids that are given as `id` and `made_at`, in no order.
    pub(super) fn page_of(&self, with: &str, merged: &str, mut values: Conditions) -> Statement {
        let ids = format!("SELECT id, made_at FROM ({merged}) AS matching");
        let (piece, _) = self.piece(&ids, &mut values);
        let sql = format!(
            "{with} SELECT true AS is_complete, entry.* FROM ({piece}) AS shown CROSS JOIN {ENTRY}
              ORDER BY made_at DESC, entry.id DESC",
            ENTRY = *ENTRY
        );
        Statement { sql, values }
    }

    /// Counts the rows, as far as anybody is told.
    pub(super) fn count(&self) -> Statement {
        if self.filter.client_contains.is_some() {
            return self.count_clients();
        }
        let mut values = self.exact();
        self.add_ranges(&mut values);
        let conditions = values.text().to_owned();
        let limit = values.param(counted_max());
        let all = union(&self.branches, |branch| {
            let own = branch.text(&mut values);
            format!("(SELECT 1 FROM invoices WHERE {conditions} AND {own} LIMIT {limit})")
        });
        let sql = format!(
            "SELECT count(*) FROM (SELECT FROM ({all}) AS matching LIMIT {limit}) AS counted"
        );
        Statement { sql, values }
    }

    /// The first ids of a branch.
    pub(super) fn of_branch(&self, branch: Branch, condition: &str, reach: &str) -> String {
        let ids = format!("SELECT id, created_at AS made_at FROM invoices WHERE {condition}");
        if branch.is_in_order() {
            format!("({})", self.first(&ids, reach))
        } else {
            // OFFSET 0 keeps the limit out of the choice of the index.
            format!("(SELECT * FROM ({ids} OFFSET 0) AS few)")
        }
    }
}
