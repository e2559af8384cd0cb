mod many;
mod offers;

use actix_web::test::TestRequest;
use app::{
    ports::{MockVoucherQueries, VoucherStanding},
    testing::{FakeUnitOfWork, NOW, ORGANIZATION},
};
use domain::{
    ids::{CampaignId, VoucherId},
    values::{Metadata, Name},
    vouchers::{
        Benefit, Campaign, CampaignStatus, CampaignTerms, Counts, Limits, PercentOff, Voucher,
        VoucherCode, VoucherKind, VoucherTerms,
    },
};
use rstest::rstest;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

use crate::testing::{Bench, Got, with_body};

fn standing() -> VoucherStanding {
    let campaign_id = CampaignId::from_uuid(Uuid::from_u128(70));
    let terms = CampaignTerms {
        name: Name::parse("Summer").unwrap(),
        kind: VoucherKind::Discount,
        benefit: Benefit::Percent(PercentOff::from_bps(1_000).unwrap()),
        currency: None,
        max_discount: None,
        min_total: None,
        valid_from: None,
        valid_until: None,
        limits: Limits::default(),
        metadata: Metadata::default(),
    };
    let now = NOW.parse().unwrap();
    let campaign = Campaign::launch(campaign_id, ORGANIZATION, terms, now).unwrap();
    let id = VoucherId::from_uuid(Uuid::from_u128(71));
    let code = VoucherCode::parse("SUMMER").unwrap();
    let voucher = Voucher::issue(
        id,
        (ORGANIZATION, campaign_id),
        (code, VoucherTerms::default()),
        now,
    );
    VoucherStanding {
        campaign: campaign.facts().clone(),
        voucher: voucher.facts().clone(),
        counts: Counts::default(),
    }
}

fn over(found: Option<VoucherStanding>) -> Bench {
    let mut queries = MockVoucherQueries::new();
    queries.expect_find_standing().returning(move |_, code, _| {
        let is_it = code.as_str() == "SUMMER";
        Ok(found.clone().filter(|_| is_it))
    });
    queries.expect_find().returning(|_, _| Ok(None));
    Bench::new().with(|parts| parts.vouchers.queries = Arc::new(queries))
}

async fn validate(found: Option<VoucherStanding>, code: &str, body: &Value) -> Got {
    let path = format!("/api/v1/vouchers/{code}/validate");
    let request = TestRequest::post().uri(&path);
    over(found).send(with_body(request, body)).await
}

#[actix_web::test]
async fn what_a_voucher_would_give_is_told() {
    let body = json!({"currency": "EUR", "total_minor": 12_000});

    let got = validate(Some(standing()), "summer", &body).await;

    assert_eq!(got.status, 200);
    assert_eq!(got.json()["amount_minor"], 1_200);
    assert_eq!(got.json()["code"], "SUMMER");
}

#[actix_web::test]
async fn every_reason_is_told_and_the_first_one_is_the_code() {
    let mut paused = standing();
    paused.campaign.status = CampaignStatus::Paused;
    paused.counts.is_blocked = true;
    let body = json!({"currency": "EUR", "total_minor": 4});

    let got = validate(Some(paused), "SUMMER", &body).await;

    assert_eq!(got.problem(), (422, "campaign_paused".to_owned()));
    let codes: Vec<_> = got.faults().into_iter().map(|(_, code)| code).collect();
    assert_eq!(
        codes,
        ["campaign_paused", "customer_blocked", "minimum_not_reached"]
    );
}

#[rstest]
#[case("AB", 400, "invalid_parameter")]
#[case("UNKNOWN", 404, "not_found")]
#[actix_web::test]
async fn codes_that_there_are_not(#[case] code: &str, #[case] status: u16, #[case] word: &str) {
    let body = json!({"currency": "EUR", "total_minor": 12_000});

    let got = validate(Some(standing()), code, &body).await;

    assert_eq!(got.problem(), (status, word.to_owned()));
}

