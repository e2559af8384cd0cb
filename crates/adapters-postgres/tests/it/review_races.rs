//! Reviews at the same time as others, and as edits.

use std::sync::Arc;

use app::invoicing::{InvoiceChanges, Reviewed};
use domain::invoicing::LineItems;
use futures_util::future::join_all;

use crate::support::{World, created, line, unnumbered, wait_until};

fn lines(description: &str) -> LineItems {
    LineItems::new(vec![line(description, "1", 1, 0)]).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn validators_at_once_judge_each_invoice_once_and_let_one_of_each_look_through() {
    let world = World::new().await;
    let admin = world.admin().await;
    let mut events = Vec::new();
    for index in 0..40 {
        let mut command = unnumbered();
        command.items = lines(&(index / 4).to_string());
        let id = world.create(command).await.unwrap().id;
        events.push(created(&admin, id).await);
    }
    let mut backwards = events.clone();
    backwards.reverse();
    let orders = [events.clone(), backwards.clone(), events, backwards];

    let reviewed = join_all(orders.iter().map(|order| async {
        let mut total = Reviewed::default();
        for piece in order.chunks(7) {
            let reviewed = world.review(piece).await;
            total.approved += reviewed.approved;
            total.rejected += reviewed.rejected;
        }
        total
    }))
    .await;

    let approved: u64 = reviewed.iter().map(|it| it.approved).sum();
    let rejected: u64 = reviewed.iter().map(|it| it.rejected).sum();
    assert_eq!((approved, rejected), (10, 30));
    assert_eq!(admin.count("invoices WHERE version = 2").await, 40);
    let told = "outbox WHERE type IN ('invoice.approved', 'invoice.rejected')";
    assert_eq!(admin.count(told).await, 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_who_edits_at_the_same_time_gets_the_last_word() {
    let world = Arc::new(World::new().await);
    let admin = world.admin().await;
    let id = world.drafted().await;
    let event = created(&admin, id).await;
    // What a transaction has seen of the activity of others, it goes on seeing.
    let locker = world.admin().await;
    locker.run("BEGIN; SELECT FROM invoices FOR UPDATE").await;

    let changes = InvoiceChanges {
        items: Some(lines("else")),
        ..InvoiceChanges::default()
    };
    let edit = tokio::spawn({
        let world = world.clone();
        async move { world.edit(id, changes).await }
    });
    wait_until("the edit waits", async || admin.waiting().await == 1).await;
    let review = tokio::spawn({
        let world = world.clone();
        async move { world.review(&[event]).await }
    });
    wait_until("the review waits", async || admin.waiting().await == 2).await;
    locker.run("COMMIT").await;

    let edited = edit.await.unwrap().unwrap();
    let reviewed = review.await.unwrap();
    assert_eq!(edited.review.status_code(), "pending");
    assert_eq!(reviewed, Reviewed::default());
    assert_eq!(admin.count("invoices WHERE version = 2").await, 1);
}
