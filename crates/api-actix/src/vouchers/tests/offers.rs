use app::ports::{
    CampaignStanding, CampaignStats, Given, MockVoucherStatsQueries, VoucherStatsQueries,
};
use domain::{
    ids::OrganizationId,
    values::Currency,
    vouchers::{CampaignFacts, Cap, VoucherFacts},
};

use super::*;

const PATH: &str = "/api/v1/vouchers/applicable?currency=EUR&total_minor=10000";

/// Campaign `number`, which takes off so many basis points.
fn campaign(number: u128, bps: i64) -> CampaignFacts {
    let mut facts = standing().campaign;
    facts.id = CampaignId::from_uuid(Uuid::from_u128(number));
    facts.terms.benefit = Benefit::Percent(PercentOff::from_bps(bps).unwrap());
    facts
}

fn of(campaign: CampaignFacts) -> CampaignStanding {
    CampaignStanding {
        campaign,
        counts: Counts::default(),
    }
}

fn voucher_of(campaign_id: CampaignId) -> VoucherFacts {
    VoucherFacts {
        campaign_id,
        code: VoucherCode::parse(&format!("OF-{}", campaign_id.as_uuid().as_u128())).unwrap(),
        ..standing().voucher
    }
}

/// So many campaigns, later ones before earlier ones, two at a time.
struct Many(Vec<CampaignStanding>);

#[async_trait::async_trait]
impl VoucherStatsQueries for Many {
    async fn find_stats(
        &self,
        _: OrganizationId,
        _: CampaignId,
    ) -> Result<Option<CampaignStats>, app::ports::StorageError> {
        Ok(None)
    }

    async fn list_standings(
        &self,
        _: OrganizationId,
        _: &app::ports::OfferQuery,
        before: Option<CampaignId>,
        _: i64,
    ) -> Result<Vec<CampaignStanding>, app::ports::StorageError> {
        let is_before = |it: &&CampaignStanding| before.is_none_or(|id| it.campaign.id < id);
        let behind = self.0.iter().rev().filter(is_before).take(2);
        Ok(behind.cloned().collect())
    }

    async fn list_open(
        &self,
        _: OrganizationId,
        campaigns: &[app::ports::OpenCampaign],
        limit: i64,
    ) -> Result<Vec<VoucherFacts>, app::ports::StorageError> {
        let limit = usize::try_from(limit).unwrap();
        let each = campaigns.iter().map(|(id, _)| voucher_of(*id));
        Ok(each.take(limit).collect())
    }
}

async fn offered(campaigns: Vec<CampaignStanding>, path: &str) -> Vec<(String, i64)> {
    let many: Arc<dyn VoucherStatsQueries> = Arc::new(Many(campaigns));
    let bench = Bench::new().with(|parts| parts.vouchers.stats = many);
    let got = bench.send(TestRequest::get().uri(path)).await;
    let data = got.json()["data"].as_array().unwrap().clone();
    let row = |it: &Value| {
        let code = it["code"].as_str().unwrap().to_owned();
        (code, it["amount_minor"].as_i64().unwrap())
    };
    data.iter().map(row).collect()
}

#[actix_web::test]
async fn all_campaigns_are_looked_at_for_those_that_give_most() {
    let campaigns = (1..=50).map(|number| {
        let bps = i64::try_from(number).unwrap() * 7 % 50 + 1;
        of(campaign(number, bps))
    });

    let offered = offered(campaigns.collect(), &format!("{PATH}&limit=30")).await;

    let amounts: Vec<_> = offered.iter().map(|(_, amount)| *amount).collect();
    let expected: Vec<_> = (21..=50).rev().collect();
    assert_eq!(amounts, expected);
}

/// Each campaign is newer than all before it, without an end.
struct Endless;

#[async_trait::async_trait]
impl VoucherStatsQueries for Endless {
    async fn find_stats(
        &self,
        _: OrganizationId,
        _: CampaignId,
    ) -> Result<Option<CampaignStats>, app::ports::StorageError> {
        Ok(None)
    }

