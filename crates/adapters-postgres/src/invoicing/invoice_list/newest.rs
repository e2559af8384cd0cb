//! A list whose rows are frequent: they are met among the newest ones, of which an index holds all that is compared.

use super::{
    Question,
    branches::{Branch, either},
    statement::{Search, Statement},
    way::NEWEST,
};

impl Question<'_> {
    /// Looks at the newest rows. If these are all there are, what is found is the answer too.
    pub(super) fn newest(&self) -> Statement {
        let mut values = self.exact();
        values.before(&self.bounds);
        let mut loose = Vec::new();
        match self.branches.as_slice() {
            [one @ (Branch::Any | Branch::In(_))] => {
                let own = one.text(&mut values);
                values.and_fixed(&own);
            }
            several => loose.push(either(several, &mut values)),
        }
        loose.push(values.apart(|loose| self.add_loose(loose)));
        let (exact, loose) = (values.text().to_owned(), loose.join(" AND "));
        let ids = format!(
            "SELECT id, made_at
               FROM (SELECT id, created_at AS made_at, due_date, total_minor, status, customer_name_folded
                       FROM invoices WHERE {exact} ORDER BY created_at DESC, id DESC LIMIT {NEWEST}) AS newest
              WHERE {loose}"
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
}
