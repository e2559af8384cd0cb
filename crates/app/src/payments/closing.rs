//! Storing what became of a payment or a refund, together with all that follows from it.
//!
//! Rows are locked in the order payment, refund, invoice, hold, accounts; an order is accepted with its invoice first, but
//! then nobody else knows of its payment.

use domain::{
    payments::{GivenBack, Payment, PaymentEvent, PaymentStatus, Refund, RefundEvent, Step},
    version::Version,
};

use super::settling::{carry_out_payment, carry_out_refund, let_go};
use crate::{
    ledger::{Desk, PostWithinError},
    ports::{Saved, UnitOfWork},
};

/// Stores how a payment is now, if it is still stored as of version `before`; with it what that does to the ledger and to
/// its invoice, its history, and what others are told.
pub async fn save_payment(
    payment: &mut Payment,
    before: Version,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<Saved, PostWithinError> {
    if uow.payments().save(payment, before).await? == Saved::Fenced {
        return Ok(Saved::Fenced);
    }
    follow(payment, desk, uow).await?;
    desk.recorder().record(payment, uow).await?;
    Ok(Saved::Stored)
}

/// A refund that somebody has changed, and its payment, whose row is locked.
pub struct RefundInHand<'a> {
    /// The refund as it is now.
    pub refund: &'a mut Refund,
    /// As of which version it was loaded.
    pub before: Version,
    /// Its payment as it is stored.
    pub payment: &'a mut Payment,
}

/// Stores how a refund is now, if it is still stored as of the version it was loaded with; with it all that follows.
pub async fn save_refund(
    in_hand: RefundInHand<'_>,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<Saved, PostWithinError> {
    let RefundInHand {
        refund,
        before,
        payment,
    } = in_hand;
    if uow.refunds().save(refund, before).await? == Saved::Fenced {
        return Ok(Saved::Fenced);
    }
    conclude_refund(refund, payment, desk, uow).await?;
    desk.recorder().record(refund, uow).await?;
    Ok(Saved::Stored)
}

/// What follows from what happened to a payment that was not told yet.
pub(super) async fn follow(
    payment: &Payment,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    for event in payment.events() {
        match event {
            PaymentEvent::CarriedOut(payment)
            | PaymentEvent::Moved {
                step: Step::Completed,
                payment,
                ..
            } => carry_out_payment(payment, desk, uow).await?,
            PaymentEvent::Moved {
                step: Step::Failed | Step::Cancelled,
                payment,
                ..
            } => {
                let hold_id = payment.kind.leg().and_then(|leg| leg.hold_id);
                let_go(hold_id, desk, uow).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

async fn conclude_refund(
    refund: &Refund,
    payment: &mut Payment,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    let is_over = refund.events().iter().any(|event| {
        matches!(
            event,
            RefundEvent::Moved {
                step: Step::Completed | Step::Failed | Step::Cancelled,
                ..
            }
        )
    });
    if !is_over {
        return Ok(());
    }
    let facts = refund.facts();
    let is_given = facts.status() == PaymentStatus::Completed;
    if is_given {
        carry_out_refund(facts, payment.facts(), desk, uow).await?;
    } else {
        let_go(facts.hold_id, desk, uow).await?;
    }
    let before = payment.facts().version;
    let given_back = GivenBack {
        refund_id: facts.id,
        amount_minor: facts.amount.as_minor(),
    };
    payment.close_refund(given_back, is_given, desk.now);
    let saved = uow.payments().save(payment, before).await?;
    debug_assert_eq!(saved, Saved::Stored, "the row of the payment is locked");
    Ok(desk.recorder().record(payment, uow).await?)
}
