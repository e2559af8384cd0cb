//! Gifts that many redeem at the same time, each under a key: what goes together is decided as if it had come alone.

use app::idempotency::{OnceError, Reply};
use domain::vouchers::{CampaignRevision, CampaignStatus, Cap, Holder, Limits, Reason};
use futures_util::future::{join, join_all};

use crate::support::{GiftShop, cap, email};

fn told(replies: &[Result<Reply, OnceError>], answer: &str) -> usize {
    let is_it = |reply: &&Result<Reply, OnceError>| matches!(reply, Ok(Reply::Fresh(told) | Reply::Replayed(told)) if told == answer.as_bytes());
    replies.iter().filter(is_it).count()
}

fn per_code(most: Cap) -> Limits {
    Limits {
        per_code: Some(most),
        ..Limits::default()
    }
}

/// It fits no 38th gift.
fn budget_of_37(most: Cap) -> Limits {
    Limits {
        budget: Some(cap(37_999)),
        ..per_code(most)
    }
}

async fn assert_37_of_100_were_given(shop: &GiftShop, redeemed: &[Result<Reply, OnceError>]) {
    assert_eq!(told(redeemed, "redeemed"), 37);
    assert_eq!(told(redeemed, Reason::CampaignBudgetExhausted.code()), 63);
    assert_eq!(shop.ledger.world.redeemed().await, (37, 37_000));
}

