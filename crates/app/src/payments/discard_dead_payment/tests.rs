use super::*;
use crate::testing::{FakeUnitOfWork, caller, dead_payment, out_of_reach, stranger};

/// Holds a dead letter, to be found by its organization and its id only.
fn holding() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.payment_dead_letters
        .expect_find_for_update()
        .returning(|owner, id| {
            let dead = dead_payment(None);
            let is_it = (owner, id) == (dead.key.organization_id, dead.id);
            Ok(is_it.then_some(dead))
        });
    uow
}

fn command(caller: Caller) -> DiscardDeadPayment {
    DiscardDeadPayment {
        caller,
        id: dead_payment(None).id,
    }
}

#[tokio::test]
async fn what_was_given_up_is_forgotten() {
    let mut uow = holding();
    uow.payment_dead_letters
        .expect_remove()
        .once()
        .withf(|id| *id == dead_payment(None).id)
        .returning(|_| Ok(()));

    let discarded = DiscardDeadPaymentHandler
        .handle(&command(caller()), &mut uow)
        .await;

    assert!(discarded.is_ok(), "{discarded:?}");
}

#[tokio::test]
async fn a_dead_letter_of_somebody_else_is_not_there() {
    let refused = DiscardDeadPaymentHandler
        .handle(&command(stranger()), &mut holding())
        .await;

    assert!(
        matches!(refused, Err(DiscardDeadPaymentError::NotFound(id)) if id == dead_payment(None).id),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = holding();
    uow.payment_dead_letters
        .expect_remove()
        .returning(|_| out_of_reach());

    let failed = DiscardDeadPaymentHandler
        .handle(&command(caller()), &mut uow)
        .await;

    assert!(
        matches!(failed, Err(DiscardDeadPaymentError::Storage(_))),
        "{failed:?}"
    );
}
