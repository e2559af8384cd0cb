use uuid::Uuid;

use super::*;
use crate::testing::{FakeUnitOfWork, FixedClock, NOW, out_of_reach};

const KEY: Uuid = Uuid::from_u128(7);

fn provider() -> ProviderName {
    ProviderName::parse("stripe").unwrap()
}

fn command() -> HeedProviderNotice {
    HeedProviderNotice {
        provider: provider(),
        notice: ReadNotice {
            id: "evt_1".to_owned(),
            keys: vec![KEY],
            references: vec!["pi_1".to_owned()],
            tells_of_return: false,
        },
    }
}

async fn heed(mut uow: FakeUnitOfWork) -> Result<(), StorageError> {
    let handler = HeedProviderNoticeHandler::new(FixedClock::at(NOW));
    handler.handle(&command(), &mut uow).await
}

fn meeting_it(is_new: bool) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_is_new()
        .once()
        .withf(|consumer, id| *consumer == *CONSUMER && *id == id_of(&provider(), "evt_1"))
        .returning(move |_, _| Ok(is_new));
    uow
}

#[tokio::test]
async fn a_notice_makes_what_it_may_be_about_due_now() {
    let mut uow = meeting_it(true);
    uow.payment_work
        .expect_hasten()
        .once()
        .withf(|notice, now| {
            let is_of_it = notice.keys == [KEY] && notice.references == ["pi_1"];
            is_of_it && notice.provider == provider() && *now == NOW.parse().unwrap()
        })
        .returning(|_, _| Ok(1));

    let done = heed(uow).await;

    assert!(done.is_ok());
}

#[tokio::test]
async fn a_notice_of_a_return_makes_payouts_suspected_as_well() {
    let mut uow = meeting_it(true);
    uow.payment_work.expect_hasten().returning(|_, _| Ok(0));
    uow.suspected_returns
        .expect_suspect()
        .once()
        .withf(|notice, now| notice.keys == [KEY] && *now == NOW.parse().unwrap())
        .returning(|_, _| Ok(1));
    let mut command = command();
    command.notice.tells_of_return = true;

    let handler = HeedProviderNoticeHandler::new(FixedClock::at(NOW));
    let done = handler.handle(&command, &mut uow).await;

    assert!(done.is_ok());
}

#[tokio::test]
async fn a_repeated_notice_changes_nothing() {
    let done = heed(meeting_it(false)).await;

    assert!(done.is_ok());
}

#[tokio::test]
async fn what_the_storage_refuses_is_told() {
    let mut uow = meeting_it(true);
    uow.payment_work
        .expect_hasten()
        .returning(|_, _| out_of_reach());

    let done = heed(uow).await;

    assert!(matches!(done, Err(StorageError::Unavailable(_))));
}

#[test]
fn notices_of_different_providers_are_different_notices() {
    let other = ProviderName::parse("paypal").unwrap();

    assert_eq!(id_of(&provider(), "evt_1"), id_of(&provider(), "evt_1"));
    assert_ne!(id_of(&provider(), "evt_1"), id_of(&provider(), "evt_2"));
    assert_ne!(id_of(&provider(), "evt_1"), id_of(&other, "evt_1"));
}
