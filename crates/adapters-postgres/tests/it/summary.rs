//! The read model is what a scan of all invoices gives, at any moment.

use std::sync::atomic::{AtomicBool, Ordering};

use adapters_postgres::{PgInvoiceQueries, PgSummaryFolding};
use app::{
    invoicing::{InvoiceChanges, SummaryRow},
    ports::InvoiceQueries,
    testing::{ORGANIZATION, draft_contents, stranger},
};
use domain::{
    invoicing::{DueDate, InvoiceStatus, LineItems},
    values::AMOUNT_MINOR_MAX,
};
use futures_util::future::{join, join_all, join3};
use jiff::civil::date;

use crate::support::{Admin, Dice, World, currency, draft, line, number, unnumbered};

/// What differs between the read model and the invoices, both as of one moment.
const DIFFERENCES: &str = "
    WITH model AS (
        SELECT organization_id, currency, status, due_date, sum(count) AS count, sum(total_minor) AS total_minor,
               sum(due_minor) AS due_minor
          FROM (SELECT * FROM invoice_summary UNION ALL SELECT * FROM invoice_summary_changes) AS parts
         GROUP BY organization_id, currency, status, due_date HAVING sum(count) <> 0 OR sum(total_minor) <> 0),
    scan AS (
        SELECT organization_id, currency, status, due_date, count(*) AS count, sum(total_minor) AS total_minor,
               sum(CASE status WHEN 'cancelled' THEN 0 ELSE total_minor - amount_paid_minor END) AS due_minor
          FROM invoices GROUP BY organization_id, currency, status, due_date)
    SELECT count(*) FROM ((TABLE model EXCEPT TABLE scan) UNION ALL (TABLE scan EXCEPT TABLE model)) AS differences";

async fn assert_is_exact(world: &World, admin: &Admin) {
    let queries = PgInvoiceQueries::new(world.database.clone());
    let mut read = queries.summary(ORGANIZATION).await.unwrap();
    let scan = "SELECT currency, status, due_date, count(*), sum(total_minor)::text,
                       sum(CASE status WHEN 'cancelled' THEN 0 ELSE total_minor - amount_paid_minor END)::text
                  FROM invoices GROUP BY currency, status, due_date";
    let scanned = admin.rows(scan).await;
    let mut expected: Vec<_> = scanned
        .iter()
        .map(|row| SummaryRow {
            currency: row.get(0),
            status: InvoiceStatus::parse(row.get(1)).unwrap(),
            due_date: row.get(2),
            count: row.get(3),
            total_minor: row.get::<_, &str>(4).parse().unwrap(),
            due_minor: row.get::<_, &str>(5).parse().unwrap(),
        })
        .collect();
    let group = |row: &SummaryRow| (row.currency.clone(), row.status, row.due_date);
    read.sort_by_key(group);
    expected.sort_by_key(group);
    assert_eq!(read, expected);
    assert_eq!(admin.value::<i64>(DIFFERENCES).await, 0);
}

