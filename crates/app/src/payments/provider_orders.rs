//! What a provider is asked to do for a payment or a refund: the same, however often it is asked.

use std::collections::BTreeMap;

use domain::payments::{Direction, PaymentFacts, RefundFacts};

use crate::ports::{ProviderOrder, ProviderWork};

/// The note by which a client tells the simulator how to behave.
const SIMULATE: &str = "simulate";

/// What a provider is asked for a payment; `None` for one that goes through none.
pub fn order_of_payment(payment: &PaymentFacts) -> Option<ProviderOrder> {
    let leg = payment.kind.leg()?;
    let work = match leg.direction {
        Direction::Payout => ProviderWork::Payout,
        Direction::Charge => ProviderWork::Charge,
    };
    Some(ProviderOrder {
        key: payment.id.as_uuid(),
        work,
        amount: payment.amount,
        currency: payment.currency,
        description: payment
            .description
            .as_ref()
            .map(|it| it.as_str().to_owned()),
        provider_data: leg.provider_data.pairs().clone(),
        simulate: payment.metadata.pairs().get(SIMULATE).cloned(),
        created_at: payment.created_at,
    })
}

/// What a provider is asked for a refund; `None` for one that goes through none, or of what the provider has no name for.
pub fn order_of_refund(refund: &RefundFacts, payment: &PaymentFacts) -> Option<ProviderOrder> {
    let leg = payment.kind.leg()?;
    let of = payment.progress.reference.clone()?;
    let work = match leg.direction {
        Direction::Payout => ProviderWork::Recall { of },
        Direction::Charge => ProviderWork::Refund { of },
    };
    Some(ProviderOrder {
        key: refund.id.as_uuid(),
        work,
        amount: refund.amount,
        currency: refund.currency,
        description: refund.reason.as_ref().map(|it| it.as_str().to_owned()),
        provider_data: BTreeMap::new(),
        simulate: refund.metadata.pairs().get(SIMULATE).cloned(),
        created_at: refund.created_at,
    })
}
