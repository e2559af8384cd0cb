//! What a voucher would give.

use app::ports::VoucherStanding;
use domain::{
    ids::{CustomerId, OrganizationId},
    values::Currency,
    vouchers::{
        Benefit, CampaignFacts, Holder, Request, VoucherCode, VoucherFacts, VoucherKind, assess,
    },
};

use jiff::Timestamp;

use super::{Redeemer, VoucherUseCases, refusal_of};
use crate::problem::{
    Refusal,
    catalogue::{CUSTOMER_NOT_FOUND, NOT_FOUND},
};

/// What a voucher would be redeemed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// By whom.
    pub by: Redeemer,
    /// The currency of the total.
    pub currency: Currency,
    /// The total, in minor units.
    pub total_minor: i64,
}

impl Trial {
    /// The same for a campaign.
    pub(super) const fn of_campaign(&self, campaign: &CampaignFacts, now: Timestamp) -> Request {
        let total_minor = match (campaign.terms.kind, campaign.terms.benefit) {
            // A gift gives all of itself, whatever somebody else has to pay.
            (VoucherKind::Gift, Benefit::Amount(amount, _)) => amount.as_minor(),
            _ => self.total_minor,
        };
        Request {
            currency: self.currency,
            total_minor,
            left_minor: total_minor,
            now,
        }
    }
}

/// A voucher that would give something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valid {
    /// The voucher.
    pub voucher: VoucherFacts,
    /// What it does.
    pub kind: VoucherKind,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
}

impl VoucherUseCases {
    /// What a voucher would give, or every reason why nothing. Changes nothing.
    pub async fn validate(
        &self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        trial: &Trial,
    ) -> Result<Valid, Refusal> {
        let holder = self.holder(organization_id, &trial.by).await?;
        let found = self.queries.find_standing(organization_id, code, &holder);
        let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no voucher {code}"));
        let standing = found.await?.ok_or_else(unknown)?;
        let request = trial.of_campaign(&standing.campaign, self.clock.now());
        let VoucherStanding {
            campaign,
            voucher,
            counts,
        } = standing;
        match assess(&campaign, &voucher, &request, &counts) {
            Err(refused) => Err(refusal_of(&refused)),
            Ok(offer) => Ok(Valid {
                voucher,
                kind: campaign.terms.kind,
                amount_minor: offer.amount_minor,
                currency: trial.currency,
            }),
        }
    }

    /// Who redeems. A registered customer has the address that is registered: another one in the request counts only where
    /// there is none, so that neither a limit nor a block is evaded by naming it.
    pub async fn holder(
        &self,
        organization_id: OrganizationId,
        by: &Redeemer,
    ) -> Result<Holder, Refusal> {
        let Some(customer_id) = by.customer_id else {
            return Ok(Holder {
                customer_id: None,
                email: by.email.clone(),
            });
        };
        let found = self.customers.find(organization_id, customer_id).await?;
        let facts = found.ok_or_else(|| unknown_customer(customer_id))?;
        Ok(Holder {
            customer_id: Some(customer_id),
            email: facts.profile.email.or_else(|| by.email.clone()),
        })
    }
}

fn unknown_customer(id: CustomerId) -> Refusal {
    Refusal::of(&CUSTOMER_NOT_FOUND).because(format!("there is no customer {id}"))
}