/// One of many clients: creates, edits, takes steps and deletes, whatever the dice say.
async fn live(world: &World, seed: u64) {
    let mut dice = Dice::new(seed);
    for _ in 0..12 {
        let mut command = unnumbered();
        command.currency = Some(currency(dice.pick(&["USD", "EUR", "JPY"])));
        command.due_date = Some(DueDate::restore(
            dice.pick(&[date(2026, 11, 21), date(2026, 12, 1)]),
        ));
        let id = world.create(command).await.unwrap().id;
        if dice.one_in(2) {
            let price = i64::try_from(1 + dice.below(1_000_000)).unwrap();
            let changes = InvoiceChanges {
                currency: Some(currency(dice.pick(&["USD", "EUR"]))),
                items: Some(LineItems::new(vec![line("work", "2.5", price, 1_900)]).unwrap()),
                ..InvoiceChanges::default()
            };
            world.edit(id, changes).await.unwrap();
        }
        if dice.one_in(3) {
            world.delete(id).await.unwrap();
            continue;
        }
        for _ in 0..dice.below(4) {
            // Not every step is allowed; those that are refused change nothing.
            let _perhaps = world
                .change_status(id, dice.pick(&InvoiceStatus::ALL))
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_summary_is_exact_while_many_write_and_others_fold() {
    let world = World::new().await;
    let admin = world.admin().await;
    let folding = PgSummaryFolding::new(world.database.clone());
    let is_over = AtomicBool::new(false);
    let clients = async {
        join_all((0..8).map(|seed| live(&world, seed))).await;
        is_over.store(true, Ordering::SeqCst);
    };
    let fold = || async {
        let mut folded = 0;
        while !is_over.load(Ordering::SeqCst) {
            folded += folding.fold(7).await.unwrap();
        }
        folded
    };
    let watch = async {
        let mut readings = 0;
        while !is_over.load(Ordering::SeqCst) {
            assert_eq!(admin.value::<i64>(DIFFERENCES).await, 0);
            readings += 1;
        }
        readings
    };

    let ((), (one, two), readings) = join3(clients, join(fold(), fold()), watch).await;

    assert!(one + two > 0 && readings > 5, "{one} {two} {readings}");
    assert_is_exact(&world, &admin).await;
    while folding.fold(1_000).await.unwrap() > 0 {}
    assert_eq!(admin.count("invoice_summary_changes").await, 0);
    assert_is_exact(&world, &admin).await;
}

#[tokio::test]
async fn folding_takes_a_batch_at_a_time_and_leaves_what_was_rolled_back() {
    let world = World::new().await;
    for _ in 0..5 {
        world.drafted().await;
    }
    let folding = PgSummaryFolding::new(world.database.clone());

    let mut folded = Vec::new();
    for _ in 0..4 {
        folded.push(folding.fold(2).await.unwrap());
    }

    assert_eq!(folded, [2, 2, 1, 0]);
    assert_is_exact(&world, &world.admin().await).await;
}

#[tokio::test]
async fn groups_that_all_invoices_have_left_are_forgotten() {
    let world = World::new().await;
    let admin = world.admin().await;
    let folding = PgSummaryFolding::new(world.database.clone());
    let [left, deleted] = [world.drafted().await, world.drafted().await];
    folding.fold(1_000).await.unwrap();
    assert_eq!(admin.count("invoice_summary").await, 1);

    world.delete(deleted).await.unwrap();
    world
        .change_status(left, InvoiceStatus::Cancelled)
        .await
        .unwrap();
    folding.fold(1_000).await.unwrap();

    let groups = "SELECT array_agg(status || ' ' || count) FROM invoice_summary";
    let groups: Vec<String> = admin.value(groups).await;
    assert_eq!(groups, ["cancelled 1"]);
    assert_is_exact(&world, &admin).await;
}

#[tokio::test]
async fn sums_may_be_larger_than_any_amount() {
    let world = World::new().await;
    let dear = |raw: u128| {
        let mut contents = draft_contents();
        contents.number = Some(number(&format!("D-{raw}")));
        contents.items = LineItems::new(vec![line("all", "1", AMOUNT_MINOR_MAX, 0)]).unwrap();
        draft(raw, contents)
    };
    world.store_invoices((100..1_200).map(dear).collect()).await;

    for _ in 0..2 {
        let queries = PgInvoiceQueries::new(world.database.clone());
        let summary = queries.summary(ORGANIZATION).await.unwrap();
        assert_eq!(summary[0].total_minor, 1_100 * i128::from(AMOUNT_MINOR_MAX));
        let theirs = queries.summary(stranger().organization_id).await.unwrap();
        assert_eq!(theirs, []);
        PgSummaryFolding::new(world.database.clone())
            .fold(2_000)
            .await
            .unwrap();
    }
}