#[actix_web::test]
async fn the_twenty_first_unknown_code_in_a_minute_is_one_too_many() {
    let guess = || TestRequest::get().uri("/api/v1/vouchers/GUESS");
    let authorized = |request: TestRequest| {
        let secret = format!("Bearer {}", app::testing::key_secret().expose());
        request.insert_header(("authorization", secret))
    };
    let requests: [TestRequest; 21] = std::array::from_fn(|_| authorized(guess()));

    let answers = Box::pin(over(None).send_each(requests)).await;

    let statuses: Vec<_> = answers.iter().map(|it| it.status.as_u16()).collect();
    assert_eq!(statuses[..20], [404; 20]);
    assert_eq!(answers[20].problem(), (429, "too_many_guesses".to_owned()));
    assert_eq!(answers[20].header("retry-after"), "60");
}

#[rstest]
#[case(json!({"name": "S", "kind": "discount"}), "/percent_bps", "required")]
#[case(json!({"name": "S", "kind": "discount", "amount_minor": 5}), "/currency", "required")]
#[case(
    json!({"name": "S", "kind": "discount", "amount_minor": 5, "currency": "EUR", "percent_bps": 5}),
    "/amount_minor", "not_applicable"
)]
#[case(json!({"name": "S", "kind": "gift", "percent_bps": 5}), "/percent_bps", "not_applicable")]
#[case(json!({"name": "S", "kind": "discount", "percent_bps": 5, "budget_minor": 5}), "/currency", "required")]
#[case(json!({"name": "S", "kind": "discount", "percent_bps": 0}), "/percent_bps", "out_of_range")]
#[case(json!({"name": "S", "kind": "discount", "percent_bps": 5, "max_redemptions": 0}), "/max_redemptions", "out_of_range")]
#[actix_web::test]
async fn terms_that_contradict_themselves_are_refused_where_they_do(
    #[case] body: Value,
    #[case] pointer: &str,
    #[case] code: &str,
) {
    let request = TestRequest::post().uri("/api/v1/campaigns");

    let got = Bench::new().send(with_body(request, &body)).await;

    assert_eq!(got.problem(), (400, "validation_failed".to_owned()));
    assert_eq!(got.faults(), [(pointer.to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn every_contradiction_of_a_campaign_is_told_at_once() {
    let body = json!({
        "name": "S", "kind": "gift", "percent_bps": 5, "min_total_minor": 1, "max_discount_minor": 1,
        "valid_from": "2027-01-01T00:00:00Z", "valid_until": "2026-01-01T00:00:00Z",
    });
    let request = TestRequest::post().uri("/api/v1/campaigns");

    let got = Bench::new().send(with_body(request, &body)).await;

    let mut faults = got.faults();
    faults.sort();
    let expected = [
        ("/currency", "required"),
        ("/max_discount_minor", "not_applicable"),
        ("/min_total_minor", "not_applicable"),
        ("/percent_bps", "not_applicable"),
        ("/valid_until", "out_of_range"),
    ];
    let expected = expected.map(|(place, code)| (place.to_owned(), code.to_owned()));
    assert_eq!(faults, expected);
}

#[actix_web::test]
async fn a_campaign_is_launched() {
    let mut uow = FakeUnitOfWork::default().announcing("campaign.created", 1);
    uow.campaigns.expect_insert().returning(|_| Ok(()));
    let body = json!({"name": "Gifts", "kind": "gift", "amount_minor": 5_000, "currency": "EUR"});
    let request = TestRequest::post().uri("/api/v1/campaigns");

    let got = Bench::new().over(uow).send(with_body(request, &body)).await;

    assert_eq!(got.status, 201);
    assert_eq!(got.json()["max_redemptions_per_code"], 1);
    assert_eq!(got.json()["status"], "active");
}

#[actix_web::test]
async fn a_gift_is_redeemed_under_a_key_only() {
    let body = json!({"account_id": "00000000-0000-0000-0000-000000000001"});
    let request = TestRequest::post().uri("/api/v1/vouchers/GIFT/redeem");

    let got = Bench::new().send(with_body(request, &body)).await;

    assert_eq!(got.problem(), (400, "idempotency_key_required".to_owned()));
}
