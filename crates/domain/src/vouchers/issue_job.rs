//! A job that issues vouchers in great number.

use jiff::Timestamp;

use super::{CampaignStatus, VoucherTerms};
use crate::{
    ids::{CampaignId, JobId, OrganizationId},
    values::InvalidValue,
    version::Version,
};

/// How many vouchers are issued at once: 1 to 100,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoucherCount(u32);

impl VoucherCount {
    /// The most.
    pub const MAX: u32 = 100_000;

    /// Reads a number.
    pub fn new(count: i64) -> Result<Self, InvalidValue> {
        match u32::try_from(count) {
            Ok(count) if (1..=Self::MAX).contains(&count) => Ok(Self(count)),
            _ => Err(InvalidValue::OutOfRange {
                rule: "from 1 to 100000",
            }),
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Why a job issues no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JobFailure {
    /// The campaign ended before all vouchers were issued.
    #[error("the campaign ended before all vouchers were issued")]
    CampaignEnded,
}

impl JobFailure {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::CampaignEnded];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CampaignEnded => "campaign_ended",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|failure| failure.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "campaign_ended",
            })
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStatus {
    /// Nothing was done yet.
    Queued,
    /// Some of it is done.
    Running,
    /// All of it is done.
    Done {
        /// Since when.
        at: Timestamp,
    },
    /// No more of it will be done.
    Failed {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: JobFailure,
    },
}

impl JobStatus {
    /// The words of all of them.
    pub const CODES: [&'static str; 4] = ["queued", "running", "done", "failed"];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
        }
    }

    /// When it came to its end.
    pub const fn finished_at(self) -> Option<Timestamp> {
        match self {
            Self::Done { at } | Self::Failed { at, .. } => Some(at),
            Self::Queued | Self::Running => None,
        }
    }

    /// Why it issues no more.
    pub const fn failure(self) -> Option<JobFailure> {
        match self {
            Self::Failed { why, .. } => Some(why),
            Self::Queued | Self::Running | Self::Done { .. } => None,
        }
    }
}

/// All that is stored of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueJobFacts {
    /// Which one.
    pub id: JobId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of which campaign the vouchers are.
    pub campaign_id: CampaignId,
    /// How many are to be issued.
    pub count: VoucherCount,
    /// How many were.
    pub issued: u32,
    /// What is said of each.
    pub terms: VoucherTerms,
    /// Where it stands.
    pub status: JobStatus,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

/// A job that issues vouchers, a piece at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueJob(IssueJobFacts);

impl IssueJob {
    /// How many vouchers are issued at once: a moment's work, so that others need not wait for long.
    pub const PIECE_MAX: u32 = 1_000;

    /// Puts it in the queue.
    pub fn order(
        id: JobId,
        (organization_id, campaign_id): (OrganizationId, CampaignId),
        (count, terms): (VoucherCount, VoucherTerms),
        now: Timestamp,
    ) -> Self {
        Self(IssueJobFacts {
            id,
            organization_id,
            campaign_id,
            count,
            issued: 0,
            terms,
            status: JobStatus::Queued,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        })
    }

    /// Rebuilds a stored one. For storage adapters only: no rule is checked.
    pub const fn restore(facts: IssueJobFacts) -> Self {
        Self(facts)
    }

    /// How many vouchers to issue next. None when the job is at its end, which it is as soon as its campaign is.
    pub fn next_piece(&mut self, campaign: CampaignStatus, now: Timestamp) -> u32 {
        if self.0.status.finished_at().is_some() {
            return 0;
        }
        if campaign == CampaignStatus::Ended {
            let why = JobFailure::CampaignEnded;
            self.change(JobStatus::Failed { at: now, why }, now);
            return 0;
        }
        self.left().min(Self::PIECE_MAX)
    }

    /// Notes that so many more were issued.
    pub fn note_issued(&mut self, more: u32, now: Timestamp) {
        self.0.issued = self.0.issued.saturating_add(more);
        let status = if self.left() == 0 {
            JobStatus::Done { at: now }
        } else {
            JobStatus::Running
        };
        self.change(status, now);
    }

    /// What is known of it.
    pub const fn facts(&self) -> &IssueJobFacts {
        &self.0
    }

    const fn left(&self) -> u32 {
        self.0.count.get().saturating_sub(self.0.issued)
    }

    const fn change(&mut self, status: JobStatus, now: Timestamp) {
        self.0.status = status;
        self.0.updated_at = now;
        self.0.version = self.0.version.next();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    fn noon() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    fn job(count: i64) -> IssueJob {
        let of = (
            OrganizationId::from_uuid(Uuid::from_u128(1)),
            CampaignId::from_uuid(Uuid::from_u128(2)),
        );
        let id = JobId::from_uuid(Uuid::from_u128(3));
        let what = (VoucherCount::new(count).unwrap(), VoucherTerms::default());
        IssueJob::order(id, of, what, noon())
    }

    #[rstest]
    #[case(i64::MIN)]
    #[case(-1)]
    #[case(0)]
    #[case(100_001)]
    #[case(i64::MAX)]
    fn other_numbers_than_1_to_100_000_are_refused(#[case] count: i64) {
        assert!(VoucherCount::new(count).is_err());
    }

    #[test]
    fn a_job_ends_with_its_campaign_and_stays_where_it_was() {
        let mut job = job(2_500);
        job.note_issued(1_000, noon());

        let next = job.next_piece(CampaignStatus::Ended, noon());

        assert_eq!(next, 0);
        let why = JobFailure::CampaignEnded;
        assert_eq!(job.facts().status, JobStatus::Failed { at: noon(), why });
        assert_eq!(job.facts().issued, 1_000);
        assert_eq!(job.next_piece(CampaignStatus::Active, noon()), 0);
    }

    #[test]
    fn a_campaign_that_rests_may_have_vouchers_printed() {
        assert_eq!(job(7).next_piece(CampaignStatus::Paused, noon()), 7);
    }

    #[test]
    fn what_is_done_stays_done_when_its_campaign_ends() {
        let mut job = job(7);
        job.note_issued(7, noon());

        let next = job.next_piece(CampaignStatus::Ended, noon());

        assert_eq!(next, 0);
        assert_eq!(job.facts().status, JobStatus::Done { at: noon() });
    }

    proptest! {
        /// Whatever share of the codes of a piece is another's already.
        #[test]
        fn a_job_issues_as_many_as_were_ordered(count in 1_i64..20_000, lost in proptest::collection::vec(0_u32..3, 0..40)) {
            let mut job = job(count);
            let mut lost = lost.into_iter();
            let mut issued = 0;
            loop {
                let next = job.next_piece(CampaignStatus::Active, noon());
                if next == 0 {
                    break;
                }
                prop_assert!(next <= IssueJob::PIECE_MAX);
                let stored = next.saturating_sub(lost.next().unwrap_or_default());
                issued += stored;
                job.note_issued(stored, noon());
            }
            prop_assert_eq!(i64::from(issued), count);
            prop_assert_eq!(job.facts().status, JobStatus::Done { at: noon() });
        }
    }
}
