//! Payments between two accounts that the posting engine carries out: each is written in the transaction of its transfer.

use domain::{
    ids::PaymentId,
    ledger::{PostedTransfer, Rejection},
    payments::{Payment, PaymentFacts, PaymentOrder},
};
use jiff::Timestamp;

use super::movements::between_sides;
use crate::{
    events::Recorder,
    ledger::{TransferRequest, Verdict},
    platform::Caller,
    ports::{CarriedOutPayment, IdGenerator, StorageError},
    traces::TraceContext,
};

/// A payment between two accounts that settles no invoice, on its way to the posting engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InternalPayment {
    id: PaymentId,
    caller: Caller,
    order: PaymentOrder,
    transfer: TransferRequest,
}

impl InternalPayment {
    pub(super) fn new(
        id: PaymentId,
        caller: Caller,
        order: PaymentOrder,
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        let asked = Payment::carried_out(id, caller.organization_id, order.clone(), now);
        Ok(Self {
            id,
            caller,
            order,
            transfer: between_sides(asked.facts())?,
        })
    }

    /// What it moves.
    pub const fn transfer(&self) -> &TransferRequest {
        &self.transfer
    }

    /// What became of it: the payment, or why its transfer was not posted. `None` for what the engine never says of one
    /// transfer.
    pub fn outcome(&self, verdict: &Verdict) -> Option<Result<PaymentFacts, Rejection>> {
        verdict.single().map(|posted| match posted {
            Ok(transfer) => Ok(self.carried_out(transfer).into_facts()),
            Err(why) => Err(*why),
        })
    }

    /// What is written of it, if its transfer was posted.
    pub(crate) fn to_write(
        &self,
        verdict: &Verdict,
        ids: &dyn IdGenerator,
        cause: Option<TraceContext>,
    ) -> Option<CarriedOutPayment> {
        let mut payment = self.carried_out(verdict.single()?.ok()?);
        let events = Recorder::new(&self.caller, ids).events_of(&mut payment);
        Some(CarriedOutPayment {
            event: events.into_iter().next()?,
            payment: payment.into_facts(),
            by: self.caller.actor.clone(),
            cause,
        })
    }

    fn carried_out(&self, transfer: &PostedTransfer) -> Payment {
        let owner = self.caller.organization_id;
        Payment::carried_out(
            self.id,
            owner,
            self.order.clone(),
            transfer.posting.posted_at,
        )
    }
}
