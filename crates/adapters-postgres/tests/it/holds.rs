//! Holds, as they are stored, found and listed.

use adapters_postgres::PgHoldQueries;
use app::{
    ledger::{CaptureHoldError, PlaceHold, PlaceHoldError, PostWithinError, VoidHoldError},
    paging::{Limit, Window},
    ports::{HoldFilter, HoldQueries},
    testing::{ORGANIZATION, stranger},
};
use domain::{
    ids::HoldId,
    ledger::{
        HoldFacts, HoldRefusal, HoldState, HoldStatus, Rejection, TransferDescription,
        TransferDetails, TransferReference,
    },
};
use jiff::SignedDuration;

use crate::support::{Ledger, World, account, deposit, first, full_metadata, hold, transfer};

/// 100 on account 1, nothing on accounts 2 and 3.
async fn wallets() -> Ledger {
    Ledger::with(&[100, 0, 0]).await
}

async fn found(world: &World, id: HoldId) -> HoldFacts {
    let queries = PgHoldQueries::new(world.database.clone());
    queries.find(ORGANIZATION, id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_hold_reads_back_as_it_was_placed_and_as_it_was_resolved() {
    let ledger = wallets().await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let command = PlaceHold {
        details: TransferDetails {
            description: Some(TransferDescription::parse("Ünï\ncode 🧾").unwrap()),
            reference: Some(TransferReference::parse("order-1").unwrap()),
            metadata: full_metadata(),
            reverses: None,
        },
        ..hold(1, 2, 30)
    };

    let placed = [(); 3].map(|()| world.place(command.clone()));
    let [one, two, three] = futures_util::future::join_all(placed)
        .await
        .try_into()
        .unwrap();
    let (one, two, three) = (one.unwrap(), two.unwrap(), three.unwrap());
    assert_eq!(found(world, one.id).await, one);
    let captured = world.capture(one.id, Some(10)).await.unwrap();
    let voided = world.void(two.id).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(1));
    world.expire(10).await;

    assert_eq!(found(world, one.id).await, captured);
    assert_eq!(found(world, two.id).await, voided);
    let expired = found(world, three.id).await;
    let at = three.term.expires_at().unwrap();
    assert_eq!(expired.status, HoldStatus::Expired { at });
    assert_eq!(expired.details, command.details);
    assert_eq!(admin.balance_of(1).await, (90, 0));
    assert_eq!(admin.balance_of(2).await, (10, 0));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_capture_is_a_transfer_and_both_are_told() {
    let ledger = wallets().await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let placed = world.place(hold(1, 2, 30)).await;

    world.capture(placed.unwrap().id, None).await.unwrap();

    let transfers = "transfers AS t JOIN holds AS h ON h.transfer_id = t.id AND h.captured_minor = t.amount_minor
         WHERE t.kind = 'hold_capture'";
    assert_eq!(admin.count(transfers).await, 1);
    let told = admin
        .rows("SELECT type, aggregate_version FROM outbox WHERE aggregate_type = 'hold' ORDER BY aggregate_version")
        .await;
    let told: Vec<(String, i64)> = told.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [
        ("hold.created".to_owned(), 1),
        ("hold.captured".to_owned(), 2),
    ];
    assert_eq!(told, expected);
    let posted = "outbox WHERE type = 'transfer.posted' AND payload ->> 'kind' = 'hold_capture'";
    assert_eq!(admin.count(posted).await, 1);
}

#[tokio::test]
async fn a_refusal_changes_nothing() {
    let ledger = wallets().await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let id = world.place(hold(1, 2, 60)).await.unwrap().id;

    let more_than_left = world.place(hold(1, 2, 41)).await;
    let more_than_held = world.capture(id, Some(61)).await;

    assert!(matches!(
        more_than_left,
        Err(PlaceHoldError::Rejected(
            Rejection::InsufficientFunds { .. }
        ))
    ));
    assert!(matches!(
        more_than_held,
        Err(CaptureHoldError::Refused(HoldRefusal::MoreThanHeld { .. }))
    ));
    assert_eq!(admin.balance_of(1).await, (100, 60));
    assert_eq!(admin.count("holds").await, 1);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn what_is_held_cannot_be_spent_through_the_engine_which_remembers_how_accounts_stood() {
    let ledger = wallets().await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let pay = async |key: &str, minor| ledger.ask(key, transfer(1, 2, minor)).await.unwrap();
    assert_eq!(pay("first", 1).await, "posted");

    let id = world.place(hold(1, 3, 90)).await.unwrap().id;
    let too_much = pay("too much", 10).await;
    let the_rest = pay("the rest", 9).await;
    let by_the_journal = world.post_within(transfer(1, 2, 1)).await;
    world.capture(id, Some(50)).await.unwrap();
    let what_was_let_go = pay("what was let go", 40).await;
    let nothing_left = pay("nothing left", 1).await;

    assert_eq!(too_much, "insufficient_funds");
    assert_eq!(the_rest, "posted");
    assert!(matches!(by_the_journal, Err(PostWithinError::Rejected(_))));
    assert_eq!(what_was_let_go, "posted");
    assert_eq!(nothing_left, "insufficient_funds");
    assert_eq!(admin.balance_of(1).await, (0, 0));
    assert_eq!(admin.balance_of(3).await, (50, 0));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn lists_are_filtered_and_newest_first() {
    let ledger = wallets().await;
    let world = &ledger.world;
    let deposited = ledger.ask("deposit", deposit(2, 100)).await;
    assert_eq!(deposited.unwrap(), "posted");
    let mut placed = Vec::new();
    for (source, destination) in [(1, 3), (2, 3), (1, 2), (1, 3)] {
        let command = hold(source, destination, 10);
        placed.push(world.place(command).await.unwrap().id);
        world.clock.advance(SignedDuration::from_secs(1));
    }
    world.void(placed[3]).await.unwrap();
    let queries = PgHoldQueries::new(world.database.clone());
    let list = async |filter: HoldFilter, window| {
        let listing = queries.list(ORGANIZATION, &filter, window).await.unwrap();
        let ids: Vec<_> = listing.rows.iter().map(|facts| facts.id).collect();
        (ids, listing.next)
    };
    let on_the_first = HoldFilter {
        account_id: Some(account(1)),
        ..HoldFilter::default()
    };
    let pending = HoldFilter {
        state: Some(HoldState::Pending),
        ..on_the_first.clone()
    };

    let two = |position| Window::After {
        position,
        limit: Limit::new(2).unwrap(),
    };
    let (newest, next) = list(HoldFilter::default(), two(None)).await;
    let (oldest, end) = list(HoldFilter::default(), two(next)).await;

    assert_eq!(newest, [placed[3], placed[2]]);
    assert_eq!(oldest, [placed[1], placed[0]]);
    assert_eq!(end, None);
    let (of_account, _) = list(on_the_first, first()).await;
    assert_eq!(of_account, [placed[3], placed[2], placed[0]]);
    assert_eq!(list(pending, first()).await.0, [placed[2], placed[0]]);
}

#[tokio::test]
async fn strangers_find_nothing() {
    let ledger = wallets().await;
    let world = &ledger.world;
    let id = world.place(hold(1, 2, 30)).await.unwrap().id;
    let queries = PgHoldQueries::new(world.database.clone());
    let elsewhere = stranger().organization_id;

    let found = queries.find(elsewhere, id).await.unwrap();
    let filter = HoldFilter::default();
    let listed = queries.list(elsewhere, &filter, first());
    let placed = world.place(PlaceHold {
        caller: stranger(),
        ..hold(1, 2, 1)
    });

    assert_eq!(found, None);
    assert!(listed.await.unwrap().rows.is_empty());
    assert!(matches!(
        placed.await,
        Err(PlaceHoldError::Rejected(Rejection::AccountNotFound(_)))
    ));
    assert!(matches!(
        world.void(HoldId::from_uuid(account(1).as_uuid())).await,
        Err(VoidHoldError::NotFound(_))
    ));
}
