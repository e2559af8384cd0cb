use domain::ledger::{HoldStatus, TransferKind};
use jiff::SignedDuration;
use rstest::{fixture, rstest};

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, HOLD, MemoryPostingStore, NOW, SequentialIds, caller, standing,
    stored_hold, stranger,
};

#[fixture]
fn handler() -> CaptureHoldHandler {
    CaptureHoldHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command(minor: Option<i64>) -> CaptureHold {
    CaptureHold {
        caller: caller(),
        id: HOLD,
        amount: minor.map(|minor| TransferAmount::from_minor(minor).unwrap()),
    }
}

/// 30 on account 1, all of it held.
fn store() -> Arc<MemoryPostingStore> {
    let held = domain::ledger::Standing {
        held_minor: 30,
        ..standing(1, 30)
    };
    MemoryPostingStore::with([held, standing(2, 0)])
}

/// What is on both accounts, and what of the first is held.
fn balances(store: &MemoryPostingStore) -> (i64, i64, i64) {
    let [first, second] = [standing(1, 0).folio, standing(2, 0).folio];
    store.see(|stored| {
        let first = stored.standings[&first];
        let second = stored.standings[&second];
        (first.balance_minor, first.held_minor, second.balance_minor)
    })
}

#[rstest]
#[case::all_of_it(None, (0, 0, 30))]
#[case::a_part(Some(12), (18, 0, 12))]
#[tokio::test]
async fn what_is_taken_moves_and_the_rest_is_free_again(
    handler: CaptureHoldHandler,
    #[case] minor: Option<i64>,
    #[case] expected: (i64, i64, i64),
) {
    let store = store();
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .with_hold(stored_hold())
        .announcing("hold.captured", 2);
    uow.holds.expect_update().once().returning(|_| Ok(()));

    let captured = handler.handle(&command(minor), &mut uow).await.unwrap();

    assert_eq!(balances(&store), expected);
    let transfer = store.see(|stored| stored.transfers[0].order.clone());
    assert_eq!(transfer.kind, TransferKind::HoldCapture);
    let HoldStatus::Captured {
        amount,
        transfer_id,
        ..
    } = captured.status
    else {
        panic!("{captured:?}");
    };
    assert_eq!((amount, transfer_id), (transfer.amount, transfer.id));
}

#[rstest]
#[tokio::test]
async fn more_than_is_held_is_refused(handler: CaptureHoldHandler) {
    let store = store();
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .with_hold(stored_hold());

    let refused = handler.handle(&command(Some(31)), &mut uow).await;

    let why = HoldRefusal::MoreThanHeld {
        held_minor: 30,
        asked_minor: 31,
    };
    assert!(matches!(refused, Err(CaptureHoldError::Refused(told)) if told == why));
    assert_eq!(balances(&store), (30, 30, 0));
}

#[tokio::test]
async fn its_time_is_over_before_anybody_has_swept() {
    let clock = FixedClock::at(NOW);
    clock.advance(SignedDuration::from_hours(1));
    let handler = CaptureHoldHandler::new(clock, Arc::<SequentialIds>::default());
    let mut uow = FakeUnitOfWork::default().with_hold(stored_hold());

    let refused = handler.handle(&command(None), &mut uow).await;

    let at = stored_hold().facts().term.expires_at().unwrap();
    let why = HoldRefusal::Expired { at };
    assert!(matches!(refused, Err(CaptureHoldError::Refused(told)) if told == why));
}

#[rstest]
#[tokio::test]
async fn strangers_find_no_hold(handler: CaptureHoldHandler) {
    let mut uow = FakeUnitOfWork::default().with_hold(stored_hold());
    let strange = CaptureHold {
        caller: stranger(),
        ..command(None)
    };

    let refused = handler.handle(&strange, &mut uow).await;

    assert!(matches!(refused, Err(CaptureHoldError::NotFound(HOLD))));
}

#[rstest]
#[tokio::test]
async fn a_frozen_destination_takes_nothing(handler: CaptureHoldHandler) {
    let store = store();
    let second = standing(2, 0).folio;
    store.see(|stored| {
        let standing = stored.standings.get_mut(&second).unwrap();
        standing.status = domain::ledger::AccountStatus::Frozen;
    });
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .with_hold(stored_hold());

    let refused = handler.handle(&command(None), &mut uow).await;

    let why = Rejection::AccountFrozen(second.account_id);
    assert!(matches!(refused, Err(CaptureHoldError::Rejected(told)) if told == why));
    assert_eq!(balances(&store), (30, 30, 0));
}
