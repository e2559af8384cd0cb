use rstest::rstest;

use super::*;
use crate::testing::{FakeUnitOfWork, out_of_reach};

const BATCH: ForgetExpiredAnswers = ForgetExpiredAnswers { batch: 10 };

#[rstest]
#[case::of_a_full_batch(10, true)]
#[case::of_the_last_one(9, false)]
#[case::of_nothing(0, false)]
#[tokio::test]
async fn there_may_be_more_behind_a_full_batch_only(#[case] count: u64, #[case] has_more: bool) {
    let mut uow = FakeUnitOfWork::default();
    uow.idempotency_keys
        .expect_forget_expired()
        .once()
        .withf(|limit| *limit == 10)
        .returning(move |_| Ok(count));

    let forgotten = ForgetExpiredAnswersHandler.handle(&BATCH, &mut uow).await;

    assert_eq!(forgotten.unwrap(), Forgotten { count, has_more });
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.idempotency_keys
        .expect_forget_expired()
        .returning(|_| out_of_reach());

    let forgotten = ForgetExpiredAnswersHandler.handle(&BATCH, &mut uow).await;

    assert!(matches!(forgotten, Err(StorageError::Unavailable(_))));
}
