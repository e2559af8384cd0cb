//! What the agency pays and is paid through its own accounts: between them, out, in, declined, given back, and in doubt.

use std::{collections::HashMap, sync::Arc, time::Duration};

use app::{
    ledger::{OpenAccount, OpenAccountHandler},
    payments::{
        AcceptPayment, AcceptPaymentHandler, BeginWork, BeginWorkHandler, NewExternal, NewKind,
        Patience, RefundPayment, RefundPaymentHandler, Report, SettleWork, SettleWorkHandler,
        Settled,
    },
    platform::Caller,
    ports::{Clock, IdGenerator, Providers, WorkKey},
    transaction::CommandBus,
};
use domain::{
    ids::{AccountId, PaymentId, RefundId},
    ledger::{AccountOpening, AccountOwner, OverdraftLimit, TransferAmount, TransferDescription},
    payments::{
        Chance, Direction, Outcome, PaymentStatus, ProviderAnswer, ProviderName, RefundReason,
    },
    values::{Currency, Metadata, Name},
};
use jiff::{Timestamp, ToSpan as _};

use super::{Summary, catalogue, dice::Dice, past_clock::PastClock};
use crate::wiring::Core;

const PROVIDER: &str = "simulator";
const OPENING_MINOR: i64 = 5_000_000;
/// How long anybody waits for the provider, and how long for one that is known not to answer.
const PATIENCE: Duration = Duration::from_secs(30);
const IMPATIENCE: Duration = Duration::from_millis(200);

/// Handles money, as clients and workers do.
pub(super) struct Cashier {
    bus: CommandBus,
    clock: Arc<PastClock>,
    caller: Caller,
    providers: Providers,
    open: Arc<OpenAccountHandler>,
    accept: Arc<AcceptPaymentHandler>,
    refund: Arc<RefundPaymentHandler>,
    begin: Arc<BeginWorkHandler>,
    settle: Arc<SettleWorkHandler>,
}

/// What becomes of a payment.
#[derive(Clone, Copy)]
enum Scene {
    PutAside,
    PaidOut,
    Charged,
    Declined,
    GivenBack,
    InDoubt,
}

impl Scene {
    const fn about(self) -> &'static str {
        match self {
            Self::PutAside => "Put aside for wages",
            Self::PaidOut => "Wages",
            Self::Charged | Self::Declined | Self::GivenBack | Self::InDoubt => {
                "Workshop, paid by card"
            }
        }
    }

    /// How the simulator is told to behave.
    const fn behaviour(self) -> Option<&'static str> {
        match self {
            Self::Declined => Some("decline"),
            Self::InDoubt => Some("timeout"),
            Self::PutAside | Self::PaidOut | Self::Charged | Self::GivenBack => None,
        }
    }

    fn kind(self, accounts: &Accounts) -> anyhow::Result<NewKind> {
        match self {
            Self::PutAside => Ok(NewKind::Internal {
                source_account_id: accounts.operating,
                destination_account_id: accounts.wages,
            }),
            Self::PaidOut => external(Direction::Payout, accounts.wages),
            Self::Charged | Self::Declined | Self::GivenBack | Self::InDoubt => {
                external(Direction::Charge, accounts.operating)
            }
        }
    }
}

/// Where the money is.
struct Accounts {
    operating: AccountId,
    wages: AccountId,
}

impl Cashier {
    pub(super) fn new(core: &Core, clock: &Arc<PastClock>, caller: Caller) -> Self {
        let now = || -> Arc<dyn Clock> { clock.clone() };
        let ids = || -> Arc<dyn IdGenerator> { core.ids.clone() };
        let providers = core.providers.clone();
        Self {
            bus: core.bus.clone(),
            clock: clock.clone(),
            caller,
            open: Arc::new(OpenAccountHandler::new(now(), ids())),
            accept: Arc::new(AcceptPaymentHandler::new(now(), ids(), providers.clone())),
            refund: Arc::new(RefundPaymentHandler::new(now(), ids(), providers.clone())),
            begin: Arc::new(BeginWorkHandler::new(now(), ids())),
            settle: Arc::new(SettleWorkHandler::new(Patience::default(), now(), ids())),
            providers,
        }
    }

    /// Makes payments between two instants, in order and of each sort, and calls `step` after each of them. Without a
    /// simulator, all are between accounts.
    pub(super) async fn tell(
        &self,
        count: u32,
        (began, ends): (Timestamp, Timestamp),
        dice: &mut Dice,
        step: impl Fn(),
    ) -> anyhow::Result<Summary> {
        let mut summary = Summary::new();
        if count == 0 {
            return Ok(summary);
        }
        self.clock.turn_to(began);
        let accounts = self.open_accounts().await?;
        let minutes = ends.duration_since(began).as_secs() / 60;
        let gap = minutes / (i64::from(count) + 1);
        for number in 1..=count {
            self.clock
                .turn_to(began + (gap * i64::from(number)).minutes());
            let scene = self.scene(number, count);
            let status = self.play(scene, &accounts, dice).await?;
            *summary.entry(status.code()).or_default() += 1;
            step();
        }
        Ok(summary)
    }

    async fn open_accounts(&self) -> anyhow::Result<Accounts> {
        let opening = TransferAmount::from_minor(OPENING_MINOR)?;
        Ok(Accounts {
            operating: self.open("Operating account", Some(opening)).await?,
            wages: self.open("Wages", None).await?,
        })
    }

