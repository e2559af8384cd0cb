//! The review of invoices: what is stored of it, and what counts as a duplicate.

use adapters_postgres::PgInvoiceQueries;
use app::{
    invoicing::{InvoiceChanges, Reviewed, TimelineActor},
    ports::InvoiceQueries,
    testing::ORGANIZATION,
};
use domain::{
    ids::InvoiceId,
    invoicing::{InvoiceStatus, LineItems},
    values::Notes,
};
use jiff::SignedDuration;

use crate::support::{Admin, World, created, first, line, updated};

const APPROVED: Reviewed = Reviewed {
    approved: 1,
    rejected: 0,
};
const REJECTED: Reviewed = Reviewed {
    approved: 0,
    rejected: 1,
};
const NONE: Reviewed = Reviewed {
    approved: 0,
    rejected: 0,
};

fn other_items() -> InvoiceChanges {
    InvoiceChanges {
        items: Some(LineItems::new(vec![line("else", "1", 100, 0)]).unwrap()),
        ..InvoiceChanges::default()
    }
}

async fn review_shown(world: &World, id: InvoiceId) -> (String, Vec<String>, i64) {
    let queries = PgInvoiceQueries::new(world.database.clone());
    let found = queries.find(ORGANIZATION, id).await.unwrap().unwrap();
    let review = &found.entry.review;
    let codes = review.reasons.iter().map(|it| it.code.clone()).collect();
    (review.status.clone(), codes, found.entry.version)
}

#[tokio::test]
async fn a_verdict_is_stored_with_the_invoice_and_told_to_the_world() {
    let world = World::new().await;
    let admin = world.admin().await;
    let id = world.drafted().await;

    let before = review_shown(&world, id).await;
    let reviewed = world.review(&[created(&admin, id).await]).await;

    assert_eq!(before, ("pending".to_owned(), vec![], 1));
    assert_eq!(reviewed, APPROVED);
    let after = review_shown(&world, id).await;
    assert_eq!(after, ("approved".to_owned(), vec![], 2));
    let told = "outbox WHERE type = 'invoice.approved' AND aggregate_version = 2";
    assert_eq!(admin.count(told).await, 1);
    let queries = PgInvoiceQueries::new(world.database.clone());
    let timeline = queries.timeline(ORGANIZATION, id, first()).await.unwrap();
    let entry = &timeline.unwrap().rows[0];
    assert_eq!(entry.event_type, "invoice.approved");
    assert_eq!(entry.version, 2);
    assert_eq!(entry.actor, TimelineActor::Role("validator".to_owned()));
}

#[tokio::test]
async fn a_rejected_invoice_reads_back_as_rejected_and_is_not_issued() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (original, copy) = (world.drafted().await, world.drafted().await);
    world.review(&[created(&admin, original).await]).await;

    let reviewed = world.review(&[created(&admin, copy).await]).await;

    assert_eq!(reviewed, REJECTED);
    let (status, codes, version) = review_shown(&world, copy).await;
    assert_eq!((status.as_str(), version), ("rejected", 2));
    assert_eq!(codes, ["possible_duplicate"]);
    let refused = world.change_status(copy, InvoiceStatus::Sent).await;
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("possible_duplicate")
    );
    assert!(
        world
            .change_status(original, InvoiceStatus::Sent)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn an_edit_takes_the_verdict_back_and_is_reviewed_again() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (original, copy) = (world.drafted().await, world.drafted().await);
    for id in [original, copy] {
        world.review(&[created(&admin, id).await]).await;
    }

    world.edit(copy, other_items()).await.unwrap();
    let pending = review_shown(&world, copy).await;
    let reviewed = world.review(&[updated(&admin, copy, 3).await]).await;

    assert_eq!(pending, ("pending".to_owned(), vec![], 3));
    assert_eq!(reviewed, APPROVED);
    assert_eq!(review_shown(&world, copy).await.0, "approved");
}

#[tokio::test]
async fn a_result_for_older_contents_is_dropped() {
    let world = World::new().await;
    let admin = world.admin().await;
    let id = world.drafted().await;
    world.edit(id, other_items()).await.unwrap();

    let late = world.review(&[created(&admin, id).await]).await;
    let current = world.review(&[updated(&admin, id, 2).await]).await;

    assert_eq!((late, current), (NONE, APPROVED));
    assert_eq!(review_shown(&world, id).await.2, 3);
}

