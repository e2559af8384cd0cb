//! Orders for tests.

use std::collections::BTreeMap;

use app::{
    ports::{PaymentProvider, ProviderOrder, ProviderWork, Sighting},
    testing::NOW,
};
use domain::{
    ledger::TransferAmount,
    payments::{ProviderAnswer, ProviderReference},
    values::Currency,
};
use uuid::Uuid;

/// 10.00 EUR of this work, with what both providers want to know.
pub(crate) fn order(work: ProviderWork) -> ProviderOrder {
    let data = [
        ("payment_method", "pm_card_visa"),
        ("customer", "cus_1"),
        ("destination", "ba_1"),
        ("vault_id", "8kk8451t"),
        ("receiver", "payee@shop.example"),
    ];
    let data = data.map(|(name, value)| (name.to_owned(), value.to_owned()));
    ProviderOrder {
        key: Uuid::from_u128(7),
        work,
        amount: TransferAmount::from_minor(1_000).unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        description: Some("Invoice 7 & more".to_owned()),
        provider_data: BTreeMap::from(data),
        simulate: None,
        created_at: NOW.parse().unwrap(),
    }
}

/// A provider's server that can lose its answers on their way.
pub(crate) trait LosesAnswers {
    /// Loses them from now on, or no longer.
    fn lose_answers(&self, is_losing: bool);
}

/// Has an order executed whose answer is lost, and tells what is known of it then.
pub(crate) async fn execute_unheard(
    (server, provider): (&impl LosesAnswers, &impl PaymentProvider),
    order: &ProviderOrder,
) -> String {
    server.lose_answers(true);
    let lost = provider.execute(order).await;
    server.lose_answers(false);
    spelt(&lost)
}

/// A name that a provider has given.
pub(crate) fn reference(raw: &str) -> ProviderReference {
    ProviderReference::parse(raw).unwrap()
}

/// An answer in short: `succeeded pi_1`, or `declined: card_declined`.
pub(crate) fn spelt(answer: &ProviderAnswer) -> String {
    let outcome = answer.outcome.code();
    match &answer.reference {
        Some(reference) => format!("{outcome} {}", reference.as_str()),
        None => format!("{outcome}: {}", answer.code),
    }
}

/// The same for a look-up.
pub(crate) fn sighting(sighting: &Sighting) -> String {
    match sighting {
        Sighting::Seen(answer) => format!("seen {}", spelt(answer)),
        Sighting::NeverArrived => "never arrived".to_owned(),
        Sighting::NoAnswer => "no answer".to_owned(),
        Sighting::NotAsked => "not asked".to_owned(),
    }
}
