//! Aggregates as events tell them.

use std::collections::BTreeMap;

use domain::{
    ids::{CampaignId, OrganizationId, RedemptionId, VoucherId},
    ledger::TransferAmount,
    values::{Currency, InvalidValue, Metadata, Name},
    version::Version,
    vouchers::{
        Benefit, CampaignFacts, CampaignStatus, CampaignTerms, Cap, Limits, PercentOff,
        VoucherCode, VoucherFacts, VoucherKind, VoucherStatus, VoucherTerms,
    },
};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    events::CloudEvent,
    ports::{AggregateKind, VoucherUse},
};

/// What an event tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// A campaign.
    Campaign(Box<CampaignFacts>),
    /// A voucher.
    Voucher(VoucherFacts),
    /// A redemption.
    Use(VoucherUse),
    /// Nothing that has to do with vouchers.
    Nothing,
}

/// An event does not tell what it should.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotSeen {
    /// It has another form.
    #[error("its data have another form: {0}")]
    Form(#[from] serde_json::Error),
    /// It tells something that there cannot be.
    #[error("its data tell something that there cannot be: {0}")]
    Value(#[from] InvalidValue),
    /// It tells a campaign that gives neither a percentage nor an amount in a currency.
    #[error("the campaign of its data gives nothing")]
    NoBenefit,
}

/// Reads an event.
pub(super) fn seen_in(event: &CloudEvent) -> Result<Seen, NotSeen> {
    let owner = event.organization_id;
    let version = Version::new(event.sequence);
    match event.kind.known() {
        Some(AggregateKind::Campaign) => {
            let told: ToldCampaign = serde_json::from_str(&event.data)?;
            Ok(Seen::Campaign(Box::new(told.facts(owner, version)?)))
        }
        Some(AggregateKind::Voucher) => {
            let told: ToldVoucher = serde_json::from_str(&event.data)?;
            Ok(Seen::Voucher(told.facts(owner, version)?))
        }
        Some(AggregateKind::Redemption) => {
            let told: ToldRedemption = serde_json::from_str(&event.data)?;
            Ok(Seen::Use(told.as_use(owner, version)?))
        }
        _ => Ok(Seen::Nothing),
    }
}

#[derive(Deserialize)]
struct ToldCampaign {
    id: Uuid,
    name: String,
    kind: String,
    status: String,
    percent_bps: Option<i64>,
    amount_minor: Option<i64>,
    currency: Option<String>,
    max_discount_minor: Option<i64>,
    min_total_minor: Option<i64>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    max_redemptions: Option<i64>,
    max_redemptions_per_code: Option<i64>,
    max_redemptions_per_customer: Option<i64>,
    budget_minor: Option<i64>,
    metadata: BTreeMap<String, String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ToldCampaign {
    fn facts(self, owner: OrganizationId, version: Version) -> Result<CampaignFacts, NotSeen> {
        let cap = |most: Option<i64>| most.map(Cap::new).transpose();
        let currency = self
            .currency
            .as_deref()
            .map(Currency::restore)
            .transpose()?;
        let terms = CampaignTerms {
            name: Name::parse(&self.name)?,
            kind: VoucherKind::parse(&self.kind)?,
            benefit: benefit((self.percent_bps, self.amount_minor), currency)?,
            currency,
            max_discount: cap(self.max_discount_minor)?,
            min_total: cap(self.min_total_minor)?,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            limits: Limits {
                redemptions: cap(self.max_redemptions)?,
                per_code: cap(self.max_redemptions_per_code)?,
                per_customer: cap(self.max_redemptions_per_customer)?,
                budget: cap(self.budget_minor)?,
            },
            metadata: Metadata::restore(self.metadata),
        };
        Ok(CampaignFacts {
            id: CampaignId::from_uuid(self.id),
            organization_id: owner,
            terms,
            status: CampaignStatus::parse(&self.status)?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version,
        })
    }
}

fn benefit(
    (percent, amount): (Option<i64>, Option<i64>),
    currency: Option<Currency>,
) -> Result<Benefit, NotSeen> {
    match (percent, amount, currency) {
        (Some(bps), None, _) => Ok(Benefit::Percent(PercentOff::from_bps(bps)?)),
        (None, Some(minor), Some(currency)) => {
            let amount = TransferAmount::from_minor(minor)?;
            Ok(Benefit::Amount(amount, currency))
        }
        _ => Err(NotSeen::NoBenefit),
    }
}

#[derive(Deserialize)]
struct ToldVoucher {
    id: Uuid,
    code: String,
    campaign_id: Uuid,
    status: String,
    max_redemptions: Option<i64>,
    // Vouchers had none in the beginning.
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ToldVoucher {
    fn facts(self, owner: OrganizationId, version: Version) -> Result<VoucherFacts, NotSeen> {
        Ok(VoucherFacts {
            id: VoucherId::from_uuid(self.id),
            organization_id: owner,
            campaign_id: CampaignId::from_uuid(self.campaign_id),
            code: VoucherCode::parse(&self.code)?,
            status: VoucherStatus::parse(&self.status)?,
            terms: VoucherTerms {
                max_redemptions: self.max_redemptions.map(Cap::new).transpose()?,
                metadata: Metadata::restore(self.metadata),
            },
            created_at: self.created_at,
            updated_at: self.updated_at,
            version,
        })
    }
}

#[derive(Deserialize)]
struct ToldRedemption {
    id: Uuid,
    voucher_id: Uuid,
    code: String,
    campaign_id: Uuid,
    amount_minor: i64,
    currency: String,
    released_at: Option<Timestamp>,
}

impl ToldRedemption {
    fn as_use(&self, owner: OrganizationId, version: Version) -> Result<VoucherUse, NotSeen> {
        Ok(VoucherUse {
            id: RedemptionId::from_uuid(self.id),
            organization_id: owner,
            campaign_id: CampaignId::from_uuid(self.campaign_id),
            voucher_id: VoucherId::from_uuid(self.voucher_id),
            code: VoucherCode::parse(&self.code)?,
            amount_minor: self.amount_minor,
            currency: Currency::restore(&self.currency)?,
            is_released: self.released_at.is_some(),
            version,
        })
    }
}

#[cfg(test)]
mod tests;
