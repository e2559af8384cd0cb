//! What requests name in the ledger.

use app::ledger::{AccountState, Verdict};
use domain::{
    ids::{AccountId, HoldId, OrganizationId, TransferId},
    ledger::{HoldFacts, PostedTransfer},
    values::Currency,
};
use jiff::Timestamp;

use super::LedgerUseCases;
use crate::problem::{
    Refusal,
    catalogue::{INTERNAL_ERROR, NOT_FOUND},
};

/// What is on an account, or was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Of which account.
    pub account_id: AccountId,
    /// What it is in.
    pub currency: Currency,
    /// How much, in minor units.
    pub balance_minor: i64,
    /// What of that is held, in minor units; `None` in the past, of which holds are not known.
    pub held_minor: Option<i64>,
    /// What a transfer could take from it, in minor units; `None` in the past, and where there is no limit.
    pub available_minor: Option<i64>,
    /// When that is so, or was.
    pub as_of: Timestamp,
}

impl LedgerUseCases {
    /// An account, and what is on it.
    pub async fn account(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
    ) -> Result<AccountState, Refusal> {
        let found = self.accounts.find(organization_id, id).await?;
        found.ok_or_else(|| unknown_account(id))
    }

    /// What is on an account now; or, with an instant, what the entries until then had left on it. An instant that is still
    /// to come is answered with what is known now.
    pub async fn balance(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
        at: Option<Timestamp>,
    ) -> Result<Balance, Refusal> {
        let now = self.clock.now();
        let Some(at) = at else {
            let state = self.account(organization_id, id).await?;
            return Ok(Balance {
                account_id: id,
                currency: state.facts.currency,
                balance_minor: state.balance_minor,
                held_minor: Some(state.held_minor),
                available_minor: state.available_minor(),
                as_of: now,
            });
        };
        let found = self.accounts.balance_at(organization_id, id, at).await?;
        let past = found.ok_or_else(|| unknown_account(id))?;
        Ok(Balance {
            account_id: id,
            currency: past.currency,
            balance_minor: past.balance_minor,
            held_minor: None,
            available_minor: None,
            as_of: at.min(now),
        })
    }

    /// A transfer.
    pub async fn transfer(
        &self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<PostedTransfer, Refusal> {
        let found = self.transfers.find(organization_id, id).await?;
        found.ok_or_else(|| unknown(format_args!("there is no transfer {id}")))
    }

    /// A hold.
    pub async fn hold(
        &self,
        organization_id: OrganizationId,
        id: HoldId,
    ) -> Result<HoldFacts, Refusal> {
        let found = self.holds.queries.find(organization_id, id).await?;
        found.ok_or_else(|| unknown(format_args!("there is no hold {id}")))
    }
}

/// What became of a transfer that was asked for alone.
pub fn single(verdict: &Verdict) -> Result<&PostedTransfer, Refusal> {
    match verdict.single() {
        Some(posted) => posted.map_err(Refusal::from),
        None => Err(Refusal::of(&INTERNAL_ERROR)),
    }
}

/// There is no such account.
pub fn unknown_account(id: AccountId) -> Refusal {
    unknown(format_args!("there is no account {id}"))
}

fn unknown(why: std::fmt::Arguments<'_>) -> Refusal {
    Refusal::of(&NOT_FOUND).because(why)
}
