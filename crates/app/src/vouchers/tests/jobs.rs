//! Vouchers in great number.

use std::{collections::HashSet, sync::Arc};

use domain::{
    ids::{CampaignId, JobId},
    vouchers::{
        CampaignStatus, IssueJob, JobStatus, UNFINISHED_JOBS_MAX, Voucher, VoucherCount,
        VoucherTerms,
    },
};
use uuid::Uuid;

use super::{campaign, campaign_id, code, holding};
use crate::{
    events::SpeltEvent,
    ports::MockVoucherCodeGenerator,
    testing::{FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, caller, out_of_reach},
    transaction::CommandHandler as _,
    vouchers::{
        IssueOrdered, IssueOrderedHandler, OrderVouchers, OrderVouchersError, OrderVouchersHandler,
    },
};

fn desk() -> OrderVouchersHandler {
    OrderVouchersHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn order() -> OrderVouchers {
    OrderVouchers {
        caller: caller(),
        campaign_id: campaign_id(),
        count: VoucherCount::new(7).unwrap(),
        terms: VoucherTerms::default(),
    }
}

#[tokio::test]
async fn an_order_is_put_in_the_queue() {
    let mut uow = holding(campaign(CampaignStatus::Paused));
    uow.issue_jobs
        .expect_count_unfinished()
        .returning(|_| Ok(UNFINISHED_JOBS_MAX - 1));
    uow.issue_jobs.expect_insert().once().returning(|_| Ok(()));

    let job = desk().handle(&order(), &mut uow).await.unwrap();

    assert_eq!((job.status, job.issued), (JobStatus::Queued, 0));
    assert_eq!(job.count.get(), 7);
}

#[tokio::test]
async fn an_order_of_no_campaign_or_of_one_that_has_ended_is_refused() {
    let mut active = holding(campaign(CampaignStatus::Active));
    let mut ended = holding(campaign(CampaignStatus::Ended));
    let nowhere = OrderVouchers {
        campaign_id: CampaignId::from_uuid(Uuid::from_u128(99)),
        ..order()
    };

    let unknown = desk().handle(&nowhere, &mut active).await;
    let over = desk().handle(&order(), &mut ended).await;

    assert!(matches!(
        unknown,
        Err(OrderVouchersError::CampaignNotFound(_))
    ));
    assert!(matches!(over, Err(OrderVouchersError::Ended(_))));
}

#[tokio::test]
async fn an_organization_that_has_too_much_waiting_orders_nothing() {
    let mut uow = holding(campaign(CampaignStatus::Active));
    uow.issue_jobs
        .expect_count_unfinished()
        .returning(|_| Ok(UNFINISHED_JOBS_MAX));

    let refused = desk().handle(&order(), &mut uow).await;

    assert!(matches!(refused, Err(OrderVouchersError::TooMany(_))));
}

fn worker() -> IssueOrderedHandler {
    let mut codes = MockVoucherCodeGenerator::new();
    codes
        .expect_new_voucher_code()
        .returning(|| code("MADE-UP"));
    let ids = Arc::<SequentialIds>::default();
    IssueOrderedHandler::new(FixedClock::at(NOW), ids, Arc::new(codes))
}

const fn job(number: u128) -> JobId {
    JobId::from_uuid(Uuid::from_u128(number))
}

const PIECE: IssueOrdered = IssueOrdered {
    organization_id: ORGANIZATION,
    id: job(5),
};

/// With a job for 7 vouchers that is taken up.
fn with_job(status: CampaignStatus) -> FakeUnitOfWork {
    let mut uow = holding(campaign(status));
    uow.issue_jobs
        .expect_take_up()
        .once()
        .returning(|owner, id| {
            let what = (VoucherCount::new(7).unwrap(), VoucherTerms::default());
            let of = (owner, campaign_id());
            Ok(Some(IssueJob::order(id, of, what, NOW.parse().unwrap())))
        });
    uow
}

#[tokio::test]
async fn only_what_was_stored_is_counted_and_announced() {
    let mut uow = with_job(CampaignStatus::Active);
    let insert = uow.vouchers.expect_insert_all().once();
    insert.returning(|vouchers: &[Voucher]| {
        assert_eq!(vouchers.len(), 7);
        let stored: HashSet<_> = vouchers[..4].iter().map(|it| it.facts().id).collect();
        Ok(stored)
    });
    let append = uow.outbox.expect_append().once();
    append.returning(|events, _| {
        let spelt: Vec<_> = events.iter().map(SpeltEvent::from).collect();
        assert_eq!(spelt.len(), 4);
        assert!(spelt.iter().all(|it| it.event_type == "voucher.created"));
        Ok(())
    });
    let update = uow.issue_jobs.expect_update().once();
    update
        .withf(|job| job.facts().issued == 4 && job.facts().status == JobStatus::Running)
        .returning(|_| Ok(()));

    let had_work = worker().handle(&PIECE, &mut uow).await.unwrap();

    assert!(had_work);
}

#[tokio::test]
async fn a_campaign_that_has_ended_ends_the_job() {
    let mut uow = with_job(CampaignStatus::Ended);
    let update = uow.issue_jobs.expect_update().once();
    update
        .withf(|job| matches!(job.facts().status, JobStatus::Failed { .. }))
        .returning(|_| Ok(()));

    let had_work = worker().handle(&PIECE, &mut uow).await.unwrap();

    assert!(had_work);
}

#[tokio::test]
async fn without_a_job_there_is_nothing_to_do() {
    let mut uow = FakeUnitOfWork::default();
    uow.issue_jobs.expect_take_up().returning(|_, _| Ok(None));

    let had_work = worker().handle(&PIECE, &mut uow).await.unwrap();

    assert!(!had_work);
}

#[tokio::test]
async fn a_storage_that_fails_leaves_the_job_as_it_was() {
    let mut uow = with_job(CampaignStatus::Active);
    uow.vouchers
        .expect_insert_all()
        .returning(|_| out_of_reach());

    let failed = worker().handle(&PIECE, &mut uow).await;

    assert!(failed.is_err());
}
