//! The contract of [`GuessLimiter`].

use std::time::Duration;

use domain::ids::ApiKeyId;
use futures_util::future::join_all;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{ports::GuessLimiter, vouchers::GuessWindow};

/// For how long what another instance has noted need not be known.
const LATE: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(5);

/// Panics with what two instances do not do that share a limiter, or one that is given twice.
pub async fn hold_guess_limiter_to_its_contract(
    [one, other]: [&dyn GuessLimiter; 2],
    mut new_id: impl FnMut() -> Uuid,
) {
    let mut key = || ApiKeyId::from_uuid(new_id());
    lets_as_many_guess_as_may(one, key()).await;
    counts_each_key_by_itself(one, key(), key()).await;
    lets_no_more_through_at_once([one, other], key()).await;
    refuses_everywhere_who_has_guessed_too_often([one, other], key()).await;
}

async fn lets_as_many_guess_as_may(limiter: &dyn GuessLimiter, key: ApiKeyId) {
    let now = Timestamp::UNIX_EPOCH;
    for number in 0..GuessWindow::MOST {
        assert_eq!(limiter.admit(key, now).await, Ok(()), "{number}");
        assert_eq!(limiter.note(key, now).await, Ok(()), "{number}");
    }
    let told = [limiter.note(key, now).await, limiter.admit(key, now).await];
    for wait in told {
        let wait = wait.expect_err("one more than may be is refused");
        assert!(wait > Duration::from_secs(50), "{wait:?}");
        assert!(wait <= Duration::from_mins(1), "{wait:?}");
    }
}

async fn counts_each_key_by_itself(limiter: &dyn GuessLimiter, key: ApiKeyId, other: ApiKeyId) {
    let now = Timestamp::UNIX_EPOCH;
    for _ in 0..GuessWindow::MOST {
        assert_eq!(limiter.note(key, now).await, Ok(()));
    }
    assert!(limiter.admit(key, now).await.is_err());
    assert_eq!(limiter.admit(other, now).await, Ok(()));
    assert_eq!(limiter.note(other, now).await, Ok(()));
}

async fn lets_no_more_through_at_once(limiters: [&dyn GuessLimiter; 2], key: ApiKeyId) {
    let now = Timestamp::UNIX_EPOCH;
    let noted = (0..100).map(|number| limiters[number % 2].note(key, now));
    let noted = join_all(noted).await;
    let let_through = noted.iter().filter(|it| it.is_ok()).count();
    assert_eq!(let_through, GuessWindow::MOST);
}

async fn refuses_everywhere_who_has_guessed_too_often(
    [one, other]: [&dyn GuessLimiter; 2],
    key: ApiKeyId,
) {
    let now = Timestamp::UNIX_EPOCH;
    assert_eq!(other.admit(key, now).await, Ok(()));
    for _ in 0..GuessWindow::MOST {
        assert_eq!(one.note(key, now).await, Ok(()));
    }
    let until_it_refuses = async {
        while other.admit(key, now).await.is_ok() {
            tokio::time::sleep(LATE / 10).await;
        }
    };
    let heard = tokio::time::timeout(PATIENCE, until_it_refuses).await;
    assert!(heard.is_ok(), "the other one goes on");
}
