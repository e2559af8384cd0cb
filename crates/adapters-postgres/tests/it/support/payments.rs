//! Payments, and the hands of a worker.

use std::{collections::HashMap, sync::Arc, time::Duration};

use app::{
    ledger::{Ask, Desk, PostTransfers, PostWithinError, PostingEngine, Verdict},
    payments::{
        AcceptPayment, AcceptPaymentError, AcceptPaymentHandler, BeginWork, BeginWorkHandler,
        CancelPayment, CancelPaymentError, CancelPaymentHandler, Errand, NewExternal, NewKind,
        RefundInHand, RefundPayment, RefundPaymentError, RefundPaymentHandler, save_payment,
        save_refund,
    },
    ports::{Clock, Providers, Saved, StorageError, WorkKey},
    testing::{ORGANIZATION, caller, simulator_that_checks},
};
use domain::{
    ids::{InvoiceId, PaymentId},
    ledger::TransferAmount,
    payments::{
        Direction, FollowUp, Outcome, Payment, PaymentFacts, ProviderAnswer, ProviderName,
        ProviderReference, Refund, RefundFacts, RetryDecision,
    },
    values::Metadata,
};
use futures_util::FutureExt;
use jiff::SignedDuration;
use tokio::task::JoinHandle;

use super::{World, account, asked, currency, told};

/// Between accounts 1 and 2, in USD.
pub(crate) fn internal(minor: i64) -> AcceptPayment {
    AcceptPayment {
        caller: caller(),
        kind: NewKind::Internal {
            source_account_id: account(1),
            destination_account_id: account(2),
        },
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: currency("USD"),
        invoice_id: None,
        description: None,
        metadata: Metadata::default(),
    }
}

/// From or to account 1 through the simulator, in USD.
pub(crate) fn external(direction: Direction, minor: i64) -> AcceptPayment {
    AcceptPayment {
        kind: NewKind::External(NewExternal {
            provider: simulator(),
            direction,
            account_id: account(1),
            provider_data: Metadata::default(),
        }),
        ..internal(minor)
    }
}

/// The same for an invoice.
pub(crate) fn settling(payment: AcceptPayment, invoice_id: InvoiceId) -> AcceptPayment {
    AcceptPayment {
        invoice_id: Some(invoice_id),
        ..payment
    }
}

fn simulator() -> ProviderName {
    ProviderName::parse("simulator").unwrap()
}

/// One that is set up and refuses nothing.
pub(crate) fn providers() -> Providers {
    simulator_that_checks(Ok(()))
}

fn answer(outcome: Outcome) -> ProviderAnswer {
    let reference = ProviderReference::parse("sim_1").unwrap();
    ProviderAnswer::of(outcome, "told").with_reference(reference)
}

/// Pays through an engine under a key, and tells in a word what became of it.
pub(crate) fn pay_with(
    engine: &PostingEngine,
    world: &World,
    key: &str,
    command: &AcceptPayment,
) -> JoinHandle<String> {
    let handler = AcceptPaymentHandler::new(world.clock.clone(), world.ids.clone(), providers());
    let payment = handler.for_engine(command).unwrap();
    let payment = Arc::new(payment.expect("it is between two accounts"));
    let ask = Ask::Payment(Arc::clone(&payment));
    let render = move |verdict: &Verdict| match payment.outcome(verdict).unwrap() {
        Ok(facts) => facts.status().code(),
        Err(why) => why.code(),
    };
    let asked = PostTransfers {
        render: Box::new(move |verdict| render(verdict).into()),
        ..asked(key, ask)
    };
    let engine = engine.clone();
    tokio::spawn(async move { told(engine.post(asked).await) })
}

