//! Which transfers a payment and a refund come to. One table: what moves, and what it does to the receivables where an
//! invoice is settled.

use domain::{
    ids::{AccountId, InvoiceId},
    ledger::{SystemAccount, TransferAmount, TransferDetails, TransferKind, TransferReference},
    payments::{Direction, PaymentFacts, PaymentKind, RefundFacts},
    values::InvalidValue,
};

use crate::{
    ledger::{Party, TransferRequest},
    ports::StorageError,
};

/// What a payment moves between the two sides that it is about.
pub(super) fn between_sides(payment: &PaymentFacts) -> Result<TransferRequest, StorageError> {
    let Sides { from, to, .. } = Sides::of(&payment.kind);
    let kind = match payment.kind {
        PaymentKind::Internal { .. } => TransferKind::Payment,
        PaymentKind::External(_) => TransferKind::ProviderPayment,
    };
    let reference = payment.id.to_string();
    request(payment, payment.amount, (kind, [from, to]), &reference)
}

/// All that a payment moves, first of all that between its sides.
pub(super) fn of_payment(payment: &PaymentFacts) -> Result<Vec<TransferRequest>, StorageError> {
    let Sides { cash, .. } = Sides::of(&payment.kind);
    let moved = between_sides(payment)?;
    let settled = payment.invoice_id.map(|invoice_id| {
        let sides = [Party::System(SystemAccount::Receivables), cash];
        of_invoice(
            payment,
            invoice_id,
            (TransferKind::InvoicePaid, sides),
            payment.amount,
        )
    });
    Ok([moved].into_iter().chain(settled.transpose()?).collect())
}

/// What a refund moves: the same the other way round.
pub(super) fn of_refund(
    refund: &RefundFacts,
    payment: &PaymentFacts,
) -> Result<Vec<TransferRequest>, StorageError> {
    let Sides { from, to, cash } = Sides::of(&payment.kind);
    let kind = match payment.kind {
        PaymentKind::Internal { .. } => TransferKind::Refund,
        PaymentKind::External(_) => TransferKind::ProviderRefund,
    };
    let reference = refund.id.to_string();
    let moved = request(payment, refund.amount, (kind, [to, from]), &reference)?;
    let reopened = payment.invoice_id.map(|invoice_id| {
        let sides = [cash, Party::System(SystemAccount::Receivables)];
        of_invoice(
            payment,
            invoice_id,
            (TransferKind::InvoiceRefunded, sides),
            refund.amount,
        )
    });
    Ok([moved].into_iter().chain(reopened.transpose()?).collect())
}

/// Where the money of a payment comes from and goes to, and where the cash is that a customer has paid with.
struct Sides {
    from: Party,
    to: Party,
    cash: Party,
}

impl Sides {
    fn of(kind: &PaymentKind) -> Self {
        let account = |id: AccountId| Party::Account(id);
        let outside = Party::System(SystemAccount::External);
        match kind {
            PaymentKind::Internal {
                source_account_id,
                destination_account_id,
            } => Self {
                from: account(*source_account_id),
                to: account(*destination_account_id),
                cash: outside,
            },
            PaymentKind::External(leg) => {
                let clearing = Party::System(leg.clearing());
                match leg.direction {
                    Direction::Payout => Self {
                        from: account(leg.account_id),
                        to: clearing,
                        cash: outside,
                    },
                    Direction::Charge => Self {
                        from: clearing.clone(),
                        to: account(leg.account_id),
                        cash: clearing,
                    },
                }
            }
        }
    }
}

type Movement = (TransferKind, [Party; 2]);

fn of_invoice(
    payment: &PaymentFacts,
    invoice_id: InvoiceId,
    movement: Movement,
    amount: TransferAmount,
) -> Result<TransferRequest, StorageError> {
    request(payment, amount, movement, &invoice_id.to_string())
}

fn request(
    payment: &PaymentFacts,
    amount: TransferAmount,
    (kind, [source, destination]): Movement,
    reference: &str,
) -> Result<TransferRequest, StorageError> {
    Ok(TransferRequest {
        kind,
        source,
        destination,
        amount,
        currency: payment.currency,
        details: TransferDetails {
            description: payment.description.clone(),
            reference: Some(TransferReference::parse(reference).map_err(unstorable)?),
            ..TransferDetails::default()
        },
    })
}

/// Ids are references, unless what is stored is wrong.
fn unstorable(why: InvalidValue) -> StorageError {
    StorageError::Corrupt {
        entity: "payment",
        source: Box::new(why),
    }
}

#[cfg(test)]
mod tests;
