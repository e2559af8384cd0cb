//! Many who write the same at the same time.

use app::invoicing::{ChangeInvoiceStatusError, CreateInvoiceError, InvoiceChanges};
use domain::{
    ids::InvoiceId,
    invoicing::{ChangeStatusError, InvoiceStatus},
    values::Notes,
};
use futures_util::future::{join, join_all, join3};

use crate::support::{World, numbered};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_invoices_under_one_number_one_is_stored() {
    let world = World::new().await;

    let created = join_all((0..200).map(|_| world.create(numbered("A-1")))).await;

    let refused = |result: &Result<_, _>| matches!(result, Err(CreateInvoiceError::AlreadyExists));
    let stored = created.iter().filter(|result| result.is_ok()).count();
    assert_eq!(stored, 1);
    assert_eq!(created.iter().filter(|result| refused(result)).count(), 199);
    let admin = world.admin().await;
    let left = (admin.count("invoices").await, admin.count("outbox").await);
    assert_eq!(left, (1, 1));
    assert_eq!(admin.in_transaction().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_changes_of_status_at_once_one_wins() {
    let world = World::new().await;
    for _ in 0..20 {
        let id = world.drafted().await;
        world.change_status(id, InvoiceStatus::Sent).await.unwrap();

        let (paid, cancelled) = join(
            world.change_status(id, InvoiceStatus::Paid),
            world.change_status(id, InvoiceStatus::Cancelled),
        )
        .await;

        assert!(paid.is_ok() != cancelled.is_ok(), "{paid:?} {cancelled:?}");
        let lost = paid.err().or(cancelled.err()).unwrap();
        let refused = matches!(
            lost,
            ChangeInvoiceStatusError::Refused(ChangeStatusError::Forbidden(_))
        );
        assert!(refused, "{lost:?}");
    }
    let versions = "outbox WHERE aggregate_type = 'invoice' GROUP BY aggregate_id HAVING max(aggregate_version) <> 3 OR count(*) <> 3";
    assert_eq!(
        world
            .admin()
            .await
            .rows(&format!("SELECT FROM {versions}"))
            .await
            .len(),
        0
    );
}

async fn edit(world: &World, id: InvoiceId, text: &str) -> bool {
    let changes = InvoiceChanges {
        notes: Some(Some(Notes::parse(text).unwrap())),
        ..InvoiceChanges::default()
    };
    world.edit(id, changes).await.is_ok()
}

/// Edits, issues and deletes race for each draft. Whoever succeeds has left exactly one event per version, the versions
/// have no gap, and what is stored is what the last of them left.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn edits_issues_and_deletions_of_one_draft_take_turns() {
    let world = World::new().await;
    let admin = world.admin().await;
    for _ in 0..20 {
        let id = world.drafted().await;

        let edits = join_all(["a", "b", "c"].map(|text| edit(&world, id, text)));
        let (edited, issued, deleted) = join3(
            edits,
            world.change_status(id, InvoiceStatus::Sent),
            world.delete(id),
        )
        .await;

        assert!(issued.is_ok() != deleted.is_ok(), "{issued:?} {deleted:?}");
        let edits = edited.into_iter().map(i64::from).sum::<i64>();
        let events = format!("outbox WHERE aggregate_id = '{id}'");
        assert_eq!(admin.count(&events).await, 2 + edits);
        let last = format!("SELECT max(aggregate_version) FROM {events}");
        assert_eq!(admin.value::<i64>(&last).await, 2 + edits);
        let stored = format!("invoices WHERE id = '{id}' AND version = {}", 2 + edits);
        assert_eq!(admin.count(&stored).await, i64::from(issued.is_ok()));
    }
}
