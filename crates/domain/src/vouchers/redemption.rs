//! The redemption aggregate: one use of a voucher.

use jiff::Timestamp;

use super::{Holder, RedemptionEvent, VoucherCode};
use crate::{
    ids::{AccountId, CampaignId, InvoiceId, OrganizationId, RedemptionId, TransferId, VoucherId},
    values::Currency,
    version::Version,
};

/// What a voucher was redeemed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedemptionTarget {
    /// A draft, off which it takes something.
    Invoice(InvoiceId),
    /// An account, to which it brings money by a transfer.
    Account(AccountId, TransferId),
}

/// A use of a voucher that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRedemption {
    /// Of which voucher.
    pub voucher_id: VoucherId,
    /// Its code.
    pub code: VoucherCode,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// On what.
    pub target: RedemptionTarget,
    /// By whom.
    pub holder: Holder,
    /// For how much, in minor units.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
}

/// All that is stored of a redemption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedemptionFacts {
    /// Which one.
    pub id: RedemptionId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What was redeemed.
    pub use_of: NewRedemption,
    /// When.
    pub redeemed_at: Timestamp,
    /// When it was taken back, if it was: it counts no more.
    pub released_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl RedemptionFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// A redemption.
#[derive(Debug, Clone, PartialEq)]
pub struct Redemption {
    facts: RedemptionFacts,
    events: Vec<RedemptionEvent>,
}

impl Redemption {
    /// Redeems a voucher.
    pub fn redeem(
        id: RedemptionId,
        organization_id: OrganizationId,
        use_of: NewRedemption,
        now: Timestamp,
    ) -> Self {
        let facts = RedemptionFacts {
            id,
            organization_id,
            use_of,
            redeemed_at: now,
            released_at: None,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![RedemptionEvent::Redeemed(Box::new(facts.clone()))],
            facts,
        }
    }

    /// Rebuilds a stored one. For storage adapters only: no rule is checked.
    pub const fn restore(facts: RedemptionFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Takes it back. One that was taken back stays so.
    pub fn release(&mut self, now: Timestamp) {
        if self.facts.released_at.is_some() {
            return;
        }
        self.facts.released_at = Some(now);
        self.touch(now);
        let facts = Box::new(self.facts.clone());
        self.events.push(RedemptionEvent::Released(facts));
    }

    /// Takes note that the draft has changed: how much comes off it now and in what, and whose it is.
    pub fn restate(
        &mut self,
        (amount_minor, currency): (i64, Currency),
        holder: Holder,
        now: Timestamp,
    ) {
        let before = &self.facts.use_of;
        let from_minor = before.amount_minor;
        let is_same = (from_minor, before.currency) == (amount_minor, currency);
        if is_same && before.holder == holder {
            return;
        }
        self.facts.use_of.amount_minor = amount_minor;
        self.facts.use_of.currency = currency;
        self.facts.use_of.holder = holder;
        self.touch(now);
        self.events.push(RedemptionEvent::Restated {
            redemption: Box::new(self.facts.clone()),
            from_minor,
        });
    }

    /// What is known of it.
    pub const fn facts(&self) -> &RedemptionFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<RedemptionEvent> {
        std::mem::take(&mut self.events)
    }

    fn touch(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn redeemed(currency: Currency) -> Redemption {
        let id = Uuid::from_u128(1);
        let use_of = NewRedemption {
            voucher_id: VoucherId::from_uuid(id),
            code: VoucherCode::parse("TENTH").unwrap(),
            campaign_id: CampaignId::from_uuid(id),
            target: RedemptionTarget::Invoice(InvoiceId::from_uuid(id)),
            holder: Holder::default(),
            amount_minor: 500,
            currency,
        };
        let (id, owner) = (
            RedemptionId::from_uuid(id),
            OrganizationId::from_uuid(Uuid::from_u128(2)),
        );
        let mut redemption = Redemption::redeem(id, owner, use_of, Timestamp::UNIX_EPOCH);
        redemption.take_events();
        redemption
    }

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn what_comes_off_a_draft_is_in_its_currency() {
        let mut redemption = redeemed(currency("USD"));

        let now = Timestamp::UNIX_EPOCH;
        redemption.restate((500, currency("EUR")), Holder::default(), now);

        assert_eq!(redemption.facts().use_of.currency, currency("EUR"));
        assert_eq!(redemption.facts().version.as_i64(), 2);
        assert_eq!(redemption.take_events().len(), 1);
    }

    #[test]
    fn what_stays_the_same_is_not_told() {
        let mut redemption = redeemed(currency("USD"));

        let now = Timestamp::UNIX_EPOCH;
        redemption.restate((500, currency("USD")), Holder::default(), now);

        assert_eq!(redemption.facts().version, Version::FIRST);
        assert!(redemption.take_events().is_empty());
    }
}
