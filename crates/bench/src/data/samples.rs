//! Values that are in the database, to ask for.

use jiff::civil::Date;
use tokio_postgres::Client;
use uuid::Uuid;

/// How many of each.
const COUNT: i64 = 50;

/// Values that are in the database, each list in an order that looks shuffled.
#[derive(Debug)]
pub(crate) struct Samples {
    /// Of invoices.
    pub(crate) numbers: Vec<String>,
    /// Of customers with an everyday number of invoices.
    pub(crate) customers: Vec<Uuid>,
    /// On which invoices were made, UTC.
    pub(crate) days: Vec<Date>,
    /// What the largest ordinary total is exceeded by.
    pub(crate) fortune_minor: i64,
    /// A total that half of the invoices exceed, about.
    pub(crate) usual_minor: i64,
    /// Today in UTC, by the database's clock.
    pub(crate) today: Date,
}

impl Samples {
    /// Takes them.
    pub(crate) async fn take(client: &Client) -> anyhow::Result<Self> {
        let numbers =
            "SELECT number FROM invoices TABLESAMPLE system (5) WHERE number IS NOT NULL LIMIT $1";
        let customers = "SELECT id FROM customers ORDER BY md5(id::text) LIMIT $1";
        let days = "SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM invoices TABLESAMPLE system (5) LIMIT $1";
        let rows = [
            client.query(numbers, &[&COUNT]).await?,
            client.query(customers, &[&COUNT]).await?,
            client.query(days, &[&COUNT]).await?,
        ];
        let [numbers, customers, days] = rows;
        let facts = client
            .query_one(
                "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY total_minor), (now() AT TIME ZONE 'UTC')::date \
                   FROM invoices TABLESAMPLE system (5)",
                &[],
            )
            .await?;
        Ok(Self {
            numbers: numbers.iter().map(|row| row.get(0)).collect(),
            customers: customers.iter().map(|row| row.get(0)).collect(),
            days: days.iter().map(|row| row.get(0)).collect(),
            fortune_minor: 100_000_000,
            usual_minor: facts.get(0),
            today: facts.get(1),
        })
    }
}

/// The ids of all invoices, in an order that has nothing to do with where they are stored.
pub(crate) async fn all_ids(client: &Client) -> anyhow::Result<Vec<Uuid>> {
    let rows = client
        .query("SELECT id FROM invoices ORDER BY md5(id::text)", &[])
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
