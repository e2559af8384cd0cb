use rstest::{fixture, rstest};

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, HOLD, MemoryPostingStore, NOW, SequentialIds, caller, standing,
    stored_hold, stranger,
};

#[fixture]
fn handler() -> VoidHoldHandler {
    VoidHoldHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> VoidHold {
    VoidHold {
        caller: caller(),
        id: HOLD,
    }
}

#[rstest]
#[tokio::test]
async fn what_was_held_is_free_again(handler: VoidHoldHandler) {
    let held = domain::ledger::Standing {
        held_minor: 50,
        ..standing(1, 60)
    };
    let store = MemoryPostingStore::with([held]);
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .with_hold(stored_hold())
        .announcing("hold.voided", 2);
    uow.holds.expect_update().once().returning(|_| Ok(()));

    let voided = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(voided.status.code(), "voided");
    let left = store.see(|stored| stored.standings[&held.folio]);
    assert_eq!((left.balance_minor, left.held_minor), (60, 20));
}

#[rstest]
#[tokio::test]
async fn a_hold_is_let_go_once(handler: VoidHoldHandler) {
    let mut hold = stored_hold();
    hold.void(hold.facts().created_at).unwrap();
    let mut uow = FakeUnitOfWork::default().with_hold(hold);

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(
        refused,
        Err(VoidHoldError::Refused(HoldRefusal::Resolved { .. }))
    ));
}

#[rstest]
#[tokio::test]
async fn strangers_find_no_hold(handler: VoidHoldHandler) {
    let mut uow = FakeUnitOfWork::default().with_hold(stored_hold());
    let strange = VoidHold {
        caller: stranger(),
        ..command()
    };

    let refused = handler.handle(&strange, &mut uow).await;

    assert!(matches!(refused, Err(VoidHoldError::NotFound(HOLD))));
}
