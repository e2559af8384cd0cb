//! Vouchers that are issued in great number.

use std::{
    cell::Cell,
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use adapters_postgres::{PgIssueJobQueries, PgVoucherExport};
use app::{
    ports::{IssueJobQueries as _, MockVoucherCodeGenerator, StorageError, VoucherExport as _},
    testing::{ORGANIZATION, caller},
    vouchers::{
        IssueOrderedHandler, Issuing, IssuingParts, OrderVouchers, OrderVouchersError,
        OrderVouchersHandler,
    },
};
use domain::{
    ids::{CampaignId, OrganizationId, VoucherId},
    values::Metadata,
    vouchers::{
        CampaignRevision, CampaignStatus, IssueJobFacts, JobFailure, JobStatus, Limits,
        UNFINISHED_JOBS_MAX, VoucherCode, VoucherCount, VoucherTerms,
    },
};
use futures_util::future::join_all;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::{World, cap, ten_off};

/// Makes the codes `BULK-0`, `BULK-1` …, each of them so many times.
fn stuttering(times: u32) -> Arc<MockVoucherCodeGenerator> {
    let mut codes = MockVoucherCodeGenerator::new();
    let made = AtomicU32::new(0);
    codes.expect_new_voucher_code().returning(move || {
        let number = made.fetch_add(1, Ordering::SeqCst) / times;
        VoucherCode::parse(&format!("BULK-{number}")).unwrap()
    });
    Arc::new(codes)
}

/// What is said of each voucher that is ordered.
fn terms() -> VoucherTerms {
    let mut metadata = Metadata::default();
    metadata.insert("printed_on", "flyer").unwrap();
    VoucherTerms {
        max_redemptions: Some(cap(3)),
        metadata,
    }
}

impl World {
    async fn order(&self, campaign_id: CampaignId, count: i64) -> IssueJobFacts {
        self.try_to_order(campaign_id, count).await.unwrap()
    }

    async fn try_to_order(
        &self,
        campaign_id: CampaignId,
        count: i64,
    ) -> Result<IssueJobFacts, OrderVouchersError> {
        let handler = OrderVouchersHandler::new(self.clock.clone(), self.ids.clone());
        let command = OrderVouchers {
            caller: caller(),
            campaign_id,
            count: VoucherCount::new(count).unwrap(),
            terms: terms(),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    fn issuer(&self, codes: Arc<MockVoucherCodeGenerator>) -> Arc<IssueOrderedHandler> {
        let handler = IssueOrderedHandler::new(self.clock.clone(), self.ids.clone(), codes);
        Arc::new(handler)
    }

    /// Works until there is nothing to do, and tells how many pieces that were.
    async fn work_off(&self, handler: Arc<IssueOrderedHandler>) -> Result<usize, StorageError> {
        self.issuing(handler).work(|| true).await
    }

    /// Issues so many pieces.
    async fn issue_pieces(&self, handler: &Arc<IssueOrderedHandler>, pieces: usize) {
        let left = Cell::new(pieces);
        let goes_on = || left.replace(left.get().saturating_sub(1)) > 0;
        let issued = self.issuing(handler.clone()).work(goes_on).await;
        assert_eq!(issued.unwrap(), pieces);
    }

    fn issuing(&self, handler: Arc<IssueOrderedHandler>) -> Issuing {
        Issuing::new(IssuingParts {
            bus: self.bus.clone(),
            handler,
            jobs: Arc::new(PgIssueJobQueries::new(self.database.clone())),
            clock: self.clock.clone(),
        })
    }

    async fn job(&self, job: &IssueJobFacts) -> IssueJobFacts {
        let queries = PgIssueJobQueries::new(self.database.clone());
        let found = queries.find(ORGANIZATION, job.id).await.unwrap();
        found.unwrap()
    }

    async fn exported(&self, of: (OrganizationId, CampaignId)) -> Vec<(VoucherId, String)> {
        let export = PgVoucherExport::new(self.database.clone());
        let (mut all, mut last) = (Vec::new(), None);
        loop {
            let piece = export.list_after(of, last).await.unwrap();
            let Some(end) = piece.last() else {
                return all;
            };
            last = Some(end.id);
            let lines = piece.iter().map(|it| (it.id, it.code.to_string()));
            all.extend(lines);
        }
    }
}

#[tokio::test]
async fn codes_that_are_somebody_elses_are_made_anew_until_there_are_as_many_as_were_ordered() {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;
    for taken in ["BULK-0", "BULK-7"] {
        world.issue_voucher(campaign.id, taken).await.unwrap();
    }
    let job = world.order(campaign.id, 10).await;

    world.work_off(world.issuer(stuttering(3))).await.unwrap();

    let done = world.job(&job).await;
    assert_eq!(done.issued, 10);
    assert!(matches!(done.status, JobStatus::Done { .. }));
    let exported = world.exported((ORGANIZATION, campaign.id)).await;
    let codes: HashSet<_> = exported.iter().map(|(_, code)| code).collect();
    assert_eq!((exported.len(), codes.len()), (12, 12));
    let admin = world.admin().await;
    let told = "SELECT count(*) FROM outbox WHERE type = 'voucher.created' AND payload ->> 'max_redemptions' = '3'
                   AND payload -> 'metadata' ->> 'printed_on' = 'flyer'";
    assert_eq!(admin.value::<i64>(told).await, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_issue_exactly_what_was_ordered_and_a_small_order_does_not_wait_for_a_large_one()
 {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;
    let large = world.order(campaign.id, 12_345).await;
    let small = world.order(campaign.id, 7).await;

    let handler = world.issuer(stuttering(1));
    world.clock.advance(SignedDuration::from_secs(1));
    world.issue_pieces(&handler, 2).await;
    let early = [world.job(&large).await, world.job(&small).await];
    let workers = (0..6).map(|_| world.work_off(handler.clone()));
    let pieces = join_all(workers).await;

    let codes = early.map(|it| it.status.code());
    assert_eq!(codes, ["running", "done"]);
    let pieces: usize = pieces.into_iter().map(Result::unwrap).sum();
    assert_eq!(pieces, 12);
    assert_eq!(world.job(&large).await.issued, 12_345);
    let exported = world.exported((ORGANIZATION, campaign.id)).await;
    assert_eq!(exported.len(), 12_352);
    assert!(exported.is_sorted_by_key(|(id, _)| *id));
    assert_eq!(world.admin().await.count("vouchers").await, 12_352);
}

#[tokio::test]
async fn a_job_ends_with_its_campaign() {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;
    let job = world.order(campaign.id, 5_000).await;
    let handler = world.issuer(stuttering(1));
    world.issue_pieces(&handler, 1).await;

    let revision = CampaignRevision {
        status: Some(CampaignStatus::Ended),
        ..CampaignRevision::default()
    };
    world.revise_campaign(campaign.id, revision).await;
    world.work_off(handler).await.unwrap();

    let failed = world.job(&job).await;
    assert_eq!(failed.issued, 1_000);
    assert_eq!(failed.status.failure(), Some(JobFailure::CampaignEnded));
    assert_eq!(world.admin().await.count("vouchers").await, 1_000);
}

#[tokio::test]
async fn nobody_else_sees_a_job_or_exports_a_campaign() {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;
    let job = world.order(campaign.id, 3).await;
    world.work_off(world.issuer(stuttering(1))).await.unwrap();
    let other = OrganizationId::from_uuid(Uuid::from_u128(2));

    let found = PgIssueJobQueries::new(world.database.clone());
    let found = found.find(other, job.id).await.unwrap();
    let exported = world.exported((other, campaign.id)).await;

    assert_eq!(found, None);
    assert!(exported.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_organization_has_twenty_jobs_waiting_at_most_whoever_orders_at_once() {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;

    let ordered = join_all((0..40).map(|_| world.try_to_order(campaign.id, 1))).await;
    world.issue_pieces(&world.issuer(stuttering(1)), 1).await;
    let again = world.try_to_order(campaign.id, 1).await;

    let taken = ordered.iter().filter(|it| it.is_ok()).count();
    assert_eq!(i64::try_from(taken).unwrap(), UNFINISHED_JOBS_MAX);
    for refused in ordered.into_iter().filter_map(Result::err) {
        assert!(matches!(refused, OrderVouchersError::TooMany(_)));
    }
    assert!(again.is_ok());
}

#[tokio::test]
async fn a_job_that_cannot_be_read_does_not_stop_the_one_behind_it() {
    let world = World::new().await;
    let campaign = world.launch(ten_off(Limits::default())).await;
    let broken = world.order(campaign.id, 5).await;
    world.clock.advance(SignedDuration::from_secs(1));
    let good = world.order(campaign.id, 7).await;
    let admin = world.admin().await;
    admin
        .run("ALTER TABLE jobs DROP CONSTRAINT jobs_status_check")
        .await;
    let sql = format!(
        "UPDATE jobs SET status = 'strange' WHERE id = '{}'",
        broken.id
    );
    admin.run(&sql).await;

    world.work_off(world.issuer(stuttering(1))).await.unwrap();

    assert!(matches!(
        world.job(&good).await.status,
        JobStatus::Done { .. }
    ));
}
