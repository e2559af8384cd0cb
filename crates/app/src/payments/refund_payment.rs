//! Giving money of a payment back: between two accounts at once, through a provider by a worker.

use std::sync::Arc;

use domain::{
    ids::{HoldId, PaymentId, RefundId},
    ledger::{Rejection, TransferAmount},
    payments::{
        GivenBack, Payment, PaymentFacts, PaymentKind, PaymentTransitionForbidden, Refund,
        RefundFacts, RefundOrder, RefundReason, RefundRefusal,
    },
    values::Metadata,
};

use super::settling::{carry_out_refund, refund_needs_hold};
use crate::{
    ledger::{Desk, PostWithinError, Reservation, admit_within, reserve_within},
    platform::Caller,
    ports::{Clock, IdGenerator, Saved, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Give money of this payment back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundPayment {
    /// For whom.
    pub caller: Caller,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much; all that is left if there is none.
    pub amount: Option<TransferAmount>,
    /// Why.
    pub reason: Option<RefundReason>,
    /// The client's notes.
    pub metadata: Metadata,
}

/// Why nothing is given back.
#[derive(Debug, thiserror::Error)]
pub enum RefundPaymentError {
    /// There is no such payment.
    #[error("there is no payment {0}")]
    NotFound(PaymentId),
    /// The payment does not allow it.
    #[error(transparent)]
    Refused(#[from] RefundRefusal),
    /// The ledger does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Refunds payments.
pub struct RefundPaymentHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl RefundPaymentHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<RefundPayment> for RefundPaymentHandler {
    type Output = RefundFacts;
    type Error = RefundPaymentError;

    const NAME: &'static str = "refund_payment";

    async fn handle(
        &self,
        command: &RefundPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<RefundFacts, RefundPaymentError> {
        let owner = command.caller.organization_id;
        let payments = uow.payments();
        let found = payments.find_for_update(owner, command.payment_id).await?;
        let mut payment = found.ok_or(RefundPaymentError::NotFound(command.payment_id))?;
        let before = payment.facts().version;
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        let id = RefundId::from_uuid(self.ids.new_id());
        let amount = payment.open_refund(id, command.amount, desk.now)?;
        let mut refund = command.refund(id, amount, payment.facts(), desk);

        if let PaymentKind::Internal { .. } = payment.facts().kind {
            give_back(&mut refund, &mut payment, desk, uow).await?;
        } else {
            reserve(refund.facts(), payment.facts(), desk, uow).await?;
        }
        uow.refunds().insert(&refund).await?;
        let saved = uow.payments().save(&payment, before).await?;
        debug_assert_eq!(saved, Saved::Stored, "the row of the payment is locked");
        let recorder = desk.recorder();
        recorder.record(&mut payment, uow).await?;
        recorder.record(&mut refund, uow).await?;
        Ok(refund.facts().clone())
    }
}

impl RefundPayment {
    fn refund(
        &self,
        id: RefundId,
        amount: TransferAmount,
        payment: &PaymentFacts,
        desk: Desk<'_>,
    ) -> Refund {
        let new_hold = || HoldId::from_uuid(desk.ids.new_id());
        let order = RefundOrder {
            organization_id: self.caller.organization_id,
            payment_id: self.payment_id,
            amount,
            currency: payment.currency,
            reason: self.reason.clone(),
            metadata: self.metadata.clone(),
            hold_id: refund_needs_hold(payment).then(new_hold),
        };
        match payment.kind {
            PaymentKind::Internal { .. } => Refund::accept_at_once(id, order, desk.now),
            PaymentKind::External(_) => Refund::accept(id, order, desk.now),
        }
    }
}

async fn give_back(
    refund: &mut Refund,
    payment: &mut Payment,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), RefundPaymentError> {
    refund.complete(desk.now)?;
    carry_out_refund(refund.facts(), payment.facts(), desk, uow).await?;
    let given_back = GivenBack {
        refund_id: refund.facts().id,
        amount_minor: refund.facts().amount.as_minor(),
    };
    payment.close_refund(given_back, true, desk.now);
    Ok(())
}

pub(super) async fn reserve(
    refund: &RefundFacts,
    payment: &PaymentFacts,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    let Some(leg) = payment.kind.leg() else {
        return Ok(());
    };
    let reservation = Reservation {
        id: refund
            .hold_id
            .unwrap_or(HoldId::from_uuid(refund.id.as_uuid())),
        account_id: leg.account_id,
        system: leg.clearing(),
        amount: refund.amount,
        currency: refund.currency,
        payment_id: payment.id,
    };
    match refund.hold_id {
        Some(_) => reserve_within(&reservation, desk, uow).await,
        None => admit_within(&reservation, desk, uow).await,
    }
}

impl From<PostWithinError> for RefundPaymentError {
    fn from(error: PostWithinError) -> Self {
        match error {
            PostWithinError::Rejected(why) => Self::Rejected(why),
            PostWithinError::Storage(error) => Self::Storage(error),
        }
    }
}

/// A new refund takes the steps of its kind.
impl From<PaymentTransitionForbidden> for RefundPaymentError {
    fn from(why: PaymentTransitionForbidden) -> Self {
        Self::Storage(StorageError::Corrupt {
            entity: "refund",
            source: Box::new(why),
        })
    }
}
