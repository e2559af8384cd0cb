//! Orders for tests.

use std::collections::BTreeMap;

use app::{
    ports::{ProviderOrder, ProviderWork},
    testing::NOW,
};
use domain::{ledger::TransferAmount, payments::ProviderReference, values::Currency};
use uuid::Uuid;

/// A charge of so much.
pub(crate) fn order_of(minor: i64, currency: &str) -> ProviderOrder {
    ProviderOrder {
        key: Uuid::from_u128(7),
        work: ProviderWork::Charge,
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse(currency).unwrap(),
        description: Some("Invoice 7".to_owned()),
        provider_data: BTreeMap::new(),
        simulate: None,
        created_at: NOW.parse().unwrap(),
    }
}

/// 10.00 EUR of this work.
pub(crate) fn order_for(work: ProviderWork) -> ProviderOrder {
    ProviderOrder {
        work,
        ..order_of(1_000, "EUR")
    }
}

/// All works, the latter two about `of`.
pub(crate) fn works(of: &str) -> [ProviderWork; 4] {
    let of = ProviderReference::parse(of).unwrap();
    [
        ProviderWork::Charge,
        ProviderWork::Payout,
        ProviderWork::Refund { of: of.clone() },
        ProviderWork::Recall { of },
    ]
}