fn customer(number: usize) -> Holder {
    Holder {
        email: Some(email(&format!("customer-{number}@example.com"))),
        ..Holder::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_gifts_at_once_over_two_instances_exactly_a_hundred_are_given() {
    let shop = GiftShop::selling(per_code(cap(100))).await;
    let counters = [shop.counter(), shop.counter()];

    let redeemed = join_all((0..1_000).map(|number: usize| {
        let key = format!("gift-{number}");
        shop.redeem(&counters[number % 2], (key, 1), Holder::default())
    }))
    .await;

    assert_eq!(told(&redeemed, "redeemed"), 100);
    assert_eq!(told(&redeemed, Reason::VoucherExhausted.code()), 900);
    assert_eq!(shop.ledger.world.redeemed().await, (100, 100_000));
    assert_eq!(shop.ledger.balance(1).await, 100_000);
    assert_eq!(
        shop.count("outbox WHERE type = 'voucher.redeemed'").await,
        100
    );
    assert_eq!(
        shop.count("idempotency_keys WHERE key LIKE 'gift-%'").await,
        1_000
    );
    assert_eq!(shop.uses("code:").await, 100);
    shop.ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_budget_that_fits_37_of_100_gifts_at_once_is_given_to_exactly_37() {
    let shop = GiftShop::selling(budget_of_37(cap(1_000))).await;
    let counter = shop.counter();

    let redeemed = join_all(
        (0..100)
            .map(|number| shop.redeem(&counter, (format!("gift-{number}"), 1), Holder::default())),
    )
    .await;

    assert_37_of_100_were_given(&shop, &redeemed).await;
    assert_eq!(shop.uses("total").await, 37);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_codes_of_a_campaign_share_its_budget_over_two_instances() {
    let shop = GiftShop::selling(budget_of_37(cap(10))).await;
    let counters = [shop.counter(), shop.counter()];
    let codes: Vec<_> = (0..20).map(|number| format!("GIFT-{number}")).collect();
    for code in &codes {
        let issued = shop.ledger.world.issue_voucher(shop.campaign_id, code);
        issued.await.unwrap();
    }

    let redeemed = join_all((0..100).map(|number: usize| {
        let (code, key) = (&codes[number % codes.len()], format!("gift-{number}"));
        let gift = (code.as_str(), key, 1);
        shop.redeem_code(&counters[number % 2], gift, Holder::default())
    }))
    .await;

    assert_37_of_100_were_given(&shop, &redeemed).await;
    assert_eq!(shop.ledger.balance(1).await, 37_000);
    shop.ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_customer_gets_as_many_gifts_as_one_may_among_all_who_come_at_once() {
    let limits = Limits {
        per_customer: Some(cap(3)),
        ..per_code(cap(1_000))
    };
    let shop = GiftShop::selling(limits).await;
    let counters = [shop.counter(), shop.counter()];

    let redeemed = join_all((0..80).map(|number: usize| {
        let key = format!("gift-{number}");
        shop.redeem(&counters[number % 2], (key, 1), customer(number % 5))
    }))
    .await;

    assert_eq!(told(&redeemed, "redeemed"), 15);
    assert_eq!(told(&redeemed, Reason::VoucherCustomerLimit.code()), 65);
    assert_eq!(shop.uses("email:customer-4@example.com").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn once_a_campaign_is_paused_no_gift_is_given() {
    let shop = GiftShop::selling(per_code(cap(10_000))).await;
    let (counter, world) = (shop.counter(), &shop.ledger.world);
    let pausing = async {
        let pause = CampaignRevision {
            status: Some(CampaignStatus::Paused),
            ..CampaignRevision::default()
        };
        world.revise_campaign(shop.campaign_id, pause).await;
        world.redeemed().await.0
    };

    let redeeming = join_all(
        (0..300)
            .map(|number| shop.redeem(&counter, (format!("gift-{number}"), 1), Holder::default())),
    );
    let (redeemed, when_paused) = join(redeeming, pausing).await;

    let got = told(&redeemed, "redeemed");
    assert_eq!(when_paused, i64::try_from(got).unwrap());
    assert_eq!(told(&redeemed, Reason::CampaignPaused.code()), 300 - got);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_asks_again_under_a_key_gets_one_gift_and_one_answer() {
    let shop = GiftShop::selling(per_code(cap(10))).await;
    let counter = shop.counter();
    let ask = || shop.redeem(&counter, ("same".to_owned(), 1), Holder::default());

    let at_once = join_all((0..20).map(|_| ask())).await;
    let later = ask().await;

    assert_eq!(told(&at_once, "redeemed"), 20);
    let fresh = at_once
        .iter()
        .filter(|it| matches!(it, Ok(Reply::Fresh(_))));
    assert_eq!(fresh.count(), 1);
    assert_eq!(later.unwrap(), Reply::Replayed(b"redeemed".to_vec()));
    assert_eq!(shop.ledger.world.redeemed().await, (1, 1_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_refused_for_anothers_account() {
    let shop = GiftShop::selling(per_code(cap(10))).await;
    let counter = shop.counter();

    let redeemed = join_all((1..=20).map(|number: u128| {
        let account = 1 + number % 2;
        shop.redeem(
            &counter,
            (format!("gift-{number}"), account),
            Holder::default(),
        )
    }))
    .await;

    assert_eq!(told(&redeemed, "redeemed"), 10);
    assert_eq!(told(&redeemed, "account_not_found"), 10);
    assert_eq!(shop.ledger.balance(1).await, 10_000);
    shop.ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_does_not_count_has_no_counter() {
    let shop = GiftShop::selling(per_code(cap(10))).await;
    let counter = shop.counter();

    let redeemed = shop
        .redeem(&counter, ("one".to_owned(), 1), customer(1))
        .await;

    assert_eq!(told(&[redeemed], "redeemed"), 1);
    assert_eq!(shop.count("voucher_counters").await, 1);
    let holder = "voucher_redemptions WHERE holder = ARRAY['email:customer-1@example.com']";
    assert_eq!(shop.count(holder).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_refused_leaves_no_counter_behind() {
    let limits = Limits {
        per_customer: Some(cap(3)),
        budget: Some(cap(100_000)),
        ..per_code(cap(10))
    };
    let shop = GiftShop::selling(limits).await;
    let counter = shop.counter();
    let redeem = |number: usize, account: u128| {
        let key = format!("gift-{number}");
        shop.redeem(&counter, (key, account), customer(number))
    };

    let alone = redeem(0, 2).await;
    let left = shop.count("voucher_counters").await;
    let together = join_all((1..=6).map(|number| redeem(number, 1 + u128::from(number > 1)))).await;

    assert_eq!(told(&[alone], "account_not_found"), 1);
    assert_eq!(left, 0);
    assert_eq!(told(&together, "redeemed"), 1);
    assert_eq!(shop.count("voucher_counters").await, 3);
    assert_eq!(shop.uses("email:customer-1@example.com").await, 1);
}
