mod lines;

use std::collections::BTreeSet;

use domain::{
    ids::{AccountId, CampaignId, VoucherId},
    ledger::TransferAmount,
    values::{Currency, Metadata, Name},
    vouchers::{
        Benefit, Campaign, CampaignTerms, Cap, Holder, Limits, Sums, Till, Voucher, VoucherCode,
        VoucherKind, VoucherTerms,
    },
};
use futures_util::future::join_all;
use uuid::Uuid;

use super::*;
use crate::{
    idempotency::{Answer, KeyUse},
    ports::{Claim, Fingerprint, IdempotencyKey, KeyScope},
    testing::{
        FakeTransactor, FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW, ORGANIZATION,
        SequentialIds, caller, out_of_reach, standing,
    },
    vouchers::{RedeemGift, RedeemGiftError, RedeemedGift},
};

fn counter() -> GiftCounter {
    GiftCounter::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn bus(uows: impl IntoIterator<Item = FakeUnitOfWork>) -> (CommandBus, Arc<FakeTransactor>) {
    let transactor = FakeTransactor::over_each(uows).shared();
    (CommandBus::new(transactor.clone(), []), transactor)
}

fn gift(key: &str) -> KeyedGift {
    let told = |result: Result<&RedeemedGift, &RedeemGiftError>| Answer {
        bytes: match result {
            Ok(_) => b"redeemed".to_vec(),
            Err(why) => why.to_string().into_bytes(),
        },
        is_final: true,
    };
    KeyedGift {
        key: KeyUse {
            scope: KeyScope {
                organization_id: ORGANIZATION,
                key: IdempotencyKey::parse(key).unwrap(),
            },
            fingerprint: Fingerprint([1; 32]),
        },
        command: RedeemGift {
            caller: caller(),
            code: VoucherCode::parse("GIFT").unwrap(),
            account_id: AccountId::from_uuid(Uuid::from_u128(4_711)),
            holder: Holder::default(),
        },
        render: Box::new(told),
    }
}

/// A gift of 1.00 that can be redeemed so often.
fn till(uses: i64) -> Till {
    let now = NOW.parse().unwrap();
    let usd = Currency::parse("USD").unwrap();
    let terms = CampaignTerms {
        name: Name::parse("Gift").unwrap(),
        kind: VoucherKind::Gift,
        benefit: Benefit::Amount(TransferAmount::from_minor(100).unwrap(), usd),
        currency: Some(usd),
        max_discount: None,
        min_total: None,
        valid_from: None,
        valid_until: None,
        limits: Limits {
            per_code: Some(Cap::new(uses).unwrap()),
            ..Limits::default()
        },
        metadata: Metadata::default(),
    };
    let campaign_id = CampaignId::from_uuid(Uuid::from_u128(70));
    let campaign = Campaign::launch(campaign_id, ORGANIZATION, terms, now).unwrap();
    let id = VoucherId::from_uuid(Uuid::from_u128(71));
    let code = VoucherCode::parse("GIFT").unwrap();
    let voucher = Voucher::issue(
        id,
        (ORGANIZATION, campaign_id),
        (code, VoucherTerms::default()),
        now,
    );
    let of = (campaign.facts().clone(), voucher.facts().clone());
    Till::new(of, Sums::default(), BTreeSet::new())
}

/// Where this is claimed under every key, and a gift can be redeemed so often.
fn storage(claim: Claim, uses: i64) -> FakeUnitOfWork {
    let mut uow = storage_without_answers(claim, uses);
    uow.idempotency_keys
        .expect_remember_all()
        .returning(|_| Ok(()));
    uow
}

fn storage_without_answers(claim: Claim, uses: i64) -> FakeUnitOfWork {
    let mut uow =
        FakeUnitOfWork::default().with_books(&MemoryPostingStore::with([standing(4_711, 0)]));
    let claims = uow.idempotency_keys.expect_claim_all();
    claims.returning(move |keys| Ok(vec![claim.clone(); keys.len()]));
    let open = uow.voucher_tills.expect_open();
    open.returning(move |_, _, _| Ok(Some(till(uses))));
    uow.voucher_tills.expect_close().returning(|_, _| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    uow
}

fn unreachable() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let claims = uow.idempotency_keys.expect_claim_all();
    claims.returning(|_| out_of_reach());
    uow
}

fn fresh(answer: &str) -> Reply {
    Reply::Fresh(answer.into())
}

#[tokio::test]
async fn those_who_come_at_once_are_one_transaction_and_decided_in_their_order() {
    let counter = counter();
    let (bus, transactor) = bus([storage(Claim::First, 2)]);

    let at_once = ["a", "b", "c"].map(|key| counter.redeem(&bus, gift(key)));
    let replies: Vec<_> = join_all(at_once).await;

    let replies: Vec<_> = replies.into_iter().map(Result::unwrap).collect();
    assert_eq!(replies[..2], [fresh("redeemed"), fresh("redeemed")]);
    assert!(
        matches!(&replies[2], Reply::Fresh(why) if why != b"redeemed"),
        "{replies:?}"
    );
    assert_eq!(transactor.tally(), (1, 1, 0));
}

#[tokio::test]
async fn a_key_that_comes_twice_at_once_waits_for_its_own_answer() {
    let counter = counter();
    let replayed = Claim::Replay(b"redeemed".to_vec());
    let (bus, transactor) = bus([storage(Claim::First, 9), storage(replayed, 9)]);

    let (first, second) = tokio::join!(
        counter.redeem(&bus, gift("same")),
        counter.redeem(&bus, gift("same"))
    );

    assert_eq!(first.unwrap(), fresh("redeemed"));
    assert_eq!(second.unwrap(), Reply::Replayed("redeemed".into()));
    assert_eq!(transactor.tally(), (2, 2, 0));
}

#[tokio::test]
async fn what_fails_together_is_tried_one_by_one() {
    let counter = counter();
    let alone = || storage(Claim::First, 9);
    let (bus, _) = bus([unreachable(), alone(), unreachable()]);

    let (first, second) = tokio::join!(
        counter.redeem(&bus, gift("a")),
        counter.redeem(&bus, gift("b"))
    );

    assert_eq!(first.unwrap(), fresh("redeemed"));
    assert!(matches!(
        second,
        Err(OnceError::Storage(StorageError::Unavailable(_)))
    ));
}

/// Where a gift is redeemed, and nobody hears whether that was committed.
fn silent() -> FakeUnitOfWork {
    let mut uow = storage_without_answers(Claim::First, 9);
    let remember = uow.idempotency_keys.expect_remember_all();
    remember.returning(|_| out_of_reach());
    uow
}

#[tokio::test]
async fn a_commit_that_was_not_answered_is_found_under_the_key_and_told_as_the_first_answer() {
    let counter = counter();
    let happened = Claim::Replay(b"redeemed".to_vec());
    let (bus, _) = bus([silent(), storage(happened, 9)]);

    let reply = counter.redeem(&bus, gift("a")).await;

    assert_eq!(reply.unwrap(), fresh("redeemed"));
}

#[tokio::test]
async fn what_was_answered_to_somebody_else_is_a_replay_also_when_it_was_tried_twice() {
    let before = || storage(Claim::Replay(b"long ago".to_vec()), 9);
    let (never_tried, _) = bus([unreachable(), before()]);
    let (in_doubt, _) = bus([silent(), before()]);

    let replies = [
        counter().redeem(&never_tried, gift("a")).await,
        counter().redeem(&in_doubt, gift("a")).await,
    ];

    let replay = Reply::Replayed(b"long ago".to_vec());
    for reply in replies {
        assert_eq!(reply.unwrap(), replay);
    }
}
