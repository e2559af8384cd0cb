//! What may be asked for.

use domain::{
    ids::{HoldId, PaymentId, RefundId},
    ledger::TransferAmount,
    payments::{PaymentFacts, PaymentKind, Refund, RefundOrder, RefundReason},
    values::Metadata,
};

use crate::{ledger::Desk, payments::settling::refund_needs_hold, platform::Caller};

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

impl RefundPayment {
    pub(super) fn refund(
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
