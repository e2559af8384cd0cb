//! Vouchers in great number: orders, jobs, exports.

use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ports::{MockIssueJobQueries, MockVoucherExport, MockVoucherQueries},
    testing::{FakeUnitOfWork, NOW, ORGANIZATION},
};
use domain::{
    ids::{CampaignId, JobId},
    vouchers::{
        CampaignStatus, IssueJob, IssueJobFacts, JobFailure, JobStatus, VoucherCount, VoucherTerms,
    },
};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::standing;
use crate::testing::{Bench, Got, with_body};

const CAMPAIGN: &str = "00000000-0000-0000-0000-000000000046";

fn holding(status: CampaignStatus) -> FakeUnitOfWork {
    let mut campaign = standing().campaign;
    campaign.status = status;
    let mut uow = FakeUnitOfWork::default();
    uow.campaigns.expect_find().returning(move |owner, id| {
        let is_it = (owner, id) == (ORGANIZATION, campaign.id);
        Ok(is_it.then(|| campaign.clone()))
    });
    uow.issue_jobs
        .expect_count_unfinished()
        .returning(|_| Ok(0));
    uow.issue_jobs.expect_insert().returning(|_| Ok(()));
    uow
}

async fn order(status: CampaignStatus, campaign: &str, body: &Value) -> Got {
    let path = format!("/api/v1/campaigns/{campaign}/vouchers");
    let request = TestRequest::post().uri(&path);
    let bench = Bench::new().over(holding(status));
    bench.send(with_body(request, body)).await
}

#[actix_web::test]
async fn an_order_is_accepted_and_its_job_is_where_the_answer_says() {
    let got = order(CampaignStatus::Active, CAMPAIGN, &json!({"count": 100_000})).await;

    assert_eq!(got.status, 202);
    let job = got.json();
    let location = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(got.header("location"), location);
    assert_eq!(job["status"], "queued");
    assert_eq!((&job["total"], &job["done"]), (&json!(100_000), &json!(0)));
    assert_eq!(job["campaign_id"], CAMPAIGN);
}

#[rstest]
#[case(CampaignStatus::Ended, CAMPAIGN, 422, "campaign_ended")]
#[case(
    CampaignStatus::Active,
    "00000000-0000-0000-0000-000000000099",
    404,
    "not_found"
)]
#[case(CampaignStatus::Active, "nowhere", 400, "invalid_parameter")]
#[actix_web::test]
async fn an_order_that_cannot_be_taken(
    #[case] status: CampaignStatus,
    #[case] campaign: &str,
    #[case] expected: u16,
    #[case] code: &str,
) {
    let got = order(status, campaign, &json!({"count": 1})).await;

    assert_eq!(got.problem(), (expected, code.to_owned()));
}

fn job() -> IssueJobFacts {
    let of = (ORGANIZATION, CampaignId::from_uuid(Uuid::from_u128(70)));
    let id = JobId::from_uuid(Uuid::from_u128(5));
    let what = (VoucherCount::new(2_500).unwrap(), VoucherTerms::default());
    let mut job = IssueJob::order(id, of, what, NOW.parse().unwrap());
    job.note_issued(1_000, NOW.parse().unwrap());
    job.facts().clone()
}

async fn read(found: Option<IssueJobFacts>) -> Got {
    let mut jobs = MockIssueJobQueries::new();
    jobs.expect_find().returning(move |_, _| Ok(found.clone()));
    let bench = Bench::new().with(|parts| parts.vouchers.jobs = Arc::new(jobs));
    let path = "/api/v1/jobs/00000000-0000-0000-0000-000000000005";
    bench.send(TestRequest::get().uri(path)).await
}

#[actix_web::test]
async fn a_job_tells_how_far_it_is_and_why_it_stopped() {
    let at = NOW.parse().unwrap();
    let why = JobFailure::CampaignEnded;
    let failed = IssueJobFacts {
        status: JobStatus::Failed { at, why },
        ..job()
    };

    let (running, stopped) = (read(Some(job())).await, read(Some(failed)).await);

    assert_eq!(running.header("etag"), "\"2\"");
    assert_eq!(running.json()["status"], "running");
    assert_eq!(running.json()["done"], 1_000);
    assert_eq!(running.json()["error"], Value::Null);
    assert_eq!(stopped.json()["status"], "failed");
    assert_eq!(stopped.json()["error"]["code"], "campaign_ended");
    assert_eq!(stopped.json()["finished_at"], "2026-11-20T12:00:00.000000Z");
}

#[actix_web::test]
async fn a_job_that_there_is_not_is_not_found() {
    assert_eq!(read(None).await.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn an_export_is_read_piece_by_piece() {
    let mut queries = MockVoucherQueries::new();
    queries
        .expect_find_campaign()
        .returning(|_, _| Ok(Some(standing().campaign)));
    let mut export = MockVoucherExport::new();
    export.expect_list_after().times(2).returning(|_, after| {
        let piece = vec![standing().voucher];
        Ok(if after.is_none() { piece } else { Vec::new() })
    });
    let bench = Bench::new().with(|parts| {
        parts.vouchers.queries = Arc::new(queries);
        parts.vouchers.export = Arc::new(export);
    });

    let path = format!("/api/v1/campaigns/{CAMPAIGN}/vouchers.csv");
    let got = bench.send(TestRequest::get().uri(&path)).await;

    assert_eq!(got.status, 200);
    assert_eq!(got.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(got.bytes.to_vec()).unwrap();
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with("SUMMER,enabled,,"));
}

#[actix_web::test]
async fn a_campaign_that_there_is_not_is_not_exported() {
    let mut queries = MockVoucherQueries::new();
    queries.expect_find_campaign().returning(|_, _| Ok(None));
    let bench = Bench::new().with(|parts| parts.vouchers.queries = Arc::new(queries));

    let path = format!("/api/v1/campaigns/{CAMPAIGN}/vouchers.csv");
    let got = bench.send(TestRequest::get().uri(&path)).await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}
