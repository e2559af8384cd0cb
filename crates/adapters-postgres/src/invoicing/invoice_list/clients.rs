//! A list by a text that names contain: the names are looked up, and the rows of each are in an index in their order.
//!
//! Where many names contain the text its rows are met soon on the way through the list, from an index that holds the names.

use super::{
    Question,
    branches::{either, union},
    statement::Statement,
};
use crate::{
    listing::counted_max, query_text::Conditions, search_grams::gram_query, values::folded,
};

/// With more names than these the list is read in its order.
const NAMES_MAX: i64 = 200;

/// The parts of a query by names.
struct Parts {
    /// The names, and whether they are few.
    with: String,
    /// What rows have to be like, in whatever status.
    conditions: String,
    /// The status that they have to be in.
    either: String,
}

impl Question<'_> {
    /// Finds rows by the names of their customers.
    pub(super) fn clients(&self) -> Statement {
        let mut values = self.exact();
        values.before(&self.bounds);
        let parts = self.parts(&mut values);
        let reach = values.param(self.bounds.reach());
        let Parts {
            with,
            conditions,
            either,
        } = &parts;
        let along = union(&self.branches, |branch| {
            let own = branch.text(&mut values);
            let condition = format!("{conditions} AND {own} AND NOT (SELECT are_few FROM few)");
            self.of_branch(branch, &condition, &reach)
        });
        let of_a_name = self.first(
            &format!(
                "SELECT id, created_at AS made_at FROM invoices
                  WHERE {conditions} AND {either} AND customer_name_folded = name_folded"
            ),
            &reach,
        );
        let merged = format!(
            "(SELECT id, made_at FROM named CROSS JOIN LATERAL ({of_a_name}) AS of_a_name
               WHERE (SELECT are_few FROM few))
             UNION ALL {along}"
        );
        self.page_of(with, &merged, values)
    }

    pub(super) fn count_clients(&self) -> Statement {
        let mut values = self.exact();
        let parts = self.parts(&mut values);
        let limit = values.param(counted_max());
        let Parts {
            with,
            conditions,
            either,
        } = &parts;
        let sql = format!(
            "{with} SELECT count(*) FROM (
                SELECT FROM (
                    (SELECT 1 FROM invoices
                      WHERE {conditions} AND {either} AND customer_name_folded IN (SELECT name_folded FROM named)
                        AND (SELECT are_few FROM few) LIMIT {limit})
                    UNION ALL
                    (SELECT 1 FROM invoices
                      WHERE {conditions} AND {either} AND NOT (SELECT are_few FROM few) LIMIT {limit})
                ) AS matching LIMIT {limit}) AS counted"
        );
        Statement { sql, values }
    }

    fn parts(&self, values: &mut Conditions) -> Parts {
        self.add_loose(values);
        let conditions = values.text().to_owned();
        let either = either(&self.branches, values);
        let text = self.filter.client_contains.as_deref().unwrap_or_default();
        let organization = values.param(self.organization_id.as_uuid());
        let grams = values.param(gram_query(self.organization_id, &folded(text)));
        let part = values.param(folded(text));
        let too_many = NAMES_MAX + 1;
        let with = format!(
            "WITH named AS MATERIALIZED (
                 SELECT name_folded FROM invoice_clients
                  WHERE organization_id = {organization} AND grams @@ {grams}::text::tsquery
                    AND strpos(name_folded, {part}) > 0 LIMIT {too_many}),
                  few AS MATERIALIZED (SELECT count(*) <= {NAMES_MAX} AS are_few FROM named)"
        );
        Parts {
            with,
            conditions,
            either,
        }
    }
}
