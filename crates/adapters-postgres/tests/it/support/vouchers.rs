//! Campaigns, vouchers, and drafts that they are applied to.

use std::sync::Arc;

use app::{
    invoicing::{BillTo, CreateInvoice},
    ports::MockVoucherCodeGenerator,
    testing::caller,
    vouchers::{
        ApplyVoucher, ApplyVoucherError, ApplyVoucherHandler, IssueVoucher, IssueVoucherError,
        IssueVoucherHandler, LaunchCampaign, LaunchCampaignHandler, RedeemError, RedeemGift,
        RedeemGiftError, RedeemGiftHandler, RedeemedGift, ReviseCampaign, ReviseCampaignHandler,
        TakeOffVoucher, TakeOffVoucherError, TakeOffVoucherHandler,
    },
};
use domain::{
    ids::{CampaignId, InvoiceId},
    invoicing::{InvoiceFacts, Party},
    ledger::TransferAmount,
    version::Precondition,
    vouchers::{
        Benefit, CampaignFacts, CampaignRevision, CampaignTerms, Cap, Holder, Limits, Reason,
        Refused, VoucherCode, VoucherFacts, VoucherKind, VoucherTerms,
    },
};

use super::{World, account, currency, email, name, unnumbered};

pub(crate) fn cap(most: i64) -> Cap {
    Cap::new(most).unwrap()
}

pub(crate) fn code(raw: &str) -> VoucherCode {
    VoucherCode::parse(raw).unwrap()
}

/// 10.00 USD off.
pub(crate) fn ten_off(limits: Limits) -> CampaignTerms {
    let amount = TransferAmount::from_minor(1_000).unwrap();
    CampaignTerms {
        name: name("Summer"),
        kind: VoucherKind::Discount,
        benefit: Benefit::Amount(amount, currency("USD")),
        currency: Some(currency("USD")),
        max_discount: None,
        min_total: None,
        valid_from: None,
        valid_until: None,
        limits,
        metadata: domain::values::Metadata::default(),
    }
}

/// A draft for somebody with this address.
pub(crate) fn draft_of(address: &str) -> CreateInvoice {
    CreateInvoice {
        bill_to: BillTo::Inline(Party {
            name: name("Ada"),
            email: Some(email(address)),
            address: None,
            tax_id: None,
        }),
        ..unnumbered()
    }
}

/// Why a voucher was not applied, if it is a reason of its own.
pub(crate) fn reasons<T>(applied: &Result<T, ApplyVoucherError>) -> Vec<Reason> {
    match applied {
        Err(ApplyVoucherError::Voucher(RedeemError::Refused(Refused(reasons)))) => reasons.clone(),
        Ok(_) => Vec::new(),
        Err(why) => unreachable!("{why}"),
    }
}

impl World {
    pub(crate) async fn launch(&self, terms: CampaignTerms) -> CampaignFacts {
        let handler = LaunchCampaignHandler::new(self.clock.clone(), self.ids.clone());
        let command = LaunchCampaign {
            caller: caller(),
            terms,
        };
        self.bus.execute(Arc::new(handler), command).await.unwrap()
    }

    pub(crate) async fn revise_campaign(
        &self,
        id: CampaignId,
        revision: CampaignRevision,
    ) -> CampaignFacts {
        let handler = ReviseCampaignHandler::new(self.clock.clone(), self.ids.clone());
        let command = ReviseCampaign {
            caller: caller(),
            id,
            precondition: Precondition::Any,
            revision,
        };
        self.bus.execute(Arc::new(handler), command).await.unwrap()
    }

    pub(crate) async fn issue_voucher(
        &self,
        campaign_id: CampaignId,
        raw: &str,
    ) -> Result<VoucherFacts, IssueVoucherError> {
        let codes = Arc::new(MockVoucherCodeGenerator::new());
        let handler = IssueVoucherHandler::new(self.clock.clone(), self.ids.clone(), codes);
        let command = IssueVoucher {
            caller: caller(),
            campaign_id,
            code: Some(code(raw)),
            terms: VoucherTerms::default(),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    /// A campaign with a voucher `SUMMER`.
    pub(crate) async fn summer(&self, limits: Limits) -> CampaignFacts {
        let campaign = self.launch(ten_off(limits)).await;
        self.issue_voucher(campaign.id, "SUMMER").await.unwrap();
        campaign
    }

    pub(crate) async fn apply(
        &self,
        invoice_id: InvoiceId,
        raw: &str,
    ) -> Result<InvoiceFacts, ApplyVoucherError> {
        let handler = ApplyVoucherHandler::new(self.clock.clone(), self.ids.clone());
        let command = ApplyVoucher {
            caller: caller(),
            invoice_id,
            precondition: Precondition::Any,
            code: code(raw),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn take_off(
        &self,
        invoice_id: InvoiceId,
        raw: &str,
    ) -> Result<InvoiceFacts, TakeOffVoucherError> {
        let handler = TakeOffVoucherHandler::new(self.clock.clone(), self.ids.clone());
        let command = TakeOffVoucher {
            caller: caller(),
            invoice_id,
            precondition: Precondition::Any,
            code: code(raw),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn redeem(
        &self,
        raw: &str,
        number: u128,
    ) -> Result<RedeemedGift, RedeemGiftError> {
        let handler = RedeemGiftHandler::new(self.clock.clone(), self.ids.clone());
        let command = RedeemGift {
            caller: caller(),
            code: code(raw),
            account_id: account(number),
            holder: Holder::default(),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    /// How many redemptions stand, and for how much.
    pub(crate) async fn redeemed(&self) -> (i64, i64) {
        let admin = self.admin().await;
        let rows = admin
            .rows(
                "SELECT count(*), coalesce(sum(amount_minor), 0)::bigint FROM voucher_redemptions WHERE released_at IS NULL",
            )
            .await;
        (rows[0].get(0), rows[0].get(1))
    }
}
