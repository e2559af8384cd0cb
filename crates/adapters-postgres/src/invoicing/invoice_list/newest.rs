//! A list whose rows are frequent along an index, or which is short: the newest rows of that index are looked at.
//!
//! Whatever else rows have to be like is compared with these few, and stands in the text even where it is not asked for.
//! So there is one statement for each index, and one plan.

use domain::values::Currency;

use super::{
    Question,
    lead::Lead,
    statement::{Search, Statement},
    way::NEWEST,
};
use crate::{query_text::Conditions, values::folded};

impl Question<'_> {
    /// Looks at the newest rows. If these are all there are, what is found is the answer too.
    pub(super) fn newest(&self, lead: Lead) -> Statement {
        let mut values = Conditions::unseen();
        values.and("organization_id = ?", self.organization_id.as_uuid());
        lead.add(&mut values, self.filter);
        self.add_made(&mut values);
        values.before(&self.bounds);
        let exact = values.text().to_owned();
        let others = values.apart(|others| self.add_if_given(others, lead));
        let columns = lead.columns();
        let ids = format!(
            "SELECT id, made_at
               FROM (SELECT id, created_at AS made_at, {columns}
                       FROM invoices WHERE {exact} ORDER BY created_at DESC, id DESC LIMIT {NEWEST}) AS newest
              WHERE {others}"
        );
        let (shown, fetched) = self.piece(&ids, &mut values);
        let search = Search {
            with: String::new(),
            shown,
            is_complete: format!(
                "(SELECT count(*) FROM shown) = {fetched}
                 OR (SELECT count(*) < {NEWEST}
                       FROM (SELECT FROM invoices WHERE {exact}
                              ORDER BY created_at DESC, id DESC LIMIT {NEWEST}) AS passed)"
            ),
        };
        search.statement(values)
    }

    /// Adds all that may be asked for besides. What is not is NULL, and holds.
    fn add_if_given(&self, conditions: &mut Conditions, lead: Lead) {
        let filter = self.filter;
        conditions.and("coalesce(status = ANY (?), true)", self.statuses());
        let is_late = "(? IS NULL OR due_date < ? AND total_minor <> 0)";
        conditions.and(is_late, filter.overdue_on);
        conditions.and("coalesce(due_date >= ?, true)", filter.due_from);
        conditions.and("coalesce(due_date <= ?, true)", filter.due_to);
        conditions.and("coalesce(total_minor >= ?, true)", filter.total_minor_min);
        conditions.and("coalesce(total_minor <= ?, true)", filter.total_minor_max);
        let part = filter.client_contains.as_deref().map(folded);
        let contains = "coalesce(strpos(customer_name_folded, ?) > 0, true)";
        conditions.and(contains, part);
        if lead != Lead::All {
            let currency = filter.currency.map(Currency::code);
            conditions.and("coalesce(currency = ?, true)", currency);
            let customer = filter.customer_id.map(|id| id.as_uuid());
            // Unlike the other columns it can be NULL itself.
            conditions.and("(? IS NULL OR customer_id = ?)", customer);
        }
    }

    /// In one of which rows have to be; none if in any.
    fn statuses(&self) -> Option<Vec<String>> {
        let statuses = self.branches.iter().map(|branch| branch.status());
        statuses.map(|status| Some(status?.to_string())).collect()
    }
}