    async fn list_standings(
        &self,
        _: OrganizationId,
        _: &app::ports::OfferQuery,
        before: Option<CampaignId>,
        limit: i64,
    ) -> Result<Vec<CampaignStanding>, app::ports::StorageError> {
        let last = before.map_or(u128::MAX, |id| id.as_uuid().as_u128());
        let limit = u128::try_from(limit).unwrap();
        Ok((last - limit..last)
            .rev()
            .map(|number| of(campaign(number, 1_000)))
            .collect())
    }

    async fn list_open(
        &self,
        _: OrganizationId,
        _: &[app::ports::OpenCampaign],
        _: i64,
    ) -> Result<Vec<VoucherFacts>, app::ports::StorageError> {
        Ok(Vec::new())
    }
}

#[actix_web::test]
async fn however_many_campaigns_go_on_only_so_many_are_looked_at() {
    let endless: Arc<dyn VoucherStatsQueries> = Arc::new(Endless);
    let bench = Bench::new().with(|parts| parts.vouchers.stats = endless);

    let got = bench.send(TestRequest::get().uri(PATH)).await;

    assert_eq!(got.status, 200);
    assert_eq!(got.json()["data"], json!([]));
}

#[actix_web::test]
async fn a_campaign_that_has_nothing_left_offers_nothing() {
    let mut poor = campaign(1, 5_000);
    poor.terms.limits.budget = Some(Cap::new(4_999).unwrap());
    let mut used_up = of(campaign(2, 5_000));
    used_up.campaign.terms.limits.redemptions = Some(Cap::new(3).unwrap());
    used_up.counts.of_campaign = 3;
    let mut blocked = of(campaign(3, 5_000));
    blocked.counts.is_blocked = true;

    let good = of(campaign(4, 1_000));
    let offered = offered(vec![of(poor), used_up, blocked, good], PATH).await;

    assert_eq!(offered, [("OF-4".to_owned(), 1_000)]);
}

#[actix_web::test]
async fn a_campaign_tells_how_it_does() {
    let currency = Currency::parse("EUR").unwrap();
    let mut facts = campaign(70, 1_000);
    facts.terms.currency = Some(currency);
    facts.terms.limits.budget = Some(Cap::new(1_000).unwrap());
    let given = Given {
        currency,
        redeemed: 3,
        released: 1,
        value_minor: 1_200,
    };
    let mut queries = MockVoucherStatsQueries::new();
    queries.expect_find_stats().return_once(move |_, _| {
        Ok(Some(CampaignStats {
            campaign: facts,
            issued: 5,
            given: vec![given],
        }))
    });
    let bench = Bench::new().with(|parts| parts.vouchers.stats = Arc::new(queries));
    let path = format!("/api/v1/campaigns/{}/stats", Uuid::from_u128(70));

    let got = bench.send(TestRequest::get().uri(&path)).await;

    assert_eq!(got.status, 200);
    assert_eq!(
        got.json(),
        json!({
            "campaign_id": Uuid::from_u128(70), "issued": 5, "redeemed": 3, "released": 1, "currency": "EUR",
            "values": [{"currency": "EUR", "redeemed": 3, "released": 1, "value_minor": 1_200}],
            "budget_minor": 1_000, "budget_left_minor": 0, "max_redemptions": null, "redemptions_left": null,
        })
    );
}

#[rstest]
#[case(Some(standing()), 200)]
#[case(None, 404)]
#[actix_web::test]
async fn a_campaign_of_which_nothing_was_heard_yet_has_given_nothing(
    #[case] found: Option<VoucherStanding>,
    #[case] status: u16,
) {
    let mut queries = MockVoucherQueries::new();
    queries
        .expect_find_campaign()
        .return_once(move |_, _| Ok(found.map(|it| it.campaign)));
    let bench = Bench::new().with(|parts| {
        parts.vouchers.queries = Arc::new(queries);
        parts.vouchers.stats = Arc::new(Many(Vec::new()));
    });
    let path = format!("/api/v1/campaigns/{}/stats", Uuid::from_u128(70));

    let got = bench.send(TestRequest::get().uri(&path)).await;

    assert_eq!(got.status, status);
}
