//! Bringing back what had failed for good.

use domain::{
    ids::{HoldId, RefundId},
    payments::Payment,
};

use super::{
    RetryDeadPaymentError, accept_payment::preparing, order_of_refund,
    refund_payment::carrying_out, retry_dead_payment::out_of_step, save_payment,
};
use crate::{
    ledger::Desk,
    ports::{Providers, UnitOfWork},
};

/// Revives a payment: its provider has to be there still, what a payout needs is reserved anew, and an invoice has to have
/// room for it still.
pub(super) async fn revive_payment(
    mut payment: Payment,
    (providers, desk): (&Providers, Desk<'_>),
    uow: &mut dyn UnitOfWork,
) -> Result<(), RetryDeadPaymentError> {
    preparing::check_provider(payment.facts(), providers)?;
    let before = payment.facts().version;
    let hold_id = payment.facts().kind.leg().and_then(|leg| leg.hold_id);
    let hold_id = hold_id.map(|_released| HoldId::from_uuid(desk.ids.new_id()));
    payment.revive(hold_id, desk.now)?;
    preparing::check_invoice(payment.facts(), uow).await?;
    preparing::reserve(payment.facts(), desk, uow).await?;
    let _locked = save_payment(&mut payment, before, desk, uow).await?;
    Ok(())
}

/// Revives a refund: the payment has to have room for it still.
pub(super) async fn revive_refund(
    id: RefundId,
    mut payment: Payment,
    (providers, desk): (&Providers, Desk<'_>),
    uow: &mut dyn UnitOfWork,
) -> Result<(), RetryDeadPaymentError> {
    let owner = desk.caller.organization_id;
    let found = uow.refunds().find_for_update(owner, id).await?;
    let mut refund = found.ok_or_else(|| out_of_step("its refund is not there"))?;
    let order = order_of_refund(refund.facts(), payment.facts());
    preparing::check_order(payment.facts(), order, providers)?;
    let (payment_before, before) = (payment.facts().version, refund.facts().version);
    payment.open_refund(id, Some(refund.facts().amount), desk.now)?;
    let hold_id = refund.facts().hold_id;
    let hold_id = hold_id.map(|_released| HoldId::from_uuid(desk.ids.new_id()));
    refund.revive(hold_id, desk.now)?;
    carrying_out::reserve(refund.facts(), payment.facts(), desk, uow).await?;
    let _locked = uow.payments().save(&payment, payment_before).await?;
    let _locked = uow.refunds().save(&refund, before).await?;
    desk.recorder().record(&mut payment, uow).await?;
    Ok(desk.recorder().record(&mut refund, uow).await?)
}
