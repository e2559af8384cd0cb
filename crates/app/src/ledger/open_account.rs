//! Opening an account.

use std::sync::Arc;

use domain::{
    ids::AccountId,
    ledger::{
        Account, AccountOpening, Rejection, SystemAccount, TransferAmount, TransferDetails,
        TransferKind,
    },
};

use super::{AccountState, Party, PostWithinError, Postings, TransferRequest, post_within};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Open an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAccount {
    /// For whom.
    pub caller: Caller,
    /// What it is to be like.
    pub opening: AccountOpening,
    /// What it is to begin with, if that is not nothing.
    pub initial_balance: Option<TransferAmount>,
}

/// Why an account was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenAccountError {
    /// It cannot begin with that much.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<PostWithinError> for OpenAccountError {
    fn from(error: PostWithinError) -> Self {
        match error {
            PostWithinError::Rejected(rejection) => Self::Rejected(rejection),
            PostWithinError::Storage(error) => Self::Storage(error),
        }
    }
}

/// Opens accounts.
pub struct OpenAccountHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl OpenAccountHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }

    /// Moves what the account begins with from where initial balances come from.
    async fn fund(
        &self,
        account: &Account,
        amount: TransferAmount,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), PostWithinError> {
        let facts = account.facts();
        let request = TransferRequest {
            kind: TransferKind::OpeningBalance,
            source: Party::System(SystemAccount::OpeningBalances),
            destination: Party::Account(facts.id),
            amount,
            currency: facts.currency,
            details: TransferDetails::default(),
        };
        let postings = Postings {
            organization_id: facts.organization_id,
            now: facts.created_at,
            ids: self.ids.as_ref(),
        };
        post_within(&[request], postings, uow).await.map(drop)
    }
}

impl CommandHandler<OpenAccount> for OpenAccountHandler {
    type Output = AccountState;
    type Error = OpenAccountError;

    const NAME: &'static str = "open_account";

    async fn handle(
        &self,
        command: &OpenAccount,
        uow: &mut dyn UnitOfWork,
    ) -> Result<AccountState, OpenAccountError> {
        let mut account = Account::open(
            AccountId::from_uuid(self.ids.new_id()),
            command.caller.organization_id,
            command.opening.clone(),
            self.clock.now(),
        );

        uow.accounts().insert(&account).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut account, uow).await?;
        let mut state = AccountState::from(&account);
        if let Some(amount) = command.initial_balance {
            self.fund(&account, amount, uow).await?;
            state.balance_minor = amount.as_minor();
        }
        Ok(state)
    }
}

#[cfg(test)]
mod tests;
