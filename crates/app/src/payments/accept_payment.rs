//! Accepting a payment: one between two accounts is carried out at once, one through a provider waits for a worker.

pub(super) mod preparing;

use std::sync::Arc;

use domain::{
    ids::{AccountId, InvoiceId, PaymentId},
    invoicing::PayInvoiceError,
    ledger::{Rejection, TransferAmount, TransferDescription},
    payments::{
        Direction, Payment, PaymentFacts, PaymentKind, PaymentTransitionForbidden, ProviderName,
    },
    values::{Currency, Metadata},
};

use super::closing::follow;
use crate::{
    ledger::{Desk, PostWithinError},
    platform::Caller,
    ports::{Clock, IdGenerator, InvalidProviderData, Providers, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// A payment through a provider that is to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExternal {
    /// Through which one.
    pub provider: ProviderName,
    /// Which way.
    pub direction: Direction,
    /// From or to which account.
    pub account_id: AccountId,
    /// What the provider needs to know.
    pub provider_data: Metadata,
}

/// What sort of payment is to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewKind {
    /// From one account to another.
    Internal {
        /// Where it comes from.
        source_account_id: AccountId,
        /// Where it goes.
        destination_account_id: AccountId,
    },
    /// Through a provider.
    External(NewExternal),
}

/// Accept this payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptPayment {
    /// For whom.
    pub caller: Caller,
    /// What sort of payment it is.
    pub kind: NewKind,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// The invoice that it settles, in part or whole.
    pub invoice_id: Option<InvoiceId>,
    /// What it is for.
    pub description: Option<TransferDescription>,
    /// The client's notes.
    pub metadata: Metadata,
}

/// Why a payment was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptPaymentError {
    /// There is no such provider.
    #[error("there is no payment provider {}", .0.as_str())]
    ProviderUnknown(ProviderName),
    /// The provider could not do it.
    #[error(transparent)]
    InvalidProviderData(#[from] InvalidProviderData),
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    InvoiceNotFound(InvoiceId),
    /// The invoice does not allow it.
    #[error(transparent)]
    Unpayable(#[from] PayInvoiceError),
    /// The ledger does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Accepts payments.
pub struct AcceptPaymentHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    providers: Providers,
}

impl AcceptPaymentHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>, providers: Providers) -> Self {
        Self {
            clock,
            ids,
            providers,
        }
    }
}

impl CommandHandler<AcceptPayment> for AcceptPaymentHandler {
    type Output = PaymentFacts;
    type Error = AcceptPaymentError;

    const NAME: &'static str = "accept_payment";

    async fn handle(
        &self,
        command: &AcceptPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<PaymentFacts, AcceptPaymentError> {
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        let order = preparing::order(command, desk);
        let id = PaymentId::from_uuid(self.ids.new_id());
        let owner = command.caller.organization_id;
        let mut payment = Payment::accept(id, owner, order, desk.now);
        preparing::check_provider(payment.facts(), &self.providers)?;
        preparing::check_invoice(payment.facts(), uow).await?;

        if let PaymentKind::Internal { .. } = payment.facts().kind {
            payment.complete(desk.now)?;
        } else {
            preparing::reserve(payment.facts(), desk, uow).await?;
        }
        uow.payments().insert(&payment).await?;
        follow(&payment, desk, uow).await?;
        desk.recorder().record(&mut payment, uow).await?;
        Ok(payment.facts().clone())
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

/// A new payment takes the steps of its kind.
impl From<PaymentTransitionForbidden> for AcceptPaymentError {
    fn from(why: PaymentTransitionForbidden) -> Self {
        Self::Storage(StorageError::Corrupt {
            entity: "payment",
            source: Box::new(why),
        })
    }
}
