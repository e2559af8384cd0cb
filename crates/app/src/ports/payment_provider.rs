//! Whoever moves money outside of the ledger.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use domain::{
    ledger::TransferAmount,
    payments::{ProviderAnswer, ProviderName, ProviderReference},
    values::{Currency, InvalidValue},
};
use jiff::Timestamp;
use uuid::Uuid;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderWork {
    /// Brings money in.
    Charge,
    /// Sends money out.
    Payout,
    /// Gives money of a charge back.
    Refund {
        /// What the provider calls the charge.
        of: ProviderReference,
    },
    /// Takes money of a payout back.
    Recall {
        /// What the provider calls the payout.
        of: ProviderReference,
    },
}

impl ProviderWork {
    /// Its word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Payout => "payout",
            Self::Refund { .. } => "refund",
            Self::Recall { .. } => "recall",
        }
    }

    /// What it gives or takes back, if it does.
    pub const fn of(&self) -> Option<&ProviderReference> {
        match self {
            Self::Charge | Self::Payout => None,
            Self::Refund { of } | Self::Recall { of } => Some(of),
        }
    }
}

/// A piece of work for a provider. It is the same, field by field, however often it is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderOrder {
    /// The id of the payment or of the refund: the idempotency key at the provider, the same for every attempt.
    pub key: Uuid,
    /// What is to be done.
    pub work: ProviderWork,
    /// How much, in minor units.
    pub amount: TransferAmount,
    /// Of which currency.
    pub currency: Currency,
    /// What payers and payees may get to read.
    pub description: Option<String>,
    /// What this provider needs besides, such as the token of a payment method.
    pub provider_data: BTreeMap<String, String>,
    /// How the simulator is to behave: the payment's metadata `simulate`.
    pub simulate: Option<String>,
    /// When the payment or refund was accepted.
    pub created_at: Timestamp,
}

/// Something that the provider needs is missing, or is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {why}")]
pub struct InvalidProviderData {
    /// Where: `provider_data/payment_method`, `currency`.
    pub field: &'static str,
    /// Why.
    pub why: InvalidValue,
}

/// What a look-up has found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// The provider knows of it, and says how it stands. [`domain::payments::Outcome::Unknown`] is not among these.
    Seen(ProviderAnswer),
    /// The provider certainly does not know of it: it can be tried again.
    NeverArrived,
    /// The provider did not say.
    NoAnswer,
    /// There was nothing that the provider could have been asked: this says nothing of the provider.
    NotAsked,
}

/// A payment provider.
///
/// It MUST move money at most once per key, however often and from however many processes it is asked, and whatever time
/// passes in between. It MUST NOT take an answer for more than it is: [`domain::payments::Outcome::Retryable`] and
/// [`domain::payments::Outcome::Declined`] mean that no money has moved. What succeeded or is pending MUST have a reference.
/// It SHOULD answer within its time limit; whoever asks has a limit of their own, and may drop the call at any moment.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentProvider: Send + Sync {
    /// What it is called in the configuration, and by clients.
    fn name(&self) -> &ProviderName;

    /// Tells, without asking anybody, whether the provider could do it at all: before a payment is accepted.
    fn check(&self, order: &ProviderOrder) -> Result<(), InvalidProviderData>;

    /// Does it, or says what came of it if it was done before.
    async fn execute(&self, order: &ProviderOrder) -> ProviderAnswer;

    /// Finds out what became of it. The reference is the one that the provider answered, if it did.
    ///
    /// Whoever asks wants the order done, so finding out MAY do it, where that is the only sure way to know.
    async fn look_up(
        &self,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting;

    /// Finds out how it stands, for whoever only wants to know: it may have been called off here long ago.
    ///
    /// MUST NOT do it, nor change anything at the provider. [`Sighting::NeverArrived`] is what the provider says now: its
    /// search may not know yet of what was done within the last minutes.
    async fn observe(
        &self,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting;
}

/// The providers that are set up, by name.
#[derive(Clone, Default)]
pub struct Providers(BTreeMap<ProviderName, Arc<dyn PaymentProvider>>);

impl Providers {
    /// These. Of two of one name the later one counts.
    pub fn new(providers: impl IntoIterator<Item = Arc<dyn PaymentProvider>>) -> Self {
        let by_name = providers.into_iter().map(|it| (it.name().clone(), it));
        Self(by_name.collect())
    }

    /// The provider of this name.
    pub fn find(&self, name: &ProviderName) -> Option<&Arc<dyn PaymentProvider>> {
        self.0.get(name)
    }

    /// All names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &ProviderName> {
        self.0.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(name: &str) -> Arc<dyn PaymentProvider> {
        let mut provider = MockPaymentProvider::new();
        provider
            .expect_name()
            .return_const(ProviderName::parse(name).unwrap());
        Arc::new(provider)
    }

    #[test]
    fn providers_are_found_by_name() {
        let providers = Providers::new([provider("stripe"), provider("paypal")]);
        let find = |name| providers.find(&ProviderName::parse(name).unwrap());

        assert!(find("stripe").is_some());
        assert!(find("simulator").is_none());
        let names: Vec<_> = providers.names().map(ProviderName::as_str).collect();
        assert_eq!(names, ["paypal", "stripe"]);
    }
}