impl World {
    pub(crate) async fn pay(
        &self,
        command: AcceptPayment,
    ) -> Result<PaymentFacts, AcceptPaymentError> {
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let handler = AcceptPaymentHandler::new(clock, ids, providers());
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn cancel(&self, id: PaymentId) -> Result<PaymentFacts, CancelPaymentError> {
        let handler = CancelPaymentHandler::new(self.clock.clone(), self.ids.clone());
        let command = CancelPayment {
            caller: caller(),
            id,
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn refund(
        &self,
        payment_id: PaymentId,
        minor: Option<i64>,
    ) -> Result<RefundFacts, RefundPaymentError> {
        let handler = RefundPaymentHandler::new(self.clock.clone(), self.ids.clone(), providers());
        let command = RefundPayment {
            caller: caller(),
            payment_id,
            amount: minor.map(|minor| TransferAmount::from_minor(minor).unwrap()),
            reason: None,
            metadata: Metadata::default(),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    /// Begins a payment as a worker does; `None` if somebody else was quicker.
    pub(crate) async fn begin(&self, id: PaymentId) -> Option<Saved> {
        let until = self.clock.now() + SignedDuration::from_mins(1);
        let now = self.clock.now();
        self.change_payment(id, move |payment| payment.begin(until, now).is_ok())
            .await
    }

    /// Takes up what is due of this, as a worker does who is presumed to be lost after a minute.
    pub(crate) async fn take_up(&self, key: WorkKey) -> Vec<Errand> {
        let command = BeginWork {
            causes: HashMap::new(),
            keys: vec![key],
            lost_after: Duration::from_mins(1),
        };
        let handler = BeginWorkHandler::new(self.clock.clone(), self.ids.clone());
        let begun = self.bus.execute(Arc::new(handler), command).await;
        begun.unwrap()
    }

    /// Takes a provider's answer to a payment as a worker does.
    pub(crate) async fn settle(&self, id: PaymentId, outcome: Outcome) -> Option<Saved> {
        let (now, follow_up) = (self.clock.now(), self.follow_up());
        let answer = answer(outcome);
        self.change_payment(id, move |payment| {
            payment.settle(&answer, follow_up, now).is_ok()
        })
        .await
    }

    /// Takes note that nobody knows what became of a payment.
    pub(crate) async fn doubt(&self, id: PaymentId) {
        let now = self.clock.now();
        let doubt = move |payment: &mut Payment| payment.doubt(now, now).is_ok();
        assert_eq!(self.change_payment(id, doubt).await, Some(Saved::Stored));
    }

    /// Carries a payment out.
    pub(crate) async fn work(&self, id: PaymentId, outcome: Outcome) {
        assert_eq!(self.begin(id).await, Some(Saved::Stored));
        assert_eq!(self.settle(id, outcome).await, Some(Saved::Stored));
    }

    /// Carries a refund out.
    pub(crate) async fn work_refund(&self, refund: &RefundFacts, outcome: Outcome) {
        let (now, follow_up) = (self.clock.now(), self.follow_up());
        let until = now + SignedDuration::from_mins(1);
        let answer = answer(outcome);
        let begin = move |refund: &mut Refund| refund.begin(until, now).is_ok();
        let settle = move |refund: &mut Refund| refund.settle(&answer, follow_up, now).is_ok();
        assert_eq!(self.change_refund(refund, begin).await, Saved::Stored);
        assert_eq!(self.change_refund(refund, settle).await, Saved::Stored);
    }

    fn follow_up(&self) -> FollowUp {
        FollowUp {
            retry: RetryDecision::At(self.clock.now()),
            check_at: self.clock.now(),
        }
    }

    async fn change_payment(
        &self,
        id: PaymentId,
        change: impl Fn(&mut Payment) -> bool + Send + Sync + 'static,
    ) -> Option<Saved> {
        let change = Arc::new(change);
        let (ids, now) = (self.ids.clone(), self.clock.now());
        let changed = self.write(move |uow| {
            let (change, ids) = (Arc::clone(&change), ids.clone());
            async move {
                let mut payment = uow
                    .payments()
                    .find_for_update(ORGANIZATION, id)
                    .await?
                    .unwrap();
                let before = payment.facts().version;
                if !change(&mut payment) {
                    return Ok(None);
                }
                let caller = caller();
                let desk = Desk {
                    caller: &caller,
                    ids: ids.as_ref(),
                    now,
                };
                stored(save_payment(&mut payment, before, desk, uow).await).map(Some)
            }
            .boxed()
        });
        changed.await.unwrap()
    }

    async fn change_refund(
        &self,
        refund: &RefundFacts,
        change: impl Fn(&mut Refund) -> bool + Send + Sync + 'static,
    ) -> Saved {
        let change = Arc::new(change);
        let (ids, now) = (self.ids.clone(), self.clock.now());
        let (id, payment_id) = (refund.id, refund.payment_id);
        let changed = self.write(move |uow| {
            let (change, ids) = (Arc::clone(&change), ids.clone());
            async move {
                let payments = uow.payments();
                let found = payments.find_for_update(ORGANIZATION, payment_id).await?;
                let mut payment = found.unwrap();
                let found = uow.refunds().find_for_update(ORGANIZATION, id).await?;
                let mut refund = found.unwrap();
                let before = refund.facts().version;
                assert!(change(&mut refund));
                let caller = caller();
                let desk = Desk {
                    caller: &caller,
                    ids: ids.as_ref(),
                    now,
                };
                let in_hand = RefundInHand {
                    refund: &mut refund,
                    before,
                    payment: &mut payment,
                };
                stored(save_refund(in_hand, desk, uow).await)
            }
            .boxed()
        });
        changed.await.unwrap()
    }
}

fn stored(saved: Result<Saved, PostWithinError>) -> Result<Saved, StorageError> {
    match saved {
        Ok(saved) => Ok(saved),
        Err(PostWithinError::Storage(error)) => Err(error),
        Err(PostWithinError::Rejected(why)) => Err(StorageError::Unavailable(why.into())),
    }
}
