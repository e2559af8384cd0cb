//! What is asked of vouchers is found at the same cost, however many vouchers and campaigns there are.

use adapters_postgres::{
    PgIssueJobQueries, PgVoucherExport, PgVoucherQueries, PgVoucherStatsQueries,
};
use app::ports::{
    CampaignFilter, Clock as _, IssueJobQueries as _, OfferQuery, VoucherExport as _,
    VoucherFilter, VoucherQueries as _, VoucherStatsQueries as _,
};
use domain::{
    ids::CampaignId,
    vouchers::{CampaignStatus, Holder, Limits, VoucherStatus},
};
use uuid::Uuid;

use super::*;
use crate::support::{cap, code, currency};

/// Two thousand campaigns with fifty vouchers each, a tenth of which have a limit of their own, and as many jobs that are done.
const MANY: &str = "
    INSERT INTO campaigns
    SELECT copy.* FROM campaigns AS old, generate_series(1, 2000) AS n, jsonb_populate_record(old, jsonb_build_object(
               'id', '00000000-0000-7000-8000-' || lpad(n::text, 12, '0'),
               'status', CASE WHEN n % 100 = 0 THEN 'paused' ELSE 'active' END)) AS copy;
    INSERT INTO vouchers
    SELECT copy.* FROM vouchers AS old, generate_series(1, 100000) AS n, jsonb_populate_record(old, jsonb_build_object(
               'id', gen_random_uuid(), 'code', 'CODE-' || n,
               'campaign_id', '00000000-0000-7000-8000-' || lpad((1 + n % 2000)::text, 12, '0'),
               'max_redemptions', CASE WHEN n % 10 = 0 THEN 3 END,
               'status', CASE WHEN n % 500 = 7 THEN 'disabled' ELSE 'enabled' END)) AS copy;
    INSERT INTO voucher_stats
    SELECT 1, organization_id, id, name, kind, status, percent_bps, amount_minor, currency, max_discount_minor, min_total_minor,
           valid_from, valid_until, max_redemptions, max_redemptions_per_code, max_redemptions_per_customer, budget_minor,
           metadata, created_at, updated_at, version, 50
      FROM campaigns;
    INSERT INTO voucher_search
    SELECT 1, organization_id, id, campaign_id, code, status, max_redemptions, created_at, updated_at, version, 0 FROM vouchers;
    INSERT INTO voucher_counters SELECT id, 'total', 1, 1 FROM campaigns;
    INSERT INTO voucher_values SELECT 1, organization_id, id, 'USD', 1, 0, 1 FROM campaigns;
    INSERT INTO jobs
    SELECT organization_id, gen_random_uuid(), id, 5, 5, NULL, 'done', NULL, created_at, created_at, created_at, 1
      FROM campaigns CROSS JOIN generate_series(1, 10);
    ANALYZE campaigns, vouchers, voucher_stats, voucher_search, voucher_counters, voucher_values, jobs;";

async fn many() -> (String, World) {
    let url = migrated_database().await;
    let world = World::at(url.clone(), |_| {});
    let limits = Limits {
        redemptions: Some(cap(1_000)),
        ..Limits::default()
    };
    world.summer(limits).await;
    world.admin().await.run(MANY).await;
    let explained = explained(&url);
    (url, explained)
}

fn seventh() -> CampaignId {
    CampaignId::from_uuid(Uuid::from_u128(0x7000_8000_0000_0000_0007))
}

/// Tells the plans of what is asked for so often that the server may have settled on one.
async fn plans_of<F: Future<Output = usize>>(url: &str, ask: impl Fn() -> F) -> String {
    let length = log_of(url).await.len();
    for _ in 0..UNTIL_PLANS_ARE_GENERIC {
        assert!(ask().await > 0, "nothing was found");
    }
    plans_since(url, length).await
}

