//! Redemptions as they are shown. Whose address redeemed is not: it is personal data.

use domain::vouchers::{RedemptionFacts, RedemptionTarget};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// One use of a voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedemptionView {
    /// Which one.
    pub id: Uuid,
    /// Of which voucher.
    pub voucher_id: Uuid,
    /// Its code.
    pub code: String,
    /// Of which campaign.
    pub campaign_id: Uuid,
    /// The invoice off which it took something.
    pub invoice_id: Option<Uuid>,
    /// The account to which it brought money.
    pub account_id: Option<Uuid>,
    /// The transfer by which it did.
    pub transfer_id: Option<Uuid>,
    /// The customer who redeemed it.
    pub customer_id: Option<Uuid>,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: &'static str,
    /// When.
    #[serde(with = "wire::instant")]
    pub redeemed_at: Timestamp,
    /// When it was taken back.
    #[serde(with = "wire::optional_instant")]
    pub released_at: Option<Timestamp>,
    /// How often it changed.
    pub version: i64,
}

impl From<&RedemptionFacts> for RedemptionView {
    fn from(facts: &RedemptionFacts) -> Self {
        let it = &facts.use_of;
        let (invoice_id, account) = match it.target {
            RedemptionTarget::Invoice(id) => (Some(id.as_uuid()), None),
            RedemptionTarget::Account(account_id, transfer_id) => {
                (None, Some((account_id.as_uuid(), transfer_id.as_uuid())))
            }
        };
        Self {
            id: facts.id.as_uuid(),
            voucher_id: it.voucher_id.as_uuid(),
            code: it.code.as_str().to_owned(),
            campaign_id: it.campaign_id.as_uuid(),
            invoice_id,
            account_id: account.map(|(id, _)| id),
            transfer_id: account.map(|(_, id)| id),
            customer_id: it.holder.customer_id.map(|id| id.as_uuid()),
            amount_minor: it.amount_minor,
            currency: it.currency.code(),
            redeemed_at: facts.redeemed_at,
            released_at: facts.released_at,
            version: facts.version.as_i64(),
        }
    }
}
