//! One key, one effect, one answer.

use std::{collections::BTreeMap, time::Duration};

use app::{
    idempotency::{OnceError, Reply},
    invoicing::CreateInvoice,
    ports::{Claim, Fingerprint, IdempotencyKey, KeyScope, Outcome},
    testing::ORGANIZATION,
};
use futures_util::{FutureExt, future::join_all};
use jiff::SignedDuration;

use crate::support::{Held, REQUEST, World, numbered, unnumbered};

fn scope() -> KeyScope {
    KeyScope {
        organization_id: ORGANIZATION,
        key: IdempotencyKey::parse("order-1").unwrap(),
    }
}

const OTHER_REQUEST: Fingerprint = Fingerprint([2; 32]);

async fn claim(world: &World, request: Fingerprint) -> Claim {
    let claimed = world.write(move |uow| {
        async move { uow.idempotency_keys().claim(&scope(), &request).await }.boxed()
    });
    claimed.await.unwrap()
}

async fn claim_and_remember(world: &World, request: Fingerprint, answer: &'static [u8]) -> Claim {
    let claimed = world.write(move |uow| {
        async move {
            let keys = uow.idempotency_keys();
            let claim = keys.claim(&scope(), &request).await?;
            keys.remember(&scope(), &request, answer).await?;
            Ok(claim)
        }
        .boxed()
    });
    claimed.await.unwrap()
}

async fn hold_claim(world: &World) -> Held {
    let claiming = world.hold(|uow| {
        async move {
            let claim = uow.idempotency_keys().claim(&scope(), &REQUEST).await;
            assert_eq!(claim.unwrap(), Claim::First);
        }
        .boxed()
    });
    claiming.await
}

#[tokio::test]
async fn what_was_remembered_is_replayed_to_the_same_request_only() {
    let world = World::new().await;

    let first = claim_and_remember(&world, REQUEST, b"\x00\xffdone").await;

    assert_eq!(first, Claim::First);
    assert_eq!(
        claim(&world, REQUEST).await,
        Claim::Replay(b"\x00\xffdone".to_vec())
    );
    assert_eq!(claim(&world, OTHER_REQUEST).await, Claim::Mismatch);
}

#[tokio::test]
async fn a_claim_without_an_answer_leaves_nothing_behind() {
    let world = World::new().await;
    let held = hold_claim(&world).await;

    held.end(Outcome::Rollback).await.unwrap();

    assert_eq!(claim(&world, OTHER_REQUEST).await, Claim::First);
}

