//! What the agency gives away: a part of its invoices, an amount, and gifts; some of it is redeemed.

use std::sync::Arc;

use adapters_local::OsSecrets;
use app::{
    invoicing::{BillTo, CreateInvoice, CreateInvoiceHandler},
    ledger::{OpenAccount, OpenAccountHandler},
    platform::Caller,
    ports::{Clock, IdGenerator},
    transaction::CommandBus,
    vouchers::{
        ApplyVoucher, ApplyVoucherHandler, IssueVoucher, IssueVoucherHandler, LaunchCampaign,
        LaunchCampaignHandler, RedeemGift, RedeemGiftHandler,
    },
};
use domain::{
    ids::{AccountId, CampaignId, CustomerId},
    ledger::{AccountOpening, AccountOwner, OverdraftLimit, TransferAmount},
    values::{Currency, Name},
    version::Precondition,
    vouchers::{
        Benefit, CampaignTerms, Cap, Holder, Limits, PercentOff, VoucherCode, VoucherKind,
        VoucherTerms,
    },
};
use jiff::{Timestamp, ToSpan as _};

use super::{Summary, catalogue, dice::Dice, past_clock::PastClock};
use crate::wiring::Core;

/// How many vouchers of a hundred are redeemed.
const REDEEMED_PERCENT: u32 = 40;
/// 20.00 off, and gifts over 50.00.
const OFF_MINOR: i64 = 2_000;
const GIFT_MINOR: i64 = 5_000;

/// Runs campaigns, as clients do.
pub(super) struct Promoter {
    bus: CommandBus,
    clock: Arc<PastClock>,
    caller: Caller,
    launch: Arc<LaunchCampaignHandler>,
    issue: Arc<IssueVoucherHandler>,
    apply: Arc<ApplyVoucherHandler>,
    redeem: Arc<RedeemGiftHandler>,
    draft: Arc<CreateInvoiceHandler>,
    open: Arc<OpenAccountHandler>,
}

/// What there is to give away, and to whom.
struct Season<'a> {
    campaigns: [(CampaignId, VoucherKind); 3],
    credit: AccountId,
    customers: &'a [CustomerId],
}

impl Promoter {
    pub(super) fn new(core: &Core, clock: &Arc<PastClock>, caller: Caller) -> Self {
        let now = || -> Arc<dyn Clock> { clock.clone() };
        let ids = || -> Arc<dyn IdGenerator> { core.ids.clone() };
        let codes = Arc::new(OsSecrets);
        Self {
            bus: core.bus.clone(),
            clock: clock.clone(),
            caller,
            launch: Arc::new(LaunchCampaignHandler::new(now(), ids())),
            issue: Arc::new(IssueVoucherHandler::new(now(), ids(), codes)),
            apply: Arc::new(ApplyVoucherHandler::new(now(), ids())),
            redeem: Arc::new(RedeemGiftHandler::new(now(), ids())),
            draft: Arc::new(CreateInvoiceHandler::new(now(), ids())),
            open: Arc::new(OpenAccountHandler::new(now(), ids())),
        }
    }

    /// Launches three campaigns, hands out so many vouchers of them between two instants, and has some redeemed. Calls `step`
    /// after each voucher.
    pub(super) async fn tell(
        &self,
        count: u32,
        (began, ends): (Timestamp, Timestamp),
        (customers, dice): (&[CustomerId], &mut Dice),
        step: impl Fn(),
    ) -> anyhow::Result<Summary> {
        let mut summary = Summary::new();
        if count == 0 {
            return Ok(summary);
        }
        self.clock.turn_to(began);
        let season = self.begin(customers).await?;
        let minutes = ends.duration_since(began).as_secs() / 60;
        let gap = minutes / (i64::from(count) + 1);
        for number in 1..=count {
            self.clock
                .turn_to(began + (gap * i64::from(number)).minutes());
            let became = self.hand_out(&season, dice).await?;
            *summary.entry(became).or_default() += 1;
            step();
        }
        Ok(summary)
    }

