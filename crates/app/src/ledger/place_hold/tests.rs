use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW, SequentialIds, caller, out_of_reach,
    standing,
};

#[fixture]
fn handler() -> PlaceHoldHandler {
    PlaceHoldHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn account(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

/// Of so much on account 1 for account 2, for a minute.
fn command(minor: i64) -> PlaceHold {
    PlaceHold {
        caller: caller(),
        account_id: account(1),
        destination_account_id: account(2),
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        details: TransferDetails::default(),
        expires_in: SignedDuration::from_secs(60),
    }
}

/// 100 on account 1, nothing on account 2.
fn store() -> Arc<MemoryPostingStore> {
    MemoryPostingStore::with([standing(1, 100), standing(2, 0)])
}

fn held_on_the_first(store: &MemoryPostingStore) -> (i64, i64) {
    let folio = standing(1, 0).folio;
    store.see(|stored| {
        let standing = stored.standings[&folio];
        (standing.balance_minor, standing.held_minor)
    })
}

#[rstest]
#[tokio::test]
async fn what_is_held_is_kept_apart_and_told(handler: PlaceHoldHandler) {
    let store = store();
    let mut uow = FakeUnitOfWork::default()
        .with_books(&store)
        .announcing("hold.created", 1);
    uow.holds.expect_insert().once().returning(|_| Ok(()));

    let hold = handler.handle(&command(100), &mut uow).await.unwrap();

    assert_eq!(held_on_the_first(&store), (100, 100));
    assert!(store.see(|stored| stored.transfers.is_empty()));
    assert_eq!(hold.status, HoldStatus::Pending);
    assert_eq!(
        hold.term.expires_at(),
        Some("2026-11-20T12:01:00Z".parse::<Timestamp>().unwrap())
    );
}

#[rstest]
#[case::more_than_there_is(command(101), "insufficient_funds")]
#[case::in_another_currency(
    PlaceHold { currency: Currency::parse("EUR").unwrap(), ..command(1) },
    "currency_mismatch"
)]
#[case::for_itself(PlaceHold { destination_account_id: account(1), ..command(1) }, "same_account")]
#[case::for_nobody(PlaceHold { destination_account_id: account(3), ..command(1) }, "account_not_found")]
#[case::on_nothing(PlaceHold { account_id: account(3), ..command(1) }, "account_not_found")]
#[tokio::test]
async fn what_could_not_be_posted_is_not_held(
    handler: PlaceHoldHandler,
    #[case] command: PlaceHold,
    #[case] code: &str,
) {
    let store = store();
    let mut uow = FakeUnitOfWork::default().with_books(&store);

    let refused = handler.handle(&command, &mut uow).await.unwrap_err();

    let PlaceHoldError::Rejected(rejection) = refused else {
        panic!("{refused}");
    };
    assert_eq!(rejection.code(), code);
    assert_eq!(held_on_the_first(&store), (100, 0));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: PlaceHoldHandler) {
    let mut uow = FakeUnitOfWork::default().with_books(&store());
    uow.holds.expect_insert().returning(|_| out_of_reach());

    let failed = handler.handle(&command(1), &mut uow).await;

    assert!(matches!(failed, Err(PlaceHoldError::Storage(_))));
}