    async fn open(&self, name: &str, opening: Option<TransferAmount>) -> anyhow::Result<AccountId> {
        let command = OpenAccount {
            caller: self.caller.clone(),
            opening: AccountOpening {
                owner: AccountOwner::parse("agency")?,
                name: Name::parse(name)?,
                currency: currency()?,
                overdraft_limit: OverdraftLimit::NONE,
                metadata: catalogue::metadata()?,
            },
            initial_balance: opening,
        };
        let opened = self.bus.execute(self.open.clone(), command).await?;
        Ok(opened.facts.id)
    }

    /// The last one is in doubt, so that there is something to watch.
    fn scene(&self, number: u32, count: u32) -> Scene {
        let has_simulator =
            ProviderName::parse(PROVIDER).is_ok_and(|name| self.providers.find(&name).is_some());
        match number % 6 {
            _ if !has_simulator => Scene::PutAside,
            _ if number == count => Scene::InDoubt,
            1 => Scene::PutAside,
            2 | 0 => Scene::Charged,
            3 => Scene::PaidOut,
            4 => Scene::GivenBack,
            _ => Scene::Declined,
        }
    }

    async fn play(
        &self,
        scene: Scene,
        accounts: &Accounts,
        dice: &mut Dice,
    ) -> anyhow::Result<PaymentStatus> {
        let command = self.payment(scene, accounts, dice)?;
        let facts = self.bus.execute(self.accept.clone(), command).await?;
        if facts.status() == PaymentStatus::Completed {
            return Ok(PaymentStatus::Completed);
        }
        let limit = match scene {
            Scene::InDoubt => IMPATIENCE,
            _ => PATIENCE,
        };
        let status = self.work(facts.id, None, limit).await?;
        if matches!(scene, Scene::GivenBack) && status == PaymentStatus::Completed {
            return self.give_back(facts.id).await;
        }
        Ok(status)
    }

    fn payment(
        &self,
        scene: Scene,
        accounts: &Accounts,
        dice: &mut Dice,
    ) -> anyhow::Result<AcceptPayment> {
        let mut metadata = catalogue::metadata()?;
        if let Some(behaviour) = scene.behaviour() {
            metadata.insert("simulate", behaviour)?;
        }
        // What is paid out is less than what was put aside before it.
        let euros = match scene {
            Scene::PaidOut => dice.between(10, 100),
            _ => dice.between(100, 400),
        };
        Ok(AcceptPayment {
            caller: self.caller.clone(),
            kind: scene.kind(accounts)?,
            amount: TransferAmount::from_minor(i64::from(euros) * 100)?,
            currency: currency()?,
            invoice_id: None,
            description: Some(TransferDescription::parse(scene.about())?),
            metadata,
        })
    }

    async fn give_back(&self, payment_id: PaymentId) -> anyhow::Result<PaymentStatus> {
        let now = self.clock.now();
        self.clock.turn_to(now + 1.hours());
        let command = RefundPayment {
            caller: self.caller.clone(),
            payment_id,
            amount: Some(TransferAmount::from_minor(5_000)?),
            reason: Some(RefundReason::parse("Left at noon")?),
            metadata: catalogue::metadata()?,
        };
        let refund = self.bus.execute(self.refund.clone(), command).await?;
        self.work(payment_id, Some(refund.id), PATIENCE).await?;
        Ok(PaymentStatus::PartiallyRefunded)
    }

    /// Carries it out as a worker does, unless one was quicker.
    async fn work(
        &self,
        payment_id: PaymentId,
        refund_id: Option<RefundId>,
        limit: Duration,
    ) -> anyhow::Result<PaymentStatus> {
        let key = WorkKey {
            organization_id: self.caller.organization_id,
            payment_id,
            refund_id,
        };
        let command = BeginWork {
            causes: HashMap::new(),
            keys: vec![key],
            lost_after: PATIENCE,
        };
        let mut begun = self.bus.execute(self.begin.clone(), command).await?;
        let provider = self.providers.find(&ProviderName::parse(PROVIDER)?);
        let (Some(errand), Some(provider)) = (begun.pop(), provider) else {
            return Ok(PaymentStatus::Processing);
        };
        let asked_at = self.clock.now();
        let answer = tokio::time::timeout(limit, provider.execute(&errand.order)).await;
        let lost = |_elapsed| ProviderAnswer::of(Outcome::Unknown, "timed_out");
        let command = SettleWork {
            key,
            version: errand.version,
            asked_at,
            report: Report::Executed(answer.unwrap_or_else(lost)),
            chance: Chance::WHOLE,
        };
        Ok(
            match self.bus.execute(self.settle.clone(), command).await? {
                Settled::As(status) => status,
                Settled::Dead => PaymentStatus::Failed,
                Settled::Fenced | Settled::Astray(_) => PaymentStatus::Processing,
            },
        )
    }
}

fn currency() -> anyhow::Result<Currency> {
    Ok(Currency::parse("EUR")?)
}

fn external(direction: Direction, account_id: AccountId) -> anyhow::Result<NewKind> {
    Ok(NewKind::External(NewExternal {
        provider: ProviderName::parse(PROVIDER)?,
        direction,
        account_id,
        provider_data: Metadata::default(),
    }))
}
