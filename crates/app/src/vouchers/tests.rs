//! The use cases of vouchers, on mocks.

mod campaigns;
mod issuing;
mod jobs;

use domain::{
    ids::{CampaignId, VoucherId},
    values::{Metadata, Name},
    vouchers::{
        Benefit, Campaign, CampaignFacts, CampaignStatus, CampaignTerms, Limits, PercentOff,
        Voucher, VoucherCode, VoucherKind, VoucherTerms,
    },
};
use uuid::Uuid;

use crate::testing::{FakeUnitOfWork, NOW, ORGANIZATION};

fn campaign_id() -> CampaignId {
    CampaignId::from_uuid(Uuid::from_u128(70))
}

/// 10 % off.
fn terms() -> CampaignTerms {
    CampaignTerms {
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
    }
}

fn campaign(status: CampaignStatus) -> CampaignFacts {
    let now = NOW.parse().unwrap();
    let launched = Campaign::launch(campaign_id(), ORGANIZATION, terms(), now).unwrap();
    CampaignFacts {
        status,
        ..launched.facts().clone()
    }
}

fn code(raw: &str) -> VoucherCode {
    VoucherCode::parse(raw).unwrap()
}

fn voucher(raw: &str) -> Voucher {
    let id = VoucherId::from_uuid(Uuid::from_u128(71));
    let of = (ORGANIZATION, campaign_id());
    let issued = Voucher::issue(
        id,
        of,
        (code(raw), VoucherTerms::default()),
        NOW.parse().unwrap(),
    );
    Voucher::restore(issued.facts().clone())
}

/// With a campaign that is found by its organization and its id only.
fn holding(campaign: CampaignFacts) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let stored = campaign.clone();
    uow.campaigns.expect_find().returning(move |owner, id| {
        let is_it = (owner, id) == (stored.organization_id, stored.id);
        Ok(is_it.then(|| stored.clone()))
    });
    let find = uow.campaigns.expect_find_for_update();
    find.returning(move |owner, id| {
        let is_it = (owner, id) == (campaign.organization_id, campaign.id);
        Ok(is_it.then(|| Campaign::restore(campaign.clone())))
    });
    uow
}
