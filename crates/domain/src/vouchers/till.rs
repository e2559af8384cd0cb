//! A voucher that many redeem at once: each is decided on what those before it have left.

use std::collections::{BTreeMap, BTreeSet};

use super::{CampaignFacts, Counts, Holder, Offer, Refused, Request, VoucherFacts, assess};

/// How much was redeemed, where a limit needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    /// How often this code.
    pub of_code: i64,
    /// How often any code of the campaign.
    pub of_campaign: i64,
    /// For how much, in minor units.
    pub value_minor: i64,
    /// How often under each name of a customer; those that are missing have redeemed nothing.
    pub of_names: BTreeMap<String, i64>,
}

/// A voucher with all that decides who may redeem it. Nothing of that changes but by what is redeemed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Till {
    campaign: CampaignFacts,
    voucher: VoucherFacts,
    sums: Sums,
    blocked: BTreeSet<String>,
}

impl Till {
    /// A voucher of which so much was redeemed, and the names that may not redeem anything.
    pub fn new(
        (campaign, voucher): (CampaignFacts, VoucherFacts),
        sums: Sums,
        blocked: BTreeSet<String>,
    ) -> Self {
        Self {
            campaign,
            voucher,
            sums,
            blocked,
        }
    }

    /// What the voucher gives to somebody now, or every reason why it gives nothing.
    pub fn offer(&self, holder: &Holder, request: &Request) -> Result<Offer, Refused> {
        let counts = self.counts(&holder.names());
        assess(&self.campaign, &self.voucher, request, &counts)
    }

    /// Counts that somebody has redeemed it, for so many minor units.
    pub fn count(&mut self, holder: &Holder, amount_minor: i64) {
        self.sums.of_code += 1;
        self.sums.of_campaign += 1;
        self.sums.value_minor = self.sums.value_minor.saturating_add(amount_minor);
        for name in holder.names() {
            *self.sums.of_names.entry(name).or_default() += 1;
        }
    }

    /// The campaign.
    pub const fn campaign(&self) -> &CampaignFacts {
        &self.campaign
    }

    /// The voucher.
    pub const fn voucher(&self) -> &VoucherFacts {
        &self.voucher
    }

    /// How much was redeemed by now.
    pub const fn sums(&self) -> &Sums {
        &self.sums
    }

    fn counts(&self, names: &[String]) -> Counts {
        let count_of = |name| self.sums.of_names.get(name).copied().unwrap_or_default();
        Counts {
            of_code: self.sums.of_code,
            of_campaign: self.sums.of_campaign,
            value_minor: self.sums.value_minor,
            of_customer: names.iter().map(count_of).max(),
            is_blocked: names.iter().any(|name| self.blocked.contains(name)),
            is_applied: false,
        }
    }
}

#[cfg(test)]
mod tests;