#[tokio::test]
async fn a_key_that_is_in_use_is_told_without_waiting() {
    let world = World::new().await;
    let held = hold_claim(&world).await;

    let meanwhile = claim(&world, REQUEST).await;
    let of_another = claim(&world, OTHER_REQUEST).await;
    held.end(Outcome::Commit).await.unwrap();
    let afterwards = claim(&world, REQUEST).await;

    let in_progress = (Claim::InProgress, Claim::InProgress);
    assert_eq!((meanwhile, of_another), in_progress);
    assert_eq!(afterwards, Claim::First);
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day_and_then_its_key_is_free_again() {
    let world = World::new().await;
    claim_and_remember(&world, REQUEST, b"old").await;

    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(claim(&world, REQUEST).await, Claim::Replay(b"old".to_vec()));
    world.clock.advance(SignedDuration::from_micros(1));
    let again = claim_and_remember(&world, OTHER_REQUEST, b"new").await;

    assert_eq!(again, Claim::First);
    assert_eq!(
        claim(&world, OTHER_REQUEST).await,
        Claim::Replay(b"new".to_vec())
    );
    assert_eq!(world.admin().await.count("idempotency_keys").await, 1);
}

#[tokio::test]
async fn a_key_with_an_expired_answer_can_be_in_use_too() {
    let world = World::new().await;
    claim_and_remember(&world, REQUEST, b"old").await;
    world.clock.advance(SignedDuration::from_hours(25));
    let held = hold_claim(&world).await;

    let meanwhile = claim(&world, REQUEST).await;

    assert_eq!(meanwhile, Claim::InProgress);
    held.end(Outcome::Rollback).await.unwrap();
}

#[tokio::test]
async fn expired_answers_are_forgotten_in_batches_and_no_others() {
    let world = World::new().await;
    let age = "INSERT INTO idempotency_keys
               SELECT gen_random_uuid(), n::text, sha256(''), '', '2026-11-19T12:00:00Z'::timestamptz
                      + CASE WHEN n <= 10 THEN interval '-1 microsecond' ELSE interval '0' END
                 FROM generate_series(1, 15) AS n";
    world.admin().await.run(age).await;
    let forget = || async {
        let forgotten = world
            .write(|uow| async move { uow.idempotency_keys().forget_expired(4).await }.boxed());
        forgotten.await.unwrap()
    };

    let held = world
        .hold(|uow| {
            async move {
                assert_eq!(uow.idempotency_keys().forget_expired(4).await.unwrap(), 4);
            }
            .boxed()
        })
        .await;
    let beside = [forget().await, forget().await];
    held.end(Outcome::Rollback).await.unwrap();
    let afterwards = [forget().await, forget().await];

    assert_eq!((beside, afterwards), ([4, 2], [4, 0]));
    assert_eq!(world.admin().await.count("idempotency_keys").await, 5);
}

/// Sends the request 50 times at once, and counts how often it was answered freshly, replayed and in progress. All
/// answers must be the same.
async fn race(world: &World, command: &CreateInvoice) -> BTreeMap<&'static str, u32> {
    let racing = (0..50).map(|_| world.create_once("order-1", command.clone()));
    let mut tally = BTreeMap::new();
    let mut answers = Vec::new();
    for reply in join_all(racing).await {
        let kind = match reply {
            Ok(Reply::Fresh(answer)) => {
                answers.push(answer);
                "fresh"
            }
            Ok(Reply::Replayed(answer)) => {
                answers.push(answer);
                "replayed"
            }
            Err(OnceError::InProgress) => "in progress",
            Err(other) => unreachable!("{other:?}"),
        };
        *tally.entry(kind).or_default() += 1;
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_racing_requests_under_one_key_have_one_effect_and_one_answer() {
    let world = World::new().await;

    let tally = race(&world, &unnumbered()).await;
    let later = world.create_once("order-1", unnumbered()).await.unwrap();

    assert_eq!(tally["fresh"], 1, "{tally:?}");
    assert!(matches!(later, Reply::Replayed(_)));
    let admin = world.admin().await;
    let effects = (admin.count("invoices").await, admin.count("outbox").await);
    assert_eq!(effects, (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_racing_requests_that_are_refused_have_one_answer() {
    let world = World::new().await;
    world.create(numbered("A-1")).await.unwrap();

    let tally = race(&world, &numbered("A-1")).await;

    assert_eq!(tally["fresh"], 1, "{tally:?}");
    let admin = world.admin().await;
    assert_eq!(admin.count("invoices").await, 1);
    assert_eq!(admin.count("idempotency_keys").await, 1);
}

/// The winner cannot be told apart from one that crashed: what fails leaves the key free.
#[tokio::test]
async fn a_request_that_failed_can_be_repeated_under_its_key() {
    let world = World::with(|options| options.lock_timeout = Duration::from_millis(50)).await;
    let admin = world.admin().await;
    admin.run("BEGIN; LOCK TABLE invoices").await;

    let failed = world.create_once("order-1", numbered("A-1")).await;
    admin.run("ROLLBACK").await;
    let repeated = world.create_once("order-1", numbered("A-1")).await;

    let is_fresh = |reply: &Result<Reply, OnceError>| matches!(reply, Ok(Reply::Fresh(_)));
    assert!(
        is_fresh(&failed) && is_fresh(&repeated),
        "{failed:?} {repeated:?}"
    );
    let spelt = |reply: Result<Reply, OnceError>| match reply {
        Ok(Reply::Fresh(answer)) => String::from_utf8(answer).unwrap(),
        other => unreachable!("{other:?}"),
    };
    assert!(spelt(failed).starts_with("refused: gave up"));
    assert!(spelt(repeated).starts_with("201 "));
}
