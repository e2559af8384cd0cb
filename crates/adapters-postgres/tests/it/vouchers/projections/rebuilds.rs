//! What is built anew is what was built event by event, whatever happens meanwhile.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use app::{
    invoicing::InvoiceChanges,
    vouchers::{
        ForgetProjections, ForgetProjectionsHandler, RebuildError, RebuildProgress, VoucherRebuild,
    },
};
use domain::vouchers::{Benefit, CampaignRevision, CampaignStatus, Limits, PercentOff};
use futures_util::future::{join, join_all};
use jiff::SignedDuration;

use super::Heard;
use crate::support::{currency, draft_of, ten_off};

#[tokio::test]
async fn rebuilt_projections_are_those_that_were_built_event_by_event() {
    let heard = Heard::new().await;
    let (campaign, _) = heard.season().await;
    let paused = CampaignRevision {
        status: Some(CampaignStatus::Paused),
        ..CampaignRevision::default()
    };
    heard.world.revise_campaign(campaign, paused).await;
    heard.catch_up().await;
    let incremental = heard.projected().await;

    let copied = heard.rebuild().await.unwrap();

    assert_eq!(heard.projected().await, incremental);
    assert_eq!(copied, 1 + 10 + 20);
    assert_eq!(heard.left_over().await, 0);
}

#[tokio::test]
async fn a_draft_that_changes_its_currency_is_counted_in_the_other_one() {
    let heard = Heard::new().await;
    let mut terms = ten_off(Limits::default());
    terms.benefit = Benefit::Percent(PercentOff::from_bps(1_000).unwrap());
    terms.currency = None;
    let campaign = heard.world.launch(terms).await.id;
    let issued = heard.world.issue_voucher(campaign, "TENTH").await;
    issued.unwrap();
    let draft = heard.world.drafts(1).await[0];
    heard.world.apply(draft, "TENTH").await.unwrap();
    heard.catch_up().await;
    let before = heard.stats(campaign).await.given;

    let changes = InvoiceChanges {
        currency: Some(currency("EUR")),
        ..InvoiceChanges::default()
    };
    heard.world.edit(draft, changes).await.unwrap();
    heard.catch_up().await;

    let after = heard.stats(campaign).await.given;
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(after[0].currency, currency("EUR"));
    assert_eq!(after[0].value_minor, before[0].value_minor);
    let incremental = heard.projected().await;
    heard.rebuild().await.unwrap();
    assert_eq!(heard.projected().await, incremental);
}

