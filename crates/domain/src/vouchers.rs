//! Vouchers: codes that take something off an invoice, or bring money to an account, as far as their campaign goes.

mod assessment;
mod block;
mod campaign;
mod code;
mod discount;
mod event;
mod holder;
mod issue_job;
mod job_queue;
mod reason;
mod redemption;
mod terms;
mod till;
mod voucher;

pub use self::{
    assessment::{Counts, Offer, Refused, Request, assess, assess_campaign},
    block::{BlockFacts, VoucherBlock},
    campaign::{
        Campaign, CampaignEnded, CampaignFacts, CampaignRevision, CampaignStatus, ReviseError,
    },
    code::VoucherCode,
    discount::{Benefit, PercentOff},
    event::{BlockEvent, CampaignEvent, RedemptionEvent, VoucherEvent},
    holder::{Blocked, Holder},
    issue_job::{IssueJob, IssueJobFacts, JobFailure, JobStatus, VoucherCount},
    job_queue::{TooManyJobs, UNFINISHED_JOBS_MAX, admit_job},
    reason::Reason,
    redemption::{NewRedemption, Redemption, RedemptionFacts, RedemptionTarget},
    terms::{CampaignTerms, Cap, Contradiction, InvalidTerms, Limits, VoucherKind},
    till::{Sums, Till},
    voucher::{Voucher, VoucherFacts, VoucherRevision, VoucherStatus, VoucherTerms},
};
