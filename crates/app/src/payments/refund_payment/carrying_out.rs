//! Moving the money at once, or reserving it.

use domain::{
    ids::HoldId,
    payments::{GivenBack, Payment, PaymentFacts, PaymentTransitionForbidden, Refund, RefundFacts},
};

use super::RefundPaymentError;
use crate::{
    ledger::{Desk, PostWithinError, Reservation, admit_within, reserve_within},
    payments::{order_of_refund, settling::carry_out_refund},
    ports::{Providers, StorageError, UnitOfWork},
};

/// Moves the money between the two accounts.
pub(super) async fn give_back(
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

/// Refuses what the provider could not do, before anybody waits for it.
pub(super) fn check_provider(
    refund: &RefundFacts,
    payment: &PaymentFacts,
    providers: &Providers,
) -> Result<(), RefundPaymentError> {
    let (Some(leg), Some(order)) = (payment.kind.leg(), order_of_refund(refund, payment)) else {
        return Ok(());
    };
    let unknown = || RefundPaymentError::ProviderUnknown(leg.provider.clone());
    let provider = providers.find(&leg.provider).ok_or_else(unknown)?;
    Ok(provider.check(&order)?)
}

/// Keeps the money for the provider, or sees that nothing stands in the way of what comes back from there.
pub(in crate::payments) async fn reserve(
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
