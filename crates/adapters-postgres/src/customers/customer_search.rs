//! A list by a text that names contain, tried one way after the other; each tells whether what it has found is the answer.
//!
//! What is frequent is met among the newest rows. What is rare is looked up by its words. What is neither is met soon on the
//! way through the list. The planner cannot choose between these: it knows nothing of the text.

use app::ports::StorageError;
use domain::ids::OrganizationId;
use tokio_postgres::Row;
use uuid::Uuid;

use super::customer_row::COLUMNS;
use crate::{
    database::Database,
    listing::{Bounds, counted_max},
    query_text::Conditions,
    search_grams::gram_query,
    values::folded,
};

/// So many of the newest rows are looked at first.
const NEWEST: i64 = 300;
/// With more rows than these the list is read in its order.
const NAMED_MAX: i64 = 5_000;

const IN_ORDER: &str = "ORDER BY created_at DESC, id DESC";

/// Customers of an organization, archived ones left out, whose names contain a text.
pub(super) struct Search<'a> {
    pub(super) organization_id: OrganizationId,
    pub(super) text: &'a str,
}

impl Search<'_> {
    /// How many there are, as far as they are counted.
    pub(super) async fn count(&self, database: &Database) -> Result<Option<i64>, StorageError> {
        let mut values = self.own();
        self.add_words(&mut values);
        self.add_text(&mut values);
        let limit = values.param(counted_max());
        let sql = format!(
            "SELECT count(*) FROM (SELECT FROM customers WHERE {} LIMIT {limit}) AS counted",
            values.text()
        );
        let row = database.query_opt(&sql, &values.params()).await?;
        Ok(row.map(|row| row.get(0)))
    }

    /// The rows of a piece of the list.
    pub(super) async fn rows(
        &self,
        database: &Database,
        bounds: &Bounds,
    ) -> Result<Vec<Row>, StorageError> {
        for (sql, values) in [self.newest(bounds), self.by_words(bounds)] {
            let rows = database.query(&sql, &values.params()).await?;
            if rows.first().is_some_and(|row| row.get("is_complete")) {
                return Ok(rows.into_iter().filter(is_a_customer).collect());
            }
        }
        let (sql, values) = self.along_the_list(bounds);
        database.query(&sql, &values.params()).await
    }

    fn newest(&self, bounds: &Bounds) -> (String, Conditions) {
        let mut values = self.own();
        values.before(bounds);
        let own = values.text().to_owned();
        let matching = values.apart(|apart| self.add_text(apart));
        let (shown, fetched) = shown(bounds, &mut values);
        let sql = format!(
            "WITH newest AS MATERIALIZED (
                 SELECT {COLUMNS}, name_folded FROM customers WHERE {own} {IN_ORDER} LIMIT {NEWEST}),
             shown AS MATERIALIZED (SELECT {COLUMNS} FROM newest WHERE {matching} {shown})
             SELECT * FROM (SELECT (SELECT count(*) FROM shown) = {fetched}
                                OR (SELECT count(*) FROM newest) < {NEWEST} AS is_complete) AS told
               LEFT JOIN shown ON true {IN_ORDER}"
        );
        (sql, values)
    }

    fn by_words(&self, bounds: &Bounds) -> (String, Conditions) {
        let mut values = self.own();
        values.before(bounds);
        self.add_words(&mut values);
        self.add_text(&mut values);
        let matching = values.text().to_owned();
        let (shown, _) = shown(bounds, &mut values);
        let too_many = NAMED_MAX + 1;
        let sql = format!(
            "WITH named AS MATERIALIZED (SELECT {COLUMNS} FROM customers WHERE {matching} LIMIT {too_many}),
             shown AS (SELECT {COLUMNS} FROM named {shown})
             SELECT * FROM (SELECT count(*) <= {NAMED_MAX} AS is_complete FROM named) AS told
               LEFT JOIN shown ON true {IN_ORDER}"
        );
        (sql, values)
    }

    fn along_the_list(&self, bounds: &Bounds) -> (String, Conditions) {
        let mut values = self.own();
        values.before(bounds);
        self.add_text(&mut values);
        let matching = values.text().to_owned();
        let (shown, _) = shown(bounds, &mut values);
        let sql = format!("SELECT {COLUMNS} FROM customers WHERE {matching} {shown}");
        (sql, values)
    }

    fn own(&self) -> Conditions {
        let mut values = Conditions::default();
        values.and("organization_id = ?", self.organization_id.as_uuid());
        values.and_fixed("archived_at IS NULL");
        values
    }

    /// What the index knows.
    fn add_words(&self, values: &mut Conditions) {
        let words = gram_query(self.organization_id, &folded(self.text));
        values.and(
            "name_words(organization_id, name_folded) @@ ?::text::tsquery",
            words,
        );
    }

    /// What it comes to.
    fn add_text(&self, values: &mut Conditions) {
        values.and("strpos(name_folded, ?) > 0", folded(self.text));
    }
}

/// The end of a query that gives a piece of the list, and how many rows it gives at most.
fn shown(bounds: &Bounds, values: &mut Conditions) -> (String, String) {
    let (offset, fetched) = (values.param(bounds.offset), values.param(bounds.fetched()));
    (
        format!("{IN_ORDER} OFFSET {offset} LIMIT {fetched}"),
        fetched,
    )
}

/// Where nothing was found there is a row that tells only how the search went.
fn is_a_customer(row: &Row) -> bool {
    row.get::<_, Option<Uuid>>("id").is_some()
}
