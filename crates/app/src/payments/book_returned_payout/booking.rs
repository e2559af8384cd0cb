//! The refund that a returned payout comes to.

use domain::{
    ids::RefundId,
    payments::{
        FollowUp, GivenBack, Outcome, Payment, ProviderAnswer, Refund, RefundOrder, RefundReason,
        RetryDecision,
    },
    values::Metadata,
};
use jiff::Timestamp;

use super::{BookReturnedPayoutError, ReturnBooked};
use crate::{
    ledger::Desk,
    payments::{settling::carry_out_refund, work::out_of_step},
    ports::{Saved, StorageError, UnitOfWork},
};

/// Gives back all that was not given back yet, as the provider has done.
pub(super) async fn book(
    mut payment: Payment,
    answer: &ProviderAnswer,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<ReturnBooked, BookReturnedPayoutError> {
    let before = payment.facts().version;
    let id = RefundId::from_uuid(desk.ids.new_id());
    // What was given back already does not come back a second time.
    let Ok(amount) = payment.open_refund(id, None, desk.now) else {
        return Ok(ReturnBooked::Settled);
    };
    let order = RefundOrder {
        organization_id: payment.facts().organization_id,
        payment_id: payment.facts().id,
        amount,
        currency: payment.facts().currency,
        reason: Some(reason(&payment, answer)?),
        metadata: Metadata::default(),
        hold_id: None,
    };
    let mut refund = Refund::accept_at_once(id, order, desk.now);
    refund.settle(&carried_out(answer), never_again(desk.now), desk.now)?;
    carry_out_refund(refund.facts(), payment.facts(), desk, uow).await?;
    let given_back = GivenBack {
        refund_id: id,
        amount_minor: amount.as_minor(),
    };
    payment.close_refund(given_back, true, desk.now);
    uow.refunds().insert(&refund).await?;
    let saved = uow.payments().save(&payment, before).await?;
    debug_assert_eq!(saved, Saved::Stored, "the row of the payment is locked");
    desk.recorder().record(&mut payment, uow).await?;
    desk.recorder().record(&mut refund, uow).await?;
    Ok(ReturnBooked::Booked)
}

/// What clients read: `returned by stripe: account_closed`.
fn reason(payment: &Payment, answer: &ProviderAnswer) -> Result<RefundReason, StorageError> {
    let leg = payment.facts().kind.leg();
    let provider = leg.map_or("the provider", |leg| leg.provider.as_str());
    let text = format!("returned by {provider}: {}", answer.code);
    RefundReason::parse(&text).map_err(out_of_step)
}

/// What the provider says of the payout, as an answer about the way back.
fn carried_out(answer: &ProviderAnswer) -> ProviderAnswer {
    ProviderAnswer {
        outcome: Outcome::Succeeded,
        ..answer.clone()
    }
}

const fn never_again(now: Timestamp) -> FollowUp {
    FollowUp {
        retry: RetryDecision::Never,
        check_at: now,
    }
}
