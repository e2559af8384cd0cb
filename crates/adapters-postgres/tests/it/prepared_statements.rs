//! What a connection remembers does not grow with what it is asked.

use adapters_postgres::PgInvoiceQueries;
use app::{
    ports::{InvoiceFilter, InvoiceQueries},
    testing::ORGANIZATION,
};
use domain::invoicing::InvoiceStatus;

use crate::support::{Dice, World, both, customer, filter_by, first};

/// Lets each customer that is stored tell how many statements the connection that stores it remembers.
const COUNTING: &str = "
    CREATE TABLE remembered (count bigint);
    CREATE FUNCTION count_remembered() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO remembered SELECT count(*) FROM pg_prepared_statements; RETURN NEW; END $$;
    CREATE TRIGGER counting AFTER INSERT ON customers FOR EACH ROW EXECUTE FUNCTION count_remembered();";

/// Lists by every pair of conditions, in these statuses.
async fn list_by_pairs(queries: &PgInvoiceQueries, statuses: &[InvoiceStatus]) {
    let mut dice = Dice::new(7);
    for one in 1..12 {
        for two in 1..one {
            let filter = InvoiceFilter {
                statuses: statuses.to_vec(),
                ..both(filter_by(one, &mut dice), filter_by(two, &mut dice))
            };
            queries.list(ORGANIZATION, &filter, first()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn lists_by_other_combinations_of_filters_leave_no_statements_behind() {
    let world = World::with(|options| options.pool_size_max = 1).await;
    let admin = world.admin().await;
    admin.run(COUNTING).await;
    let queries = PgInvoiceQueries::new(world.database.clone());
    // Some statements that all such lists share are remembered from here on.
    list_by_pairs(&queries, &InvoiceStatus::ALL[..2]).await;
    world.store_customer(&customer(10, "Before")).await;

    for statuses in [1..3, 2..4, 0..3] {
        list_by_pairs(&queries, &InvoiceStatus::ALL[statuses]).await;
    }

    world.store_customer(&customer(11, "After")).await;
    let remembered = "SELECT array_agg(count ORDER BY ctid) FROM remembered";
    let counts: Vec<i64> = admin.value(remembered).await;
    let [before, after] = counts[..] else {
        panic!("{counts:?}");
    };
    assert_eq!(before, after);
}
