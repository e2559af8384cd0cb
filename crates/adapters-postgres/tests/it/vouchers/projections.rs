//! What queries read of vouchers: built from the log of events, and built anew.

mod rebuilds;

use std::{sync::Arc, time::Duration};

use adapters_postgres::{
    Advanced, PgEventSequencer, PgEventSource, PgHeldEvents, PgVoucherStatsQueries,
};
use app::{
    events::{EventBell, EventConsumer},
    ports::{CampaignStats, EventSource, Subscription, VoucherStatsQueries},
    testing::ORGANIZATION,
    vouchers::{RebuildError, RebuildProgress, VoucherProjector, VoucherRebuild},
};
use domain::{
    ids::{CampaignId, InvoiceId},
    vouchers::Limits,
};
use tokio::sync::Mutex;

use crate::support::{World, cap, ten_off};

/// A world whose events are heard.
struct Heard {
    world: World,
    consumer: EventConsumer,
    reader: Mutex<Box<dyn Subscription>>,
}

struct Silent;

impl RebuildProgress for Silent {
    fn begin(&self, _count: u64) {}
    fn advance(&self, _more: u64) {}
}

impl Heard {
    async fn new() -> Self {
        let world = World::new().await;
        let source = PgEventSource::new(world.database.clone(), EventBell::default());
        let reader = source.subscribe(VoucherProjector::GROUP).await.unwrap();
        let consumer = EventConsumer {
            name: VoucherProjector::GROUP.name,
            sink: Arc::new(VoucherProjector::new(world.bus.clone())),
            held: Arc::new(PgHeldEvents::new(world.database.clone())),
            clock: world.clock.clone(),
            batch: 50,
        };
        Self {
            world,
            consumer,
            reader: Mutex::new(reader),
        }
    }

    /// Hears what has happened so far.
    async fn catch_up(&self) {
        let sequencer = PgEventSequencer::new(self.world.database.clone());
        while sequencer.advance(100_000).await.unwrap() != Advanced::default() {}
        let mut reader = self.reader.lock().await;
        let round = async |reader: &mut Box<dyn Subscription>| {
            let round = self.consumer.round(reader.as_mut(), Duration::ZERO);
            round.await.unwrap()
        };
        while round(&mut reader).await > 0 {}
    }

    async fn stats(&self, id: CampaignId) -> CampaignStats {
        let queries = PgVoucherStatsQueries::new(self.world.database.clone());
        let stats = queries.find_stats(ORGANIZATION, id).await.unwrap();
        stats.unwrap()
    }

    async fn rebuild(&self) -> Result<u64, RebuildError> {
        let rebuild = VoucherRebuild::new(self.world.bus.clone(), self.world.clock.clone());
        rebuild.run(&Silent).await
    }

    /// Everything that queries read, as text, but for which making it is and sums of nothing.
    async fn projected(&self) -> Vec<String> {
        let admin = self.world.admin().await;
        let mut lines = Vec::new();
        for table in [
            "voucher_stats",
            "voucher_values",
            "voucher_search",
            "voucher_uses",
        ] {
            let sql = format!(
                "SELECT '{table} ' || (to_jsonb(t) - 'generation')::text FROM {table} AS t
                  WHERE generation = (SELECT live FROM voucher_projection)
                    AND to_jsonb(t) - 'generation' @> '{{\"redeemed\": 0, \"released\": 0, \"value_minor\": 0}}' IS NOT TRUE
                  ORDER BY 1"
            );
            lines.extend(
                admin
                    .rows(&sql)
                    .await
                    .iter()
                    .map(|row| row.get::<_, String>(0)),
            );
        }
        lines
    }

    /// How many rows there are that nobody reads.
    async fn left_over(&self) -> i64 {
        let admin = self.world.admin().await;
        let other = "WHERE generation <> (SELECT live FROM voucher_projection)";
        let mut count = 0;
        for table in [
            "voucher_stats",
            "voucher_values",
            "voucher_search",
            "voucher_uses",
        ] {
            count += admin.count(&format!("{table} {other}")).await;
        }
        count
    }

    /// A campaign with ten vouchers, some of which are redeemed and some taken back.
    async fn season(&self) -> (CampaignId, Vec<InvoiceId>) {
        let limits = Limits {
            budget: Some(cap(100_000)),
            ..Limits::default()
        };
        let campaign = self.world.launch(ten_off(limits)).await;
        for number in 0..10 {
            let code = format!("CODE-{number}");
            let issued = self.world.issue_voucher(campaign.id, &code).await;
            issued.unwrap();
        }
        let drafts = self.world.drafts(20).await;
        for (number, draft) in drafts.iter().enumerate() {
            let code = format!("CODE-{}", number % 4);
            self.world.apply(*draft, &code).await.unwrap();
        }
        for draft in &drafts[..5] {
            let number = drafts.iter().position(|it| it == draft).unwrap();
            let code = format!("CODE-{}", number % 4);
            self.world.take_off(*draft, &code).await.unwrap();
        }
        (campaign.id, drafts)
    }
}

#[tokio::test]
async fn a_campaign_shows_what_was_issued_redeemed_and_taken_back() {
    let heard = Heard::new().await;
    let (campaign, _) = heard.season().await;

    heard.catch_up().await;

    let stats = heard.stats(campaign).await;
    assert_eq!(
        (stats.issued, stats.redeemed(), stats.released()),
        (10, 15, 5)
    );
    assert_eq!(stats.given[0].value_minor, 15_000);
    assert_eq!(stats.budget_left_minor(), Some(85_000));
}

#[tokio::test]
async fn events_that_come_again_change_nothing() {
    let heard = Heard::new().await;
    heard.season().await;
    heard.catch_up().await;
    let before = heard.projected().await;
    let again = "UPDATE event_readers SET position = 0; DELETE FROM inbox;";
    heard.reader.lock().await.leave().await;
    heard.world.admin().await.run(again).await;

    heard.catch_up().await;

    assert_eq!(heard.projected().await, before);
}

#[tokio::test]
async fn what_is_told_of_a_voucher_before_the_voucher_is_kept_for_it() {
    let heard = Heard::new().await;
    let (campaign, _) = heard.season().await;
    heard.catch_up().await;
    let in_order = heard.projected().await;
    let admin = heard.world.admin().await;
    let tables = "TRUNCATE voucher_stats, voucher_values, voucher_search, voucher_uses, inbox;";
    // Redemptions, then vouchers, then campaigns: the other way round.
    let backwards = "UPDATE event_positions AS p SET position = n.place FROM (
        SELECT position, 10000 + row_number() OVER (
               ORDER BY array_position(ARRAY['redemption', 'voucher', 'campaign'], aggregate_type), position) AS place
          FROM event_positions) AS n WHERE n.position = p.position;
        UPDATE event_sequencer SET position = 20000; UPDATE event_readers SET position = 0;";
    heard.reader.lock().await.leave().await;
    admin.run(&format!("{tables}{backwards}")).await;

    heard.catch_up().await;

    assert_eq!(heard.projected().await, in_order);
    assert_eq!(heard.stats(campaign).await.issued, 10);
}
