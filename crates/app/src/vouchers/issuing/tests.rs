use std::sync::Mutex;

use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId},
    vouchers::{IssueJob, IssueJobFacts, VoucherCount, VoucherTerms},
};
use uuid::Uuid;

use super::*;
use crate::{
    ports::MockVoucherCodeGenerator,
    testing::{
        FakeTransactor, FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, out_of_reach,
    },
};

const fn job(number: u128) -> JobId {
    JobId::from_uuid(Uuid::from_u128(number))
}

/// Jobs that wait, the first of them for longest, and what was asked to be left out.
#[derive(Default)]
struct Waiting {
    jobs: Vec<JobId>,
    asked: Mutex<Vec<Vec<JobId>>>,
}

#[async_trait]
impl IssueJobQueries for Waiting {
    async fn find(
        &self,
        _: OrganizationId,
        _: JobId,
    ) -> Result<Option<IssueJobFacts>, StorageError> {
        Ok(None)
    }

    async fn next(
        &self,
        except: &[JobId],
    ) -> Result<Option<(OrganizationId, JobId)>, StorageError> {
        self.asked.lock().unwrap().push(except.to_vec());
        let mut left = self.jobs.iter().filter(|id| !except.contains(id));
        Ok(left.next().map(|id| (ORGANIZATION, *id)))
    }
}

/// Where a job is found whose campaign is gone: it ends.
fn ending() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let take_up = uow.issue_jobs.expect_take_up().once();
    take_up.returning(|owner, id| {
        let of = (owner, CampaignId::from_uuid(Uuid::from_u128(70)));
        let what = (VoucherCount::new(7).unwrap(), VoucherTerms::default());
        Ok(Some(IssueJob::order(id, of, what, NOW.parse().unwrap())))
    });
    uow.campaigns.expect_find().returning(|_, _| Ok(None));
    uow.issue_jobs.expect_update().returning(|_| Ok(()));
    uow
}

fn failing() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let take_up = uow.issue_jobs.expect_take_up();
    take_up.returning(|_, _| out_of_reach());
    uow
}

fn taken() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.issue_jobs.expect_take_up().returning(|_, _| Ok(None));
    uow
}

fn issuing(
    jobs: &Arc<Waiting>,
    uows: impl IntoIterator<Item = FakeUnitOfWork>,
) -> (Issuing, Arc<FixedClock>) {
    let clock = FixedClock::at(NOW);
    let ids = Arc::<SequentialIds>::default();
    let codes = Arc::new(MockVoucherCodeGenerator::new());
    let transactor = FakeTransactor::over_each(uows).shared();
    let issuing = Issuing::new(IssuingParts {
        bus: CommandBus::new(transactor, []),
        handler: Arc::new(IssueOrderedHandler::new(clock.clone(), ids, codes)),
        jobs: jobs.clone(),
        clock: clock.clone(),
    });
    (issuing, clock)
}

fn waiting(jobs: impl IntoIterator<Item = u128>) -> Arc<Waiting> {
    Arc::new(Waiting {
        jobs: jobs.into_iter().map(job).collect(),
        ..Waiting::default()
    })
}

#[tokio::test]
async fn a_job_that_fails_keeps_nobody_behind_it_waiting() {
    let jobs = waiting([1, 2]);
    let (mut issuing, _) = issuing(&jobs, [failing(), ending(), ending()]);

    let left = std::cell::Cell::new(3);
    let pieces = issuing.work(|| left.replace(left.get() - 1) > 0).await;

    assert_eq!(pieces.unwrap(), 2);
    let asked = jobs.asked.lock().unwrap().clone();
    assert_eq!(asked, [vec![], vec![job(1)], vec![job(1)]]);
}

#[tokio::test]
async fn a_job_that_has_failed_comes_again_after_a_while_that_grows() {
    let jobs = waiting([1]);
    let (mut issuing, clock) = issuing(&jobs, [failing(), failing(), failing()]);

    let mut looks = Vec::new();
    for _second in 0..8 {
        issuing.work(|| true).await.unwrap();
        looks.push(jobs.asked.lock().unwrap().drain(..).count());
        clock.advance(SignedDuration::from_secs(1));
    }

    // Twice is a try, and a look for something else; once is that it is still set aside.
    assert_eq!(looks, [2, 2, 1, 2, 1, 1, 1, 2]);
}

#[tokio::test]
async fn what_somebody_else_is_at_is_passed_over() {
    let jobs = waiting([1, 2]);
    let (mut issuing, _) = issuing(&jobs, [taken(), taken()]);

    let pieces = issuing.work(|| true).await.unwrap();

    assert_eq!(pieces, 0);
    assert_eq!(jobs.asked.lock().unwrap().len(), 3);
}