#[tokio::test]
async fn what_the_log_has_forgotten_is_there_after_a_rebuild() {
    let heard = Heard::new().await;
    heard.season().await;
    heard.catch_up().await;
    let incremental = heard.projected().await;
    let forget = "TRUNCATE outbox, event_positions, inbox; \
                  TRUNCATE voucher_stats, voucher_values, voucher_search, voucher_uses;";
    heard.world.admin().await.run(forget).await;

    heard.rebuild().await.unwrap();

    assert_eq!(heard.projected().await, incremental);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_or_counted_twice_that_happens_while_projections_are_rebuilt() {
    let heard = Heard::new().await;
    let (campaign, _) = heard.season().await;
    let carts = |number: usize| draft_of(["ada@example.com", "bob@example.com"][number % 2]);
    let drafts = join_all((0..60).map(|number| heard.world.create(carts(number)))).await;
    let drafts: Vec<_> = drafts.into_iter().map(|it| it.unwrap().id).collect();
    let is_done = AtomicBool::new(false);

    let shopping = async {
        for (number, draft) in drafts.iter().enumerate() {
            let code = format!("CODE-{}", number % 10);
            heard.world.apply(*draft, &code).await.unwrap();
            if number % 3 == 0 {
                heard.world.take_off(*draft, &code).await.unwrap();
            }
            if number % 7 == 0 {
                let code = format!("LATE-{number}");
                heard.world.issue_voucher(campaign, &code).await.unwrap();
            }
        }
        is_done.store(true, Ordering::Release);
    };
    let rebuilding = async {
        let mut count = 0;
        while !is_done.load(Ordering::Acquire) {
            heard.rebuild().await.unwrap();
            count += 1;
        }
        count
    };
    let hearing = async {
        while !is_done.load(Ordering::Acquire) {
            heard.catch_up().await;
        }
    };
    let (rebuilt, ()) = join(rebuilding, async {
        join(shopping, hearing).await;
    })
    .await;
    heard.catch_up().await;

    let incremental = heard.projected().await;
    let stats = heard.stats(campaign).await;
    assert_eq!(
        (stats.issued, stats.redeemed(), stats.released()),
        (19, 55, 25)
    );
    assert_eq!(stats.given[0].value_minor, 55_000);
    heard.rebuild().await.unwrap();
    assert_eq!(heard.projected().await, incremental);
    assert!(rebuilt > 0);
    assert_eq!(heard.left_over().await, 0);
}

#[tokio::test]
async fn of_two_rebuilds_the_later_one_goes_on() {
    let heard = Heard::new().await;
    heard.season().await;
    heard.catch_up().await;
    let incremental = heard.projected().await;

    let (one, other) = join(heard.rebuild(), heard.rebuild()).await;

    let outcomes = [one, other];
    let overtaken = |it: &&Result<u64, RebuildError>| matches!(it, Err(RebuildError::Overtaken));
    assert!(outcomes.iter().filter(overtaken).count() <= 1);
    assert!(outcomes.iter().any(Result::is_ok));
    assert_eq!(heard.projected().await, incremental);
}

/// Dies as soon as something was copied, like a process that is killed then.
struct Killed;

impl RebuildProgress for Killed {
    fn begin(&self, _count: u64) {}

    fn advance(&self, _more: u64) {
        std::panic::resume_unwind(Box::new("killed"));
    }
}

/// A season of which a rebuild has died half way.
async fn killed_rebuild() -> Heard {
    let heard = Heard::new().await;
    heard.season().await;
    heard.catch_up().await;
    let rebuild = VoucherRebuild::new(heard.world.bus.clone(), heard.world.clock.clone());
    let died = tokio::spawn(async move { rebuild.run(&Killed).await }).await;
    assert!(died.is_err());
    heard
}

const BUILDING: &str = "SELECT building FROM voucher_projection";

#[tokio::test]
async fn what_a_killed_rebuild_leaves_is_cleared_away_by_the_next_one() {
    let heard = killed_rebuild().await;
    let incremental = heard.projected().await;
    assert!(heard.left_over().await > 0);

    heard.rebuild().await.unwrap();

    assert_eq!(heard.projected().await, incremental);
    assert_eq!(heard.left_over().await, 0);
    let admin = heard.world.admin().await;
    assert_eq!(admin.value::<Option<i32>>(BUILDING).await, None);
}

#[tokio::test]
async fn a_rebuild_of_which_nothing_is_heard_is_kept_up_no_longer_than_ten_minutes() {
    let heard = killed_rebuild().await;
    let admin = heard.world.admin().await;
    let forget = async || {
        let handler = Arc::new(ForgetProjectionsHandler::new(heard.world.clock.clone()));
        let command = ForgetProjections { limit: 3 };
        while heard
            .world
            .bus
            .execute(handler.clone(), command)
            .await
            .unwrap()
        {}
    };

    heard.world.clock.advance(SignedDuration::from_mins(10));
    forget().await;
    let lived = admin.value::<Option<i32>>(BUILDING).await;
    heard.world.clock.advance(SignedDuration::from_secs(1));
    forget().await;

    assert_eq!(lived, Some(2));
    assert_eq!(admin.value::<Option<i32>>(BUILDING).await, None);
    assert_eq!(heard.left_over().await, 0);
    let late = ten_off(Limits::default());
    heard.world.launch(late).await;
    heard.catch_up().await;
    assert_eq!(heard.left_over().await, 0);
}
