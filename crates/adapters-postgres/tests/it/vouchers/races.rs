//! Vouchers that many want at the same time: limits hold exactly.

use app::ports::Clock as _;
use domain::vouchers::{CampaignRevision, CampaignStatus, Limits, Reason};
use futures_util::future::{join, join_all};
use jiff::{SignedDuration, ToSpan};

use crate::support::{World, cap, draft_of, reasons, ten_off};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_thousand_at_once_exactly_a_hundred_get_a_code_with_a_hundred_uses() {
    let world = World::new().await;
    let limits = Limits {
        per_code: Some(cap(100)),
        ..Limits::default()
    };
    world.summer(limits).await;
    let drafts = world.drafts(1_000).await;

    let applied = join_all(drafts.iter().map(|id| world.apply(*id, "SUMMER"))).await;

    let got = applied.iter().filter(|it| it.is_ok()).count();
    assert_eq!(got, 100);
    for refused in applied.iter().filter(|it| it.is_err()) {
        assert_eq!(reasons(refused), [Reason::VoucherExhausted]);
    }
    assert_eq!(world.redeemed().await, (100, 100_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_budget_that_fits_37_of_100_at_once_is_given_to_exactly_37() {
    let world = World::new().await;
    let limits = Limits {
        budget: Some(cap(37_999)),
        ..Limits::default()
    };
    let campaign = world.summer(limits).await;
    for number in 0..9 {
        let other = format!("CODE-{number}");
        world.issue_voucher(campaign.id, &other).await.unwrap();
    }
    let drafts = world.drafts(100).await;

    let each = drafts.iter().enumerate().map(|(number, id)| {
        let codes = ["SUMMER", "CODE-0", "CODE-3", "CODE-5", "CODE-8"];
        world.apply(*id, codes[number % codes.len()])
    });
    let applied = join_all(each).await;

    assert_eq!(applied.iter().filter(|it| it.is_ok()).count(), 37);
    for refused in applied.iter().filter(|it| it.is_err()) {
        assert_eq!(reasons(refused), [Reason::CampaignBudgetExhausted]);
    }
    assert_eq!(world.redeemed().await, (37, 37_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_customer_with_many_carts_at_once_redeems_as_often_as_one_may() {
    let world = World::new().await;
    let limits = Limits {
        per_customer: Some(cap(3)),
        ..Limits::default()
    };
    world.summer(limits).await;
    let cart = |address: &'static str| world.create(draft_of(address));
    let ada = join_all((0..20).map(|_| cart("ada@example.com"))).await;
    let shouting = join_all((0..5).map(|_| cart("ADA@example.com"))).await;
    let bob = cart("bob@example.com").await.unwrap().id;

    let carts = ada.into_iter().chain(shouting).map(|it| it.unwrap().id);
    let applied = join_all(carts.map(|id| world.apply(id, "SUMMER"))).await;

    assert_eq!(applied.iter().filter(|it| it.is_ok()).count(), 3);
    for refused in applied.iter().filter(|it| it.is_err()) {
        assert_eq!(reasons(refused), [Reason::VoucherCustomerLimit]);
    }
    assert!(world.apply(bob, "SUMMER").await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_releases_and_who_redeems_at_once_never_share_the_last_use() {
    let world = World::new().await;
    let limits = Limits {
        redemptions: Some(cap(1)),
        per_code: Some(cap(1)),
        ..Limits::default()
    };
    world.summer(limits).await;
    let [mut holder, mut waiting] = [world.drafted().await, world.drafted().await];
    world.apply(holder, "SUMMER").await.unwrap();

    for _round in 0..30 {
        let (released, applied) = join(
            world.take_off(holder, "SUMMER"),
            world.apply(waiting, "SUMMER"),
        )
        .await;

        released.unwrap();
        if applied.is_err() {
            assert_eq!(reasons(&applied), [Reason::VoucherExhausted]);
            assert_eq!(world.redeemed().await, (0, 0));
            world.apply(waiting, "SUMMER").await.unwrap();
        }
        assert_eq!(world.redeemed().await, (1, 1_000));
        std::mem::swap(&mut holder, &mut waiting);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn once_a_campaign_is_paused_nothing_more_is_redeemed() {
    let world = World::new().await;
    let campaign = world.summer(Limits::default()).await;
    let drafts = world.drafts(100).await;
    let pausing = async {
        let pause = CampaignRevision {
            status: Some(CampaignStatus::Paused),
            ..CampaignRevision::default()
        };
        world.revise_campaign(campaign.id, pause).await;
        world.redeemed().await
    };

    let applying = join_all(drafts.iter().map(|id| world.apply(*id, "SUMMER")));
    let (applied, when_paused) = join(applying, pausing).await;

    let got = applied.iter().filter(|it| it.is_ok()).count();
    assert_eq!(when_paused.0, i64::try_from(got).unwrap());
    for refused in applied.iter().filter(|it| it.is_err()) {
        assert_eq!(reasons(refused), [Reason::CampaignPaused]);
    }
    assert_eq!(world.redeemed().await, when_paused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_limit_that_comes_while_vouchers_are_redeemed_counts_all_of_them() {
    let world = World::new().await;
    let campaign = world.summer(Limits::default()).await;
    let drafts = world.drafts(60).await;
    let limiting = async {
        let limit = CampaignRevision {
            redemptions: Some(Some(cap(40))),
            per_code: Some(Some(cap(50))),
            ..CampaignRevision::default()
        };
        world.revise_campaign(campaign.id, limit).await;
        world.redeemed().await.0
    };

    let applying = join_all(drafts.iter().map(|id| world.apply(*id, "SUMMER")));
    let (_applied, when_limited) = join(applying, limiting).await;

    assert_eq!(world.redeemed().await.0, when_limited.max(40));
}

/// What was redeemed while nothing was counted is taken back from counts that never had it.
#[tokio::test]
async fn limits_that_come_and_go_keep_no_draft_from_going() {
    let world = World::new().await;
    let campaign = world.summer(Limits::default()).await;
    let drafts = world.drafts(3).await;
    let limited_to = |redemptions| CampaignRevision {
        redemptions: Some(redemptions),
        ..CampaignRevision::default()
    };
    world.apply(drafts[0], "SUMMER").await.unwrap();
    world
        .revise_campaign(campaign.id, limited_to(Some(cap(2))))
        .await;
    world.apply(drafts[1], "SUMMER").await.unwrap();
    world.revise_campaign(campaign.id, limited_to(None)).await;
    world.apply(drafts[2], "SUMMER").await.unwrap();

    for draft in &drafts {
        world.delete(*draft).await.unwrap();
    }
    world
        .revise_campaign(campaign.id, limited_to(Some(cap(1))))
        .await;
    let again = world.drafts(2).await;
    let within = world.apply(again[0], "SUMMER").await;
    let beyond = world.apply(again[1], "SUMMER").await;

    assert!(within.is_ok(), "{within:?}");
    assert!(beyond.is_err(), "{beyond:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn codes_that_differ_in_case_only_are_issued_once() {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;

    let spelt = ["winter-26", "WINTER-26", "Winter-26", "wInTeR-26"];
    let issued = join_all(spelt.map(|raw| world.issue_voucher(campaign.id, raw))).await;

    assert_eq!(issued.iter().filter(|it| it.is_ok()).count(), 1);
    let draft = world.drafted().await;
    assert!(world.apply(draft, "winter-26").await.is_ok());
}

#[tokio::test]
async fn at_the_very_second_of_its_end_a_voucher_has_expired() {
    let world = World::new().await;
    let now = world.clock.now();
    let mut terms = ten_off(Limits::default());
    terms.valid_until = Some(now + 1.second());
    let campaign = world.launch(terms).await;
    world.issue_voucher(campaign.id, "SUMMER").await.unwrap();
    let [first, second] = [world.drafted().await, world.drafted().await];

    world.clock.advance(SignedDuration::from_micros(999_999));
    let before = world.apply(first, "SUMMER").await;
    world.clock.advance(SignedDuration::from_micros(1));
    let at_the_end = world.apply(second, "SUMMER").await;

    assert!(before.is_ok());
    assert_eq!(reasons(&at_the_end), [Reason::VoucherExpired]);
}
