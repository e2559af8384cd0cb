//! Transfers that are taken back.

use app::ledger::ReverseTransferError;
use domain::ledger::Rejection;
use futures_util::future::join_all;

use crate::support::{Ledger, deposit, hold, transfer};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_reversals_of_a_transfer_are_one() {
    let ledger = Ledger::with(&[100, 0]).await;
    let (world, admin) = (&ledger.world, &ledger.admin);
    let deposit = world.post_within(deposit(2, 40)).await.unwrap();
    let payment = world.post_within(transfer(1, 2, 30)).await;

    for id in [payment.unwrap(), deposit] {
        let attempts = join_all((0..50).map(|_| world.reverse(id))).await;

        let done = attempts.iter().filter(|it| it.is_ok()).count();
        assert_eq!(done, 1);
        for refused in attempts.into_iter().filter_map(Result::err) {
            assert!(
                matches!(refused, ReverseTransferError::AlreadyReversed(told) if told == id),
                "{refused}"
            );
        }
    }
    assert_eq!(admin.balance_of(1).await, (100, 0));
    assert_eq!(admin.balance_of(2).await, (0, 0));
    assert_eq!(admin.system_balance("external", "USD").await, -100);
    let reversals = "transfers WHERE kind = 'reversal' AND reverses IS NOT NULL";
    assert_eq!(admin.count(reversals).await, 2);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn what_is_held_cannot_be_taken_back() {
    let ledger = Ledger::with(&[100, 0]).await;
    let world = &ledger.world;
    let deposit = world.post_within(deposit(2, 40)).await.unwrap();
    let held = world.place(hold(2, 1, 1)).await;

    let refused = world.reverse(deposit).await;
    world.void(held.unwrap().id).await.unwrap();
    let done = world.reverse(deposit).await;

    assert!(matches!(
        refused,
        Err(ReverseTransferError::Rejected(
            Rejection::InsufficientFunds { .. }
        ))
    ));
    assert!(done.is_ok());
    ledger.is_consistent().await;
}
