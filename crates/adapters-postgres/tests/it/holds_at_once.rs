//! Holds that many want to do something with at the same time.

use app::ledger::{CaptureHoldError, VoidHoldError};
use domain::{
    ids::HoldId,
    ledger::{HoldRefusal, HoldState},
};
use futures_util::{
    FutureExt,
    future::{BoxFuture, join, join_all},
};
use jiff::SignedDuration;

use crate::support::{Ledger, World, hold, transfer};

/// Takes the hold, and tells whether that was it.
async fn capture(world: &World, id: HoldId) -> usize {
    let captured = world.capture(id, None).await;
    if let Err(refused) = &captured {
        let is_late = matches!(
            refused,
            CaptureHoldError::Refused(HoldRefusal::Resolved { .. } | HoldRefusal::Expired { .. })
        );
        assert!(is_late, "{refused}");
    }
    usize::from(captured.is_ok())
}

async fn void(world: &World, id: HoldId) -> usize {
    let voided = world.void(id).await;
    if let Err(refused) = &voided {
        let is_late = matches!(
            refused,
            VoidHoldError::Refused(HoldRefusal::Resolved { .. })
        );
        assert!(is_late, "{refused}");
    }
    usize::from(voided.is_ok())
}

async fn expire(world: &World) -> usize {
    world.expire(10).await.count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_attempts_resolve_a_hold_once() {
    let ledger = Ledger::with(&[600, 0]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let mut states = Vec::new();
    for round in 0..10 {
        let placed = world.place(hold(1, 2, 60)).await;
        let id = placed.unwrap().id;
        // Its time ends while they are at it: at another moment in each round.
        let attempt = |number: usize| -> BoxFuture<'_, usize> {
            if number == 5 * round {
                world.clock.advance(SignedDuration::from_hours(1));
            }
            match number % 3 {
                0 => capture(world, id).boxed(),
                1 => void(world, id).boxed(),
                _ => expire(world).boxed(),
            }
        };
        let attempts: Vec<_> = (0..50)
            .map(|number| async move { attempt(number).await })
            .collect();

        let resolved: usize = join_all(attempts).await.into_iter().sum();

        assert_eq!(resolved, 1);
        let state: String = admin
            .value(&format!("SELECT status FROM holds WHERE id = '{id}'"))
            .await;
        states.push(HoldState::parse(&state).unwrap());
    }

    let captured = states.iter().filter(|it| **it == HoldState::Captured);
    let taken = 60 * i64::try_from(captured.count()).unwrap();
    assert_eq!(admin.balance_of(1).await, (600 - taken, 0));
    assert_eq!(admin.balance_of(2).await, (taken, 0));
    assert_eq!(
        admin.count("outbox WHERE aggregate_type = 'hold'").await,
        20
    );
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn holds_and_payments_at_once_never_spend_more_than_there_is() {
    let ledger = Ledger::with(&[100, 0]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let holding = join_all((0..30).map(|_| world.place(hold(1, 2, 10))));
    let paying = (0..30).map(|number| ledger.ask(&format!("pay-{number}"), transfer(1, 2, 10)));

    let (held, paid) = join(holding, join_all(paying)).await;

    let held = held.iter().filter(|it| it.is_ok()).count();
    let paid = paid
        .into_iter()
        .filter(|it| matches!(it, Ok(told) if told == "posted"));
    let paid = paid.count();
    assert_eq!(held + paid, 10);
    let (held, paid) = (
        10 * i64::try_from(held).unwrap(),
        10 * i64::try_from(paid).unwrap(),
    );
    assert_eq!(admin.balance_of(1).await, (100 - paid, held));
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_sweepers_let_go_of_each_hold_once() {
    let ledger = Ledger::with(&[100, 100]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    for number in 0..60 {
        let source = 1 + number % 2;
        let placed = world.place(hold(source, 3 - source, 1));
        placed.await.unwrap();
    }
    world.clock.advance(SignedDuration::from_mins(59));
    assert_eq!(world.expire(100).await.count, 0);
    world.clock.advance(SignedDuration::from_mins(1));

    let swept = join_all([(); 3].map(|()| world.expire_all(7))).await;
    let left = world.expire_all(7).await;

    assert_eq!(swept.iter().sum::<usize>() + left, 60);
    assert_eq!(admin.count("holds WHERE status = 'expired'").await, 60);
    assert_eq!(admin.count("outbox WHERE type = 'hold.expired'").await, 60);
    assert_eq!(admin.balance_of(1).await, (100, 0));
    ledger.is_consistent().await;
}
