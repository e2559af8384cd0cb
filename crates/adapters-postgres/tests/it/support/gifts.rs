//! A gift that many redeem.

use app::{
    idempotency::{Answer, KeyUse, OnceError, Reply},
    ports::{Fingerprint, IdempotencyKey, KeyScope},
    testing::{ORGANIZATION, caller},
    vouchers::{GiftCounter, KeyedGift, RedeemError, RedeemGift, RedeemGiftError, RedeemedGift},
};
use domain::{
    ids::CampaignId,
    vouchers::{Holder, Limits, Refused, VoucherKind},
};

use super::{Ledger, account, code, ten_off};

/// A gift `GIFT` of 10.00 USD, and an account 1 for its money.
pub(crate) struct GiftShop {
    pub(crate) ledger: Ledger,
    pub(crate) campaign_id: CampaignId,
}

impl GiftShop {
    pub(crate) async fn selling(limits: Limits) -> Self {
        let ledger = Ledger::with(&[0]).await;
        let mut terms = ten_off(limits);
        terms.kind = VoucherKind::Gift;
        let campaign_id = ledger.world.launch(terms).await.id;
        let issued = ledger.world.issue_voucher(campaign_id, "GIFT").await;
        issued.unwrap();
        Self {
            ledger,
            campaign_id,
        }
    }

    /// A counter as each instance has one.
    pub(crate) fn counter(&self) -> GiftCounter {
        let world = &self.ledger.world;
        GiftCounter::new(world.clock.clone(), world.ids.clone())
    }

    /// Redeems it under a key for an account, and tells in a word what became of it.
    pub(crate) async fn redeem(
        &self,
        counter: &GiftCounter,
        (key, number): (String, u128),
        holder: Holder,
    ) -> Result<Reply, OnceError> {
        self.redeem_code(counter, ("GIFT", key, number), holder)
            .await
    }

    /// The same with another code.
    pub(crate) async fn redeem_code(
        &self,
        counter: &GiftCounter,
        (text, key, number): (&str, String, u128),
        holder: Holder,
    ) -> Result<Reply, OnceError> {
        let gift = KeyedGift {
            key: KeyUse {
                scope: KeyScope {
                    organization_id: ORGANIZATION,
                    key: IdempotencyKey::parse(&key).unwrap(),
                },
                fingerprint: Fingerprint([7; 32]),
            },
            command: RedeemGift {
                caller: caller(),
                code: code(text),
                account_id: account(number),
                holder,
            },
            render: Box::new(word),
        };
        counter.redeem(&self.ledger.world.bus, gift).await
    }

    pub(crate) async fn count(&self, what: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {what}");
        self.ledger.admin.value(&sql).await
    }

    /// What a counter says whose scope begins like this.
    pub(crate) async fn uses(&self, scope: &str) -> i64 {
        let sql = format!("SELECT uses FROM voucher_counters WHERE scope LIKE '{scope}%'");
        self.ledger.admin.value(&sql).await
    }
}

fn word(result: Result<&RedeemedGift, &RedeemGiftError>) -> Answer {
    let word = match result {
        Ok(_) => "redeemed",
        Err(RedeemGiftError::Voucher(RedeemError::Refused(Refused(reasons)))) => reasons[0].code(),
        Err(RedeemGiftError::Rejected(why)) => why.code(),
        Err(why) => unreachable!("{why}"),
    };
    Answer {
        bytes: word.into(),
        is_final: true,
    }
}
