//! Marking late invoices as overdue, in batches, by one sweeper at a time.

use adapters_postgres::PgInvoiceQueries;
use app::{
    invoicing::Swept,
    ports::{InvoiceFilter, InvoiceQueries, Outcome},
    testing::ORGANIZATION,
};
use domain::invoicing::InvoiceStatus;
use futures_util::{FutureExt, future::join};
use jiff::{SignedDuration, civil::date};

use crate::support::{Admin, World, first, invoice_id, issued};

/// Makes copies of the only invoice, until there are so many.
async fn multiply(admin: &Admin, count: i64) {
    let copies = format!(
        "INSERT INTO invoices
         SELECT copy.* FROM invoices AS old, generate_series(2, {count}) AS n,
             jsonb_populate_record(old, jsonb_build_object('id', gen_random_uuid(), 'number', 'C-' || n)) AS copy"
    );
    admin.run(&copies).await;
}

/// As many sent invoices, due on 20 December 2026, and the day after.
async fn late_invoices(count: i64) -> (World, Admin) {
    let world = World::new().await;
    world
        .store_invoices(vec![issued(7, &[InvoiceStatus::Sent])])
        .await;
    let admin = world.admin().await;
    multiply(&admin, count).await;
    world.clock.advance(SignedDuration::from_hours(24 * 31));
    (world, admin)
}

/// Each invoice was marked once, and the timeline knows by whom.
async fn assert_were_marked_once(admin: &Admin, count: i64) {
    let marked = "invoices WHERE status = 'overdue' AND version = 3";
    assert_eq!(admin.count(marked).await, count);
    assert_eq!(
        admin.count("outbox WHERE type = 'invoice.overdue'").await,
        count
    );
    let entries = "invoice_timeline WHERE actor_kind = 'role' AND actor = 'scheduler'";
    assert_eq!(admin.count(entries).await, count);
}

#[tokio::test]
async fn twelve_hundred_late_invoices_are_three_batches() {
    let (world, admin) = late_invoices(1_200).await;

    let batches = [
        world.sweep(500).await,
        world.sweep(500).await,
        world.sweep(500).await,
    ];

    let swept = |marked, has_more| Swept { marked, has_more };
    assert_eq!(
        batches,
        [swept(500, true), swept(500, true), swept(200, false)]
    );
    assert_were_marked_once(&admin, 1_200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_sweepers_at_once_mark_each_invoice_once() {
    let (world, admin) = late_invoices(300).await;
    let sweep = || async {
        let mut marked = 0;
        while admin.count("invoices WHERE status = 'sent'").await > 0 {
            marked += world.sweep(20).await.marked;
        }
        marked
    };

    let (one, two) = join(sweep(), sweep()).await;

    assert_eq!(one + two, 300);
    assert_were_marked_once(&admin, 300).await;
}

#[tokio::test]
async fn a_second_sweeper_finds_nothing_while_the_first_holds_its_batch() {
    let (world, admin) = late_invoices(10).await;
    let first = world
        .hold(|uow| {
            async move {
                let late = uow
                    .invoices()
                    .list_unswept_for_update(date(2026, 12, 21), 4)
                    .await;
                let late: Vec<_> = late.unwrap().iter().map(|it| it.facts().id).collect();
                assert!(late.is_sorted() && late.len() == 4);
            }
            .boxed()
        })
        .await;

    let second = world.sweep(4).await;

    assert_eq!(second.marked, 0);
    first.end(Outcome::Rollback).await.unwrap();
    assert_eq!(world.sweep(100).await.marked, 10);
    assert_were_marked_once(&admin, 10).await;
}

#[tokio::test]
async fn invoices_that_somebody_is_changing_are_passed_over_and_make_room_for_others() {
    let (world, _) = late_invoices(10).await;
    let other = world.admin().await;
    let locked = "BEGIN; SELECT FROM invoices ORDER BY due_date, id LIMIT 4 FOR UPDATE";
    other.run(locked).await;

    let batches = [world.sweep(4).await.marked, world.sweep(4).await.marked];
    other.run("ROLLBACK").await;
    let afterwards = world.sweep(100).await.marked;

    assert_eq!((batches, afterwards), ([4, 2], 4));
}

#[tokio::test]
async fn invoices_that_cannot_be_read_are_passed_over_and_make_room_for_others() {
    let (world, admin) = late_invoices(10).await;
    let unreadable = "UPDATE invoices SET customer = '{}', version = 9
                       WHERE id IN (SELECT id FROM invoices ORDER BY due_date, id LIMIT 6)";
    admin.run(unreadable).await;

    let batches = [world.sweep(3).await, world.sweep(3).await];

    let swept = |marked, has_more| Swept { marked, has_more };
    assert_eq!(batches, [swept(3, true), swept(1, false)]);
    assert_were_marked_once(&admin, 4).await;
    let left = "invoices WHERE status = 'sent' AND version = 9";
    assert_eq!(admin.count(left).await, 6);
}

/// As they were issued before issuing settled them.
#[tokio::test]
async fn what_nothing_is_due_on_is_neither_marked_nor_listed_as_late() {
    let (world, admin) = late_invoices(10).await;
    let free = "UPDATE invoices SET subtotal_minor = 0, tax_minor = 0, total_minor = 0, status = CASE WHEN number = 'C-2' THEN 'overdue' ELSE status END
                 WHERE number LIKE 'C-%'";
    admin.run(free).await;
    let queries = PgInvoiceQueries::new(world.database.clone());
    let late = InvoiceFilter {
        overdue_on: Some(date(2026, 12, 21)),
        ..InvoiceFilter::default()
    };
    let listed = async || {
        let listed = queries.list(ORGANIZATION, &late, first()).await.unwrap();
        listed.rows.len()
    };

    let before = listed().await;
    let marked = world.sweep(100).await.marked;
    let after = listed().await;

    assert_eq!((before, marked, after), (1, 1, 1));
    assert_eq!(admin.count("invoices WHERE status = 'sent'").await, 8);
}

#[tokio::test]
async fn only_open_invoices_whose_day_is_over_are_marked() {
    let world = World::new().await;
    let paths: [&[InvoiceStatus]; 6] = [
        &[],
        &[InvoiceStatus::Sent],
        &[InvoiceStatus::Sent, InvoiceStatus::Viewed],
        &[InvoiceStatus::Sent, InvoiceStatus::Overdue],
        &[InvoiceStatus::Sent, InvoiceStatus::Paid],
        &[InvoiceStatus::Sent, InvoiceStatus::Cancelled],
    ];
    let invoices = (10..).zip(paths).map(|(raw, path)| issued(raw, path));
    world.store_invoices(invoices.collect()).await;

    world.clock.advance(SignedDuration::from_hours(24 * 30));
    let on_the_due_day = world.sweep(100).await.marked;
    world.clock.advance(SignedDuration::from_hours(12));
    let on_the_next_day = world.sweep(100).await.marked;

    assert_eq!((on_the_due_day, on_the_next_day), (0, 2));
    let told = "SELECT array_agg(aggregate_id::text ORDER BY aggregate_id) FROM outbox";
    let told: Vec<String> = world.admin().await.value(told).await;
    assert_eq!(
        told,
        [invoice_id(11).to_string(), invoice_id(12).to_string()]
    );
}
