//! What the server is asked, and in what form it answers.

use std::sync::LazyLock;

use super::Question;
use crate::{invoicing::invoice_row::ENTRY_COLUMNS, listing::fetched_max, query_text::Conditions};

/// The row whose id is `shown`: looked up by it, however many the planner expects. OFFSET 0 makes that so.
pub(super) static ENTRY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "LATERAL (SELECT {ENTRY_COLUMNS} FROM invoices WHERE invoices.id = shown.id OFFSET 0) AS entry"
    )
});

/// A query, and the values of its parameters.
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) values: Conditions,
}

impl Question<'_> {
    /// The first of these rows, so many as a parameter says.
    ///
    /// The planner does not see what a parameter says and expects a tenth of all rows; so a plan for any value would look
    /// dear, and each time another be made. A second limit tells how many there can be.
    pub(super) fn first(&self, ids: &str, reach: &str) -> String {
        if self.bounds.offset == 0 {
            let most = fetched_max();
            format!(
                "SELECT * FROM ({ids} ORDER BY made_at DESC, id DESC LIMIT {most}) AS ahead
                  ORDER BY made_at DESC, id DESC LIMIT {reach}"
            )
        } else {
            format!("{ids} ORDER BY made_at DESC, id DESC LIMIT {reach}")
        }
    }

    /// Those of these rows that are asked for, with one more; and the parameter that says how many.
    pub(super) fn piece(&self, ids: &str, values: &mut Conditions) -> (String, String) {
        let fetched = values.param(self.bounds.fetched());
        let piece = if self.bounds.offset == 0 {
            self.first(ids, &fetched)
        } else {
            let offset = values.param(self.bounds.offset);
            format!("{ids} ORDER BY made_at DESC, id DESC OFFSET {offset} LIMIT {fetched}")
        };
        (piece, fetched)
    }
}

/// What finds ids in the order of the list, and how it is known whether these are all that belong there.
pub(super) struct Search {
    /// Common table expressions that the rest refers to, each with a comma behind it.
    pub(super) with: String,
    /// A query of `id` and `made_at`.
    pub(super) shown: String,
    /// A condition over `shown`.
    pub(super) is_complete: String,
}

impl Search {
    /// Asks for the rows. Where they are not the answer they are not read, and one row says so.
    pub(super) fn statement(self, values: Conditions) -> Statement {
        let Self {
            with,
            shown,
            is_complete,
        } = self;
        let sql = format!(
            "WITH {with} shown AS MATERIALIZED ({shown}), told AS MATERIALIZED (SELECT {is_complete} AS is_complete)
             SELECT told.is_complete, entries.*
               FROM told LEFT JOIN (
                    SELECT entry.*, made_at FROM shown CROSS JOIN {ENTRY} WHERE (SELECT is_complete FROM told)
                    ) AS entries ON true
              ORDER BY made_at DESC, id DESC",
            ENTRY = *ENTRY
        );
        Statement { sql, values }
    }
}
