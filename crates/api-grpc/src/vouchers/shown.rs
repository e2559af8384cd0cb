//! Campaigns, vouchers and what is redeemed of them as messages.

use api_shared::vouchers::Valid;
use app::{
    ports::{CampaignStats as Stats, Given},
    vouchers::{BlockView, CampaignView, JobView, RedemptionView, VoucherView},
};
use domain::vouchers::{
    BlockFacts, CampaignFacts, Cap, IssueJobFacts, RedemptionFacts, VoucherFacts,
};
use uuid::Uuid;

use crate::proto::{
    Word as _, stamp,
    v1::{
        Campaign, CampaignStats, CampaignStatus, CampaignValue, Job, JobError, JobKind, JobStatus,
        Redemption, Voucher, VoucherBlock, VoucherKind, VoucherOffer, VoucherStatus,
    },
};

/// A campaign.
pub(super) fn campaign(facts: &CampaignFacts) -> Campaign {
    let view = CampaignView::from(facts);
    Campaign {
        id: view.id.to_string(),
        name: view.name,
        kind: VoucherKind::number(view.kind),
        status: CampaignStatus::number(view.status),
        percent_bps: view.percent_bps.map(i64::from),
        amount_minor: view.amount_minor,
        currency: view.currency.map(str::to_owned),
        max_discount_minor: view.max_discount_minor,
        min_total_minor: view.min_total_minor,
        valid_from: view.valid_from.map(stamp),
        valid_until: view.valid_until.map(stamp),
        max_redemptions: view.max_redemptions,
        max_redemptions_per_code: view.max_redemptions_per_code,
        max_redemptions_per_customer: view.max_redemptions_per_customer,
        budget_minor: view.budget_minor,
        metadata: view.metadata,
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        version: view.version,
    }
}

/// How a campaign does.
pub(super) fn stats(stats: &Stats) -> CampaignStats {
    let terms = &stats.campaign.terms;
    let value = |given: &Given| CampaignValue {
        currency: given.currency.code().to_owned(),
        redeemed: given.redeemed,
        released: given.released,
        value_minor: given.value_minor,
    };
    CampaignStats {
        campaign_id: stats.campaign.id.to_string(),
        issued: stats.issued,
        redeemed: stats.redeemed(),
        released: stats.released(),
        values: stats.given.iter().map(value).collect(),
        currency: terms.currency.map(|it| it.code().to_owned()),
        budget_minor: terms.limits.budget.map(Cap::get),
        budget_left_minor: stats.budget_left_minor(),
        max_redemptions: terms.limits.redemptions.map(Cap::get),
        redemptions_left: stats.redemptions_left(),
    }
}

/// A voucher.
pub(super) fn voucher(facts: &VoucherFacts) -> Voucher {
    let view = VoucherView::from(facts);
    Voucher {
        id: view.id.to_string(),
        code: view.code,
        campaign_id: view.campaign_id.to_string(),
        status: VoucherStatus::number(view.status),
        max_redemptions: view.max_redemptions,
        metadata: view.metadata,
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        version: view.version,
    }
}

/// Somebody who is blocked.
pub(super) fn block(facts: &BlockFacts) -> VoucherBlock {
    let view = BlockView::from(facts);
    VoucherBlock {
        id: view.id.to_string(),
        customer_id: view.customer_id,
        email: view.email,
        metadata: view.metadata,
        created_at: Some(stamp(view.created_at)),
        version: view.version,
    }
}

/// What a voucher would give.
pub(super) fn offer(valid: &Valid) -> VoucherOffer {
    VoucherOffer {
        code: valid.voucher.code.as_str().to_owned(),
        campaign_id: valid.voucher.campaign_id.to_string(),
        kind: VoucherKind::number(valid.kind.code()),
        amount_minor: valid.amount_minor,
        currency: valid.currency.code().to_owned(),
    }
}

/// One use of a voucher.
pub(super) fn redemption(facts: &RedemptionFacts) -> Redemption {
    let view = RedemptionView::from(facts);
    let text = |id: Option<Uuid>| id.map(|id| id.to_string());
    Redemption {
        id: view.id.to_string(),
        voucher_id: view.voucher_id.to_string(),
        code: view.code,
        campaign_id: view.campaign_id.to_string(),
        invoice_id: text(view.invoice_id),
        account_id: text(view.account_id),
        transfer_id: text(view.transfer_id),
        customer_id: text(view.customer_id),
        amount_minor: view.amount_minor,
        currency: view.currency.to_owned(),
        redeemed_at: Some(stamp(view.redeemed_at)),
        released_at: view.released_at.map(stamp),
        version: view.version,
    }
}

/// A job.
pub(super) fn job(facts: &IssueJobFacts) -> Job {
    let view = JobView::from(facts);
    let error = view.error.map(|error| JobError {
        code: error.code.to_owned(),
        message: error.message,
    });
    Job {
        id: view.id.to_string(),
        kind: JobKind::number(view.kind),
        status: JobStatus::number(view.status),
        campaign_id: view.campaign_id.to_string(),
        max_redemptions: view.max_redemptions,
        metadata: view.metadata,
        total: view.total.into(),
        done: view.done.into(),
        error,
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        finished_at: view.finished_at.map(stamp),
        version: view.version,
    }
}
