//! Payments and refunds for tests to start from.

use std::sync::Arc;

use domain::{
    ids::{AccountId, HoldId, PaymentId, RefundId},
    ledger::TransferAmount,
    payments::{
        Direction, Payment, PaymentFacts, PaymentKind, Progress, ProviderLeg, ProviderName, Refund,
        RefundOrder,
    },
    values::{Currency, Metadata},
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{HOLD, NOW, ORGANIZATION, builders::valid};
use crate::ports::{
    DeadPayment, InvalidProviderData, MockPaymentProvider, PaymentProvider, Providers, WorkKey,
};

/// The payment of [`stored_payment`].
pub const PAYMENT: PaymentId = PaymentId::from_uuid(Uuid::from_u128(0x70));

/// 100 minor units in USD of account 1, accepted on [`NOW`]: through the simulator that way, or else to account 2.
///
/// # Panics
/// When [`NOW`] is no instant.
pub fn stored_payment(direction: Option<Direction>, progress: Progress) -> Payment {
    let account = |number| AccountId::from_uuid(Uuid::from_u128(number));
    let now: Timestamp = NOW.parse().expect("an instant");
    let kind = match direction {
        None => PaymentKind::Internal {
            source_account_id: account(1),
            destination_account_id: account(2),
        },
        Some(direction) => PaymentKind::External(ProviderLeg {
            provider: valid(ProviderName::parse("simulator")),
            direction,
            account_id: account(1),
            provider_data: Metadata::default(),
            hold_id: (direction == Direction::Payout).then_some(HOLD),
        }),
    };
    Payment::restore(PaymentFacts {
        id: PAYMENT,
        organization_id: ORGANIZATION,
        kind,
        amount: valid(TransferAmount::from_minor(100)),
        currency: valid(Currency::parse("USD")),
        invoice_id: None,
        description: None,
        metadata: Metadata::default(),
        progress,
        refunded_minor: 0,
        refunding_minor: 0,
        created_at: now,
        updated_at: now,
        version: Version::FIRST,
    })
}

/// 30 minor units of a payment that are to be given back, just accepted.
pub fn stored_refund(payment: &PaymentFacts) -> Refund {
    let order = RefundOrder {
        organization_id: payment.organization_id,
        payment_id: payment.id,
        amount: valid(TransferAmount::from_minor(30)),
        currency: payment.currency,
        reason: None,
        metadata: Metadata::default(),
        hold_id: None::<HoldId>,
    };
    let id = RefundId::from_uuid(Uuid::from_u128(0x71));
    let mut refund = Refund::accept(id, order, payment.created_at);
    refund.take_events();
    refund
}

/// A payment of 100 minor units in USD that was given up on [`NOW`] after five attempts, or this refund of it.
///
/// # Panics
/// When [`NOW`] is no instant.
pub fn dead_payment(refund_id: Option<RefundId>) -> DeadPayment {
    let now: Timestamp = NOW.parse().expect("an instant");
    DeadPayment {
        id: Uuid::from_u128(0x72),
        key: WorkKey {
            organization_id: ORGANIZATION,
            payment_id: PAYMENT,
            refund_id,
        },
        provider: valid(ProviderName::parse("simulator")),
        direction: Direction::Charge,
        amount_minor: 100,
        currency: "USD".to_owned(),
        attempts: 5,
        answer_code: Some("unavailable".to_owned()),
        accepted_at: now,
        dead_at: now,
    }
}

/// The simulator alone, which thinks this of what is asked of it.
pub fn simulator_that_checks(check: Result<(), InvalidProviderData>) -> Providers {
    let mut provider = MockPaymentProvider::new();
    let name = valid(ProviderName::parse("simulator"));
    provider.expect_name().return_const(name);
    provider.expect_check().returning(move |_| check.clone());
    let provider: Arc<dyn PaymentProvider> = Arc::new(provider);
    Providers::new([provider])
}
