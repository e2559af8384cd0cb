//! What has to be so before a payment is accepted.

use domain::{
    ids::HoldId,
    ledger::Rejection,
    payments::{Direction, PaymentFacts, PaymentKind, PaymentOrder, ProviderLeg},
};

use super::{AcceptPayment, AcceptPaymentError, NewKind};
use crate::{
    ledger::{Desk, PostWithinError, Reservation, admit_within, reserve_within},
    payments::order_of_payment,
    ports::{ProviderOrder, Providers, UnitOfWork},
};

/// The order that a command comes to. The hold of a payout has its id beforehand.
pub(super) fn order(command: &AcceptPayment, desk: Desk<'_>) -> PaymentOrder {
    let kind = match &command.kind {
        NewKind::Internal {
            source_account_id,
            destination_account_id,
        } => PaymentKind::Internal {
            source_account_id: *source_account_id,
            destination_account_id: *destination_account_id,
        },
        NewKind::External(external) => {
            let is_payout = external.direction == Direction::Payout;
            PaymentKind::External(ProviderLeg {
                provider: external.provider.clone(),
                direction: external.direction,
                account_id: external.account_id,
                provider_data: external.provider_data.clone(),
                hold_id: is_payout.then(|| HoldId::from_uuid(desk.ids.new_id())),
            })
        }
    };
    PaymentOrder {
        kind,
        amount: command.amount,
        currency: command.currency,
        invoice_id: command.invoice_id,
        description: command.description.clone(),
        metadata: command.metadata.clone(),
    }
}

/// Refuses what would move nothing, before it is stored.
pub(super) fn check_sides(payment: &PaymentFacts) -> Result<(), Rejection> {
    match payment.kind {
        PaymentKind::Internal {
            source_account_id,
            destination_account_id,
        } if source_account_id == destination_account_id => Err(Rejection::SameAccount),
        PaymentKind::Internal { .. } | PaymentKind::External(_) => Ok(()),
    }
}

/// Refuses what no provider could do.
pub(in crate::payments) fn check_provider(
    payment: &PaymentFacts,
    providers: &Providers,
) -> Result<(), AcceptPaymentError> {
    check_order(payment, order_of_payment(payment), providers)
}

/// The same for whatever is to be asked about a payment.
pub(in crate::payments) fn check_order(
    payment: &PaymentFacts,
    order: Option<ProviderOrder>,
    providers: &Providers,
) -> Result<(), AcceptPaymentError> {
    let (Some(leg), Some(order)) = (payment.kind.leg(), order) else {
        return Ok(());
    };
    let found = providers.find(&leg.provider);
    let unknown = || AcceptPaymentError::ProviderUnknown(leg.provider.clone());
    Ok(found.ok_or_else(unknown)?.check(&order)?)
}

/// Refuses what the invoice has no room for. It stays locked, so that whoever else wants to pay it waits.
pub(in crate::payments) async fn check_invoice(
    payment: &PaymentFacts,
    uow: &mut dyn UnitOfWork,
) -> Result<(), AcceptPaymentError> {
    let Some(id) = payment.invoice_id else {
        return Ok(());
    };
    let owner = payment.organization_id;
    let found = uow.invoices().find_for_update(owner, id).await?;
    let invoice = found.ok_or(AcceptPaymentError::InvoiceNotFound(id))?;
    let running_minor = uow.invoice_payments().running_minor(owner, id).await?;
    invoice.check_payable(payment.amount, payment.currency, running_minor)?;
    if running_minor > 0 && uow.invoice_payments().is_any_unknown(owner, id).await? {
        return Err(AcceptPaymentError::InvoiceInDoubt(id));
    }
    Ok(())
}

/// Reserves the money of a payout, and refuses a charge to an account that could not take it.
pub(in crate::payments) async fn reserve(
    payment: &PaymentFacts,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    let Some(leg) = payment.kind.leg() else {
        return Ok(());
    };
    let id = leg.hold_id;
    let reservation = Reservation {
        id: id.unwrap_or(HoldId::from_uuid(payment.id.as_uuid())),
        account_id: leg.account_id,
        system: leg.clearing(),
        amount: payment.amount,
        currency: payment.currency,
        payment_id: payment.id,
    };
    match leg.direction {
        Direction::Payout => reserve_within(&reservation, desk, uow).await,
        Direction::Charge => admit_within(&reservation, desk, uow).await,
    }
}

impl From<PostWithinError> for AcceptPaymentError {
    fn from(error: PostWithinError) -> Self {
        match error {
            PostWithinError::Rejected(why) => Self::Rejected(why),
            PostWithinError::Storage(error) => Self::Storage(error),
        }
    }
}