#[tokio::test]
async fn a_code_is_found_by_its_index_and_a_campaign_by_its_key() {
    let (url, world) = many().await;
    let queries = PgVoucherQueries::new(world.database.clone());

    let found = plans_of(&url, || async {
        let one = queries.find(ORGANIZATION, &code("CODE-4711")).await;
        usize::from(one.unwrap().is_some())
    });
    assert_uses(&found.await, "vouchers", &["vouchers_code"], "a code");
    let standing = plans_of(&url, || async {
        let (code, nobody) = (code("CODE-4711"), Holder::default());
        let one = queries.find_standing(ORGANIZATION, &code, &nobody).await;
        usize::from(one.unwrap().is_some())
    });

    let standing = standing.await;
    let uses = ["vouchers_code", "campaigns_pkey", "voucher_counters_pkey"];
    assert_uses(&standing, "vouchers", &uses, "what decides");
    assert_uses(&standing, "campaigns", &[], "its campaign");
    assert_uses(&standing, "voucher_counters", &[], "its counters");
}

#[tokio::test]
async fn each_filter_of_vouchers_and_campaigns_has_an_index() {
    let (url, world) = many().await;
    let queries = PgVoucherQueries::new(world.database.clone());
    let of = |campaign_id, status| VoucherFilter {
        campaign_id,
        status,
    };
    let filters = [
        (of(None, None), "voucher_search_pkey"),
        (of(Some(seventh()), None), "voucher_search_campaign"),
        (
            of(None, Some(VoucherStatus::Disabled)),
            "voucher_search_disabled",
        ),
    ];

    for (filter, index) in filters {
        let plans = plans_of(&url, || async {
            let listed = queries.list(ORGANIZATION, &filter, first()).await;
            listed.unwrap().rows.len()
        });
        let what = format!("{filter:?}");
        assert_uses(&plans.await, "voucher_search", &[index], &what);
    }
    let paused = CampaignFilter {
        status: Some(CampaignStatus::Paused),
    };
    let plans = plans_of(&url, || async {
        let listed = queries.list_campaigns(ORGANIZATION, &paused, first()).await;
        listed.unwrap().rows.len()
    });
    assert_uses(&plans.await, "campaigns", &["campaigns_status"], "paused");
}

#[tokio::test]
async fn vouchers_that_would_give_something_are_found_by_their_campaigns() {
    let (url, world) = many().await;
    let stats = PgVoucherStatsQueries::new(world.database.clone());
    let query = OfferQuery {
        currency: currency("USD"),
        now: world.clock.now(),
        holder: Holder::default(),
    };

    let standings = plans_of(&url, || async {
        let some = stats.list_standings(ORGANIZATION, &query, None, 20).await;
        some.unwrap().len()
    });
    let standings = standings.await;
    let open = plans_of(&url, || async {
        let campaigns = [(seventh(), None)];
        let some = stats.list_open(ORGANIZATION, &campaigns, 20).await;
        some.unwrap().len()
    });

    assert_uses(
        &standings,
        "voucher_stats",
        &["voucher_stats_active"],
        "campaigns",
    );
    assert_uses(
        &standings,
        "voucher_values",
        &["voucher_values_pkey"],
        "what they gave",
    );
    let own = ["voucher_search_open", "voucher_search_open_own"];
    assert_uses(&open.await, "voucher_search", &own, "open ones");
}

#[tokio::test]
async fn an_export_reads_on_where_it_was_and_a_waiting_job_is_found_among_those_that_are_done() {
    let (url, world) = many().await;
    let export = PgVoucherExport::new(world.database.clone());
    let jobs = PgIssueJobQueries::new(world.database.clone());
    let waiting = "INSERT INTO jobs SELECT organization_id, gen_random_uuid(), id, 5, 0, NULL, 'queued', NULL, NULL, created_at,
                                           created_at, 1 FROM campaigns; ANALYZE jobs";
    world.admin().await.run(waiting).await;

    let exported = plans_of(&url, || async {
        let piece = export.list_after((ORGANIZATION, seventh()), None).await;
        piece.unwrap().len()
    });
    let exported = exported.await;
    let next = plans_of(&url, || async {
        let next = jobs.next(&[]).await;
        usize::from(next.unwrap().is_some())
    });

    assert_uses(&exported, "vouchers", &["vouchers_campaign"], "a campaign");
    assert_uses(&next.await, "jobs", &["jobs_unfinished"], "a job");
}