    async fn begin<'a>(&self, customers: &'a [CustomerId]) -> anyhow::Result<Season<'a>> {
        let off = Benefit::Amount(TransferAmount::from_minor(OFF_MINOR)?, currency()?);
        let gift = Benefit::Amount(TransferAmount::from_minor(GIFT_MINOR)?, currency()?);
        let part = Benefit::Percent(PercentOff::from_bps(1_000)?);
        let (discount, bring) = (VoucherKind::Discount, VoucherKind::Gift);
        let campaigns = [
            (self.launch("Summer sale", discount, part).await?, discount),
            (self.launch("Welcome back", discount, off).await?, discount),
            (self.launch("Gift cards", bring, gift).await?, bring),
        ];
        Ok(Season {
            campaigns,
            credit: self.open_account().await?,
            customers,
        })
    }

    async fn launch(
        &self,
        name: &str,
        kind: VoucherKind,
        benefit: Benefit,
    ) -> anyhow::Result<CampaignId> {
        let limits = Limits {
            per_code: Some(Cap::ONE),
            ..Limits::default()
        };
        let command = LaunchCampaign {
            caller: self.caller.clone(),
            terms: CampaignTerms {
                name: Name::parse(name)?,
                kind,
                benefit,
                currency: Some(currency()?),
                max_discount: None,
                min_total: None,
                valid_from: None,
                valid_until: None,
                limits,
                metadata: catalogue::metadata()?,
            },
        };
        Ok(self.bus.execute(self.launch.clone(), command).await?.id)
    }

    async fn open_account(&self) -> anyhow::Result<AccountId> {
        let command = OpenAccount {
            caller: self.caller.clone(),
            opening: AccountOpening {
                owner: AccountOwner::parse("agency")?,
                name: Name::parse("Credit of gift cards")?,
                currency: currency()?,
                overdraft_limit: OverdraftLimit::NONE,
                metadata: catalogue::metadata()?,
            },
            initial_balance: None,
        };
        let opened = self.bus.execute(self.open.clone(), command).await?;
        Ok(opened.facts.id)
    }

    /// Issues a voucher, and has it redeemed perhaps.
    async fn hand_out(&self, season: &Season<'_>, dice: &mut Dice) -> anyhow::Result<&'static str> {
        let (campaign_id, kind) = *dice.pick(&season.campaigns);
        let command = IssueVoucher {
            caller: self.caller.clone(),
            campaign_id,
            code: None,
            terms: VoucherTerms::default(),
        };
        let code = self.bus.execute(self.issue.clone(), command).await?.code;
        if !dice.happens(REDEEMED_PERCENT) {
            return Ok("issued");
        }
        match kind {
            VoucherKind::Gift => self.redeem(code, season.credit).await?,
            VoucherKind::Discount => self.apply(code, *dice.pick(season.customers), dice).await?,
        }
        Ok("redeemed")
    }

    async fn redeem(&self, code: VoucherCode, account_id: AccountId) -> anyhow::Result<()> {
        let command = RedeemGift {
            caller: self.caller.clone(),
            code,
            account_id,
            holder: Holder::default(),
        };
        self.bus.execute(self.redeem.clone(), command).await?;
        Ok(())
    }

    async fn apply(
        &self,
        code: VoucherCode,
        customer: CustomerId,
        dice: &mut Dice,
    ) -> anyhow::Result<()> {
        let draft = CreateInvoice {
            caller: self.caller.clone(),
            bill_to: BillTo::Registered(customer),
            number: None,
            currency: Some(currency()?),
            items: catalogue::items(dice)?,
            due_date: None,
            notes: None,
            metadata: catalogue::metadata()?,
        };
        let invoice_id = self.bus.execute(self.draft.clone(), draft).await?.id;
        let command = ApplyVoucher {
            caller: self.caller.clone(),
            invoice_id,
            precondition: Precondition::Any,
            code,
        };
        self.bus.execute(self.apply.clone(), command).await?;
        Ok(())
    }
}

fn currency() -> anyhow::Result<Currency> {
    Ok(Currency::parse("EUR")?)
}
