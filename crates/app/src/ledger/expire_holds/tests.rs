use domain::{
    ids::{AccountId, HoldId},
    ledger::{Hold, HoldFacts, HoldStatus},
};
use jiff::{SignedDuration, Timestamp};
use mockall::predicate::eq;
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW, SequentialIds, out_of_reach, standing,
    stored_hold,
};

/// An hour after it was placed.
fn handler() -> ExpireHoldsHandler {
    let clock = FixedClock::at(NOW);
    clock.advance(SignedDuration::from_hours(1));
    ExpireHoldsHandler::new(clock, Arc::<SequentialIds>::default())
}

/// Where a batch before has ended.
const BEFORE: HoldPlace = HoldPlace {
    expires_at: Timestamp::UNIX_EPOCH,
    id: HoldId::from_uuid(Uuid::nil()),
};

fn all(batch: i64) -> ExpireHolds {
    let after = None;
    ExpireHolds { batch, after }
}

fn place_of(hold: &Hold) -> HoldPlace {
    HoldPlace::of(hold.facts()).unwrap()
}

/// Two holds of 30 on account 1.
fn two_holds() -> [Hold; 2] {
    let with_id = |number| {
        let facts = stored_hold().facts().clone();
        Hold::restore(HoldFacts {
            id: HoldId::from_uuid(Uuid::from_u128(number)),
            ..facts
        })
    };
    [with_id(5), with_id(6)]
}

#[tokio::test]
async fn all_that_is_late_on_an_account_is_let_go_at_once() {
    let held = domain::ledger::Standing {
        held_minor: 70,
        ..standing(1, 100)
    };
    let store = MemoryPostingStore::with([held]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let now: Timestamp = "2026-11-20T13:00:00Z".parse().unwrap();
    uow.holds
        .expect_list_expired_for_update()
        .once()
        .with(eq(now), eq(Some(BEFORE)), eq(2))
        .returning(|_, _, _| Ok(two_holds().to_vec()));
    let update = uow.holds.expect_update().times(2);
    update
        .withf(|hold| hold.facts().status.code() == "expired")
        .returning(|_| Ok(()));
    let append = uow.outbox.expect_append().times(2);
    append
        .withf(|_, by| *by == Actor::Role("scheduler"))
        .returning(|_, _| Ok(()));

    let command = ExpireHolds {
        batch: 2,
        after: Some(BEFORE),
    };
    let expired = handler().handle(&command, &mut uow).await;

    let expected = ExpiredHolds {
        count: 2,
        next: Some(place_of(&two_holds()[1])),
    };
    assert_eq!(expired.unwrap(), expected);
    let left = store.see(|stored| stored.standings[&held.folio]);
    assert_eq!((left.balance_minor, left.held_minor), (100, 10));
}

#[tokio::test]
async fn a_hold_that_cannot_be_let_go_is_not_in_the_way_of_the_others() {
    // Hold 5 is of an account where nothing is held; hold 7 was taken by somebody.
    let elsewhere = AccountId::from_uuid(Uuid::from_u128(2));
    let [mut empty, good] = two_holds().map(|hold| hold.facts().clone());
    empty.account_id = elsewhere;
    let taken = HoldFacts {
        id: HoldId::from_uuid(Uuid::from_u128(7)),
        status: HoldStatus::Voided {
            at: NOW.parse().unwrap(),
        },
        ..good.clone()
    };
    let held = domain::ledger::Standing {
        held_minor: 30,
        ..standing(1, 100)
    };
    let store = MemoryPostingStore::with([held, standing(2, 100)]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let late = [empty, taken, good].map(Hold::restore).to_vec();
    uow.holds
        .expect_list_expired_for_update()
        .returning(move |_, _, _| Ok(late.clone()));
    let update = uow.holds.expect_update().once();
    update
        .withf(|hold| hold.facts().id.as_uuid().as_u128() == 6)
        .returning(|_| Ok(()));
    uow.outbox.expect_append().once().returning(|_, _| Ok(()));

    let expired = handler().handle(&all(3), &mut uow).await;

    let expected = ExpiredHolds {
        count: 1,
        next: Some(place_of(&two_holds()[1])),
    };
    assert_eq!(expired.unwrap(), expected);
    let left = store.see(|stored| stored.standings[&held.folio]);
    assert_eq!(left.held_minor, 0);
}

#[tokio::test]
async fn a_hold_on_an_account_that_cannot_be_read_is_not_in_the_way_of_the_others() {
    let [unreadable, good] = two_holds().map(|hold| hold.facts().clone());
    let broken = standing(2, 100);
    let late = [
        HoldFacts {
            account_id: broken.folio.account_id,
            ..unreadable
        },
        good,
    ];
    let held = domain::ledger::Standing {
        held_minor: 30,
        ..standing(1, 100)
    };
    let store = MemoryPostingStore::with([held, broken]);
    store.see(|stored| stored.unreadable.insert(broken.folio));
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let late = late.map(Hold::restore).to_vec();
    uow.holds
        .expect_list_expired_for_update()
        .returning(move |_, _, _| Ok(late.clone()));
    let update = uow.holds.expect_update().once();
    update
        .withf(|hold| hold.facts().id.as_uuid().as_u128() == 6)
        .returning(|_| Ok(()));
    uow.outbox.expect_append().once().returning(|_, _| Ok(()));

    let expired = handler().handle(&all(10), &mut uow).await;

    let expected = ExpiredHolds {
        count: 1,
        next: None,
    };
    assert_eq!(expired.unwrap(), expected);
    let left = store.see(|stored| stored.standings[&held.folio]);
    assert_eq!(left.held_minor, 0);
}

#[tokio::test]
async fn behind_holds_of_which_none_can_be_let_go_the_next_batch_goes_on() {
    let store = MemoryPostingStore::with([standing(1, 100)]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    uow.holds
        .expect_list_expired_for_update()
        .returning(|_, _, _| Ok(two_holds().to_vec()));

    let expired = handler().handle(&all(2), &mut uow).await;

    let expected = ExpiredHolds {
        count: 0,
        next: Some(place_of(&two_holds()[1])),
    };
    assert_eq!(expired.unwrap(), expected);
}

#[tokio::test]
async fn nothing_is_touched_when_nothing_is_late() {
    let mut uow = FakeUnitOfWork::default();
    let list = uow.holds.expect_list_expired_for_update();
    list.returning(|_, _, _| Ok(Vec::new()));

    let expired = handler().handle(&all(2), &mut uow).await;

    let expected = ExpiredHolds {
        count: 0,
        next: None,
    };
    assert_eq!(expired.unwrap(), expected);
}

#[tokio::test]
async fn a_failing_storage_is_told() {
    let mut uow = FakeUnitOfWork::default();
    let list = uow.holds.expect_list_expired_for_update();
    list.returning(|_, _, _| out_of_reach());

    let failed = handler().handle(&all(2), &mut uow).await;

    assert!(matches!(failed, Err(ExpireHoldsError::Storage(_))));
}