#[tokio::test]
async fn a_status_is_changed_without_losing_the_verdict() {
    let world = World::new().await;
    let admin = world.admin().await;
    let id = world.drafted().await;
    world.review(&[created(&admin, id).await]).await;

    world.issue(id).await;

    assert_eq!(review_shown(&world, id).await.0, "approved");
}

#[tokio::test]
async fn the_same_event_again_and_an_unknown_invoice_change_nothing() {
    let world = World::new().await;
    let admin = world.admin().await;
    let (id, deleted) = (world.drafted().await, world.drafted().await);
    let (event, of_deleted) = (created(&admin, id).await, created(&admin, deleted).await);
    world.delete(deleted).await.unwrap();
    world.review(std::slice::from_ref(&event)).await;

    let again = world.review(&[event]).await;
    let gone = world.review(&[of_deleted]).await;

    assert_eq!((again, gone), (NONE, NONE));
    assert_eq!(review_shown(&world, id).await.2, 2);
}

#[tokio::test]
async fn duplicates_in_one_batch_see_each_other() {
    let world = World::new().await;
    let admin = world.admin().await;
    let mut events = Vec::new();
    for _ in 0..3 {
        let id = world.drafted().await;
        events.push(created(&admin, id).await);
    }

    let reviewed = world.review(&events).await;

    assert_eq!((reviewed.approved, reviewed.rejected), (1, 2));
}

/// Drafts one and has it reviewed, lets something happen, and tells how the review of another one like it ends.
async fn copy_after(happening: impl AsyncFnOnce(&World, &Admin, InvoiceId)) -> Reviewed {
    let world = World::new().await;
    let admin = world.admin().await;
    let original = world.drafted().await;
    world.review(&[created(&admin, original).await]).await;
    happening(&world, &admin, original).await;
    let copy = world.drafted().await;
    world.review(&[created(&admin, copy).await]).await
}

#[tokio::test]
async fn what_is_not_owed_any_more_has_no_duplicates() {
    let cancelled = copy_after(async |world, _, id| {
        world
            .change_status(id, InvoiceStatus::Cancelled)
            .await
            .unwrap();
    });
    let deleted = copy_after(async |world, _, id| world.delete(id).await.unwrap());
    let edited = copy_after(async |world, admin, id| {
        world.edit(id, other_items()).await.unwrap();
        world.review(&[updated(admin, id, 3).await]).await;
    });
    let long_ago = copy_after(async |world, _, _| {
        world.clock.advance(SignedDuration::from_hours(24));
        world.clock.advance(SignedDuration::from_micros(1));
    });

    assert_eq!(cancelled.await, APPROVED);
    assert_eq!(deleted.await, APPROVED);
    assert_eq!(edited.await, APPROVED);
    assert_eq!(long_ago.await, APPROVED);
}

#[tokio::test]
async fn what_differs_in_little_is_a_duplicate_all_the_same() {
    let a_day_later = copy_after(async |world, _, _| {
        world.clock.advance(SignedDuration::from_hours(24));
    });
    let with_remarks = copy_after(async |world, admin, id| {
        let notes = Some(Some(Notes::parse("please").unwrap()));
        let changes = InvoiceChanges {
            notes,
            ..InvoiceChanges::default()
        };
        world.edit(id, changes).await.unwrap();
        world.review(&[updated(admin, id, 3).await]).await;
    });
    let issued = copy_after(async |world, _, id| drop(world.issue(id).await));

    assert_eq!(a_day_later.await, REJECTED);
    assert_eq!(with_remarks.await, REJECTED);
    assert_eq!(issued.await, REJECTED);
}

#[tokio::test]
async fn old_looks_are_forgotten() {
    let world = World::new().await;
    let admin = world.admin().await;
    let old = world.drafted().await;
    world.review(&[created(&admin, old).await]).await;
    world.clock.advance(SignedDuration::from_hours(25));
    let young = world.drafted().await;
    world.review(&[created(&admin, young).await]).await;

    let forgotten = world.forget_looks(24).await;

    assert_eq!(forgotten, 1);
    assert_eq!(admin.count("invoice_likenesses").await, 1);
}
