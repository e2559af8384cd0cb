//! A year in the life of a small agency, told through the real use cases.
//!
//! The same seed tells the same story. Every step happens at the instant that it would have happened at, so that lists,
//! timelines and sums look as they would after a year.

mod cashier;
mod catalogue;
mod dice;
mod past_clock;
mod plot;
mod promoter;

use std::{collections::BTreeMap, sync::Arc};

use app::{
    customers::{CreateCustomer, CreateCustomerHandler},
    invoicing::{
        BillTo, ChangeInvoiceStatus, ChangeInvoiceStatusHandler, CreateInvoice,
        CreateInvoiceHandler,
    },
    platform::Caller,
    transaction::CommandBus,
};
use domain::{
    ids::{CustomerId, InvoiceId},
    invoicing::InvoiceStatus,
    version::Precondition,
};
use jiff::{Timestamp, ToSpan as _};

pub(crate) use self::catalogue::organization;
use self::{
    cashier::Cashier,
    dice::Dice,
    past_clock::PastClock,
    plot::{Plot, Scene},
    promoter::Promoter,
};
use crate::wiring::Core;

/// How much is to be told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// How many customers there are.
    pub(crate) customers: u32,
    /// How many invoices they get.
    pub(crate) invoices: u32,
    /// How many payments there are beside.
    pub(crate) payments: u32,
    /// How many vouchers are handed out.
    pub(crate) vouchers: u32,
    /// Another seed, another story.
    pub(crate) seed: u64,
}

/// How many there are in each status.
pub(crate) type Summary = BTreeMap<&'static str, u32>;

/// What was told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    /// The invoices.
    pub(crate) invoices: Summary,
    /// The payments.
    pub(crate) payments: Summary,
    /// The vouchers.
    pub(crate) vouchers: Summary,
}

/// Tells the story.
pub(crate) struct Demo {
    bus: CommandBus,
    clock: Arc<PastClock>,
    now: Timestamp,
    caller: Caller,
    create_customer: Arc<CreateCustomerHandler>,
    create_invoice: Arc<CreateInvoiceHandler>,
    change_status: Arc<ChangeInvoiceStatusHandler>,
    cashier: Cashier,
    promoter: Promoter,
}

impl Demo {
    /// A story about an organization.
    pub(crate) fn new(core: &Core, caller: Caller) -> Self {
        let now = core.clock.now();
        let clock = Arc::new(PastClock::at(now));
        let ids = core.ids.clone();
        Self {
            bus: core.bus.clone(),
            now,
            cashier: Cashier::new(core, &clock, caller.clone()),
            promoter: Promoter::new(core, &clock, caller.clone()),
            caller,
            create_customer: Arc::new(CreateCustomerHandler::new(clock.clone(), ids.clone())),
            create_invoice: Arc::new(CreateInvoiceHandler::new(clock.clone(), ids.clone())),
            change_status: Arc::new(ChangeInvoiceStatusHandler::new(clock.clone(), ids)),
            clock,
        }
    }

    /// Makes customers, invoices, payments and vouchers, and calls `step` after each of them.
    pub(crate) async fn tell(&self, scale: Scale, step: impl Fn()) -> anyhow::Result<Told> {
        let mut dice = Dice::new(scale.seed);
        let began = self.now - (24 * 365).hours();
        self.clock.turn_to(began);
        let mut customers = Vec::new();
        for _ in 0..scale.customers {
            customers.push(self.welcome_customer(&mut dice).await?);
            step();
        }
        let mut summary = Summary::new();
        for plot in Plot::of_a_year(scale.invoices, (began, self.now), &mut dice) {
            let customer = *dice.pick(&customers);
            let status = self.play(&plot, customer, &mut dice).await?;
            *summary.entry(status.code()).or_default() += 1;
            step();
        }
        let year = (began, self.now);
        let cashier = &self.cashier;
        let payments = cashier.tell(scale.payments, year, &mut dice, &step).await?;
        let people = (customers.as_slice(), &mut dice);
        let vouchers = self.promoter.tell(scale.vouchers, year, people, step);
        Ok(Told {
            vouchers: vouchers.await?,
            payments,
            invoices: summary,
        })
    }

    async fn welcome_customer(&self, dice: &mut Dice) -> anyhow::Result<CustomerId> {
        let command = CreateCustomer {
            caller: self.caller.clone(),
            profile: catalogue::customer(dice)?,
        };
        let handler = self.create_customer.clone();
        Ok(self.bus.execute(handler, command).await?.id)
    }

    /// Drafts an invoice and takes it through the scenes that lie in the past.
    async fn play(
        &self,
        plot: &Plot,
        customer: CustomerId,
        dice: &mut Dice,
    ) -> anyhow::Result<InvoiceStatus> {
        self.clock.turn_to(plot.drafted_at);
        let command = CreateInvoice {
            caller: self.caller.clone(),
            bill_to: BillTo::Registered(customer),
            number: None,
            currency: None,
            items: catalogue::items(dice)?,
            due_date: None,
            notes: None,
            metadata: catalogue::metadata()?,
        };
        let handler = self.create_invoice.clone();
        let id = self.bus.execute(handler, command).await?.id;
        let mut status = InvoiceStatus::Draft;
        for scene in plot.scenes.iter().filter(|scene| scene.at <= self.now) {
            status = self.advance(id, scene).await?;
        }
        Ok(status)
    }

    async fn advance(&self, id: InvoiceId, scene: &Scene) -> anyhow::Result<InvoiceStatus> {
        self.clock.turn_to(scene.at);
        let command = ChangeInvoiceStatus {
            caller: self.caller.clone(),
            id,
            precondition: Precondition::Any,
            to: scene.to,
        };
        let handler = self.change_status.clone();
        self.bus.execute(handler, command).await?;
        Ok(scene.to)
    }
}
