//! Accounts.

use jiff::Timestamp;

use super::{AccountStatus, Folio, OverdraftLimit, Standing, SystemAccount};
use crate::{
    ids::{AccountId, OrganizationId},
    values::{Currency, InvalidValue, LengthLimits, Metadata, Name, clean_line, text_type},
    version::Version,
};

text_type!(
    /// Whose account it is, in the client's own system: a user's id, say.
    AccountOwner, clean_line, 1..=255
);

/// What an account is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOpening {
    /// Whose it is.
    pub owner: AccountOwner,
    /// What it is called.
    pub name: Name,
    /// What it is in.
    pub currency: Currency,
    /// How far below zero it may go.
    pub overdraft_limit: OverdraftLimit,
    /// The client's notes.
    pub metadata: Metadata,
}

/// What is to be different; what is `None` stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountChange {
    /// What it is called.
    pub name: Option<Name>,
    /// The client's notes.
    pub metadata: Option<Metadata>,
    /// How far below zero it may go.
    pub overdraft_limit: Option<OverdraftLimit>,
    /// Whether it takes part in transfers.
    pub status: Option<AccountStatus>,
}

/// All that is stored of an account, but for what is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFacts {
    /// Which one.
    pub id: AccountId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What it is for, if the organization has it without asking for it.
    pub system: Option<SystemAccount>,
    /// Whose it is, in the client's own system.
    pub owner: Option<AccountOwner>,
    /// What it is called.
    pub name: Name,
    /// What it is in.
    pub currency: Currency,
    /// How far below zero it may go.
    pub overdraft_limit: OverdraftLimit,
    /// Whether it takes part in transfers.
    pub status: AccountStatus,
    /// The client's notes.
    pub metadata: Metadata,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed, but for what is on it.
    pub updated_at: Timestamp,
    /// How often it changed, but for what is on it.
    pub version: Version,
}

impl AccountFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// What happened to an account, but for transfers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountEvent {
    /// It was opened.
    Opened(AccountFacts),
    /// It is called otherwise, may be overdrawn otherwise, or was frozen or thawed.
    Updated(AccountFacts),
    /// It was closed.
    Closed(AccountFacts),
}

/// Why an account was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeAccountError {
    /// A closed account stays as it is.
    #[error("account {0} is closed")]
    Closed(AccountId),
    /// It belongs to the service.
    #[error("account {0} is a system account")]
    SystemAccount(AccountId),
    /// It can only be closed with nothing on it.
    #[error("account {account_id} has {balance_minor} minor units on it and {held_minor} held")]
    NotEmpty {
        /// Which one.
        account_id: AccountId,
        /// What is on it, in minor units.
        balance_minor: i64,
        /// What of that is held, in minor units.
        held_minor: i64,
    },
    /// It can only be closed once nothing comes to it any more.
    #[error("a payment under way may yet bring money to account {0}")]
    Awaited(AccountId),
    /// More is drawn or held than the new limit allows.
    #[error("account {account_id} needs an overdraft limit of at least {needed_minor} minor units")]
    OverdraftInUse {
        /// Which one.
        account_id: AccountId,
        /// How much of the overdraft is in use, in minor units.
        needed_minor: i128,
    },
}

/// An account that is not a system account, and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    facts: AccountFacts,
    standing: Standing,
    events: Vec<AccountEvent>,
}

impl Account {
    /// Opens an account with nothing on it.
    pub fn open(
        id: AccountId,
        organization_id: OrganizationId,
        opening: AccountOpening,
        now: Timestamp,
    ) -> Self {
        let standing = Standing {
            folio: Folio::whole(id),
            organization_id,
            currency: opening.currency,
            status: AccountStatus::Active,
            overdraft_limit: opening.overdraft_limit,
            balance_minor: 0,
            held_minor: 0,
            last_sequence: 0,
            last_entry_at: now,
            version: Version::FIRST,
        };
        let facts = AccountFacts {
            id,
            organization_id,
            system: None,
            owner: Some(opening.owner),
            name: opening.name,
            currency: opening.currency,
            overdraft_limit: opening.overdraft_limit,
            status: AccountStatus::Active,
            metadata: opening.metadata,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![AccountEvent::Opened(facts.clone())],
            facts,
            standing,
        }
    }

    /// Rebuilds a stored account. For storage adapters only: no rule is checked.
    pub const fn restore(facts: AccountFacts, standing: Standing) -> Self {
        Self {
            facts,
            standing,
            events: Vec::new(),
        }
    }

    /// Changes it. Closing needs it to be empty, and is final.
    pub fn change(
        &mut self,
        change: AccountChange,
        now: Timestamp,
    ) -> Result<(), ChangeAccountError> {
        self.refuse_to_change()?;
        let status = change.status.unwrap_or(self.facts.status);
        let limit = change.overdraft_limit.unwrap_or(self.facts.overdraft_limit);
        self.refuse_limit(limit)?;
        if status == AccountStatus::Closed {
            self.refuse_unless_empty()?;
        }
        let facts = &mut self.facts;
        facts.status = status;
        facts.overdraft_limit = limit;
        facts.name = change.name.unwrap_or_else(|| facts.name.clone());
        facts.metadata = change.metadata.unwrap_or_else(|| facts.metadata.clone());
        facts.updated_at = now;
        facts.version = facts.version.next();
        if (self.standing.status, self.standing.overdraft_limit) != (status, limit) {
            self.standing.status = status;
            self.standing.overdraft_limit = limit;
            self.standing.version = self.standing.version.next();
        }
        let happened = match status {
            AccountStatus::Closed => AccountEvent::Closed,
            AccountStatus::Active | AccountStatus::Frozen => AccountEvent::Updated,
        };
        self.events.push(happened(self.facts.clone()));
        Ok(())
    }

    /// What is known of it.
    pub const fn facts(&self) -> &AccountFacts {
        &self.facts
    }

    /// How it stands.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<AccountEvent> {
        std::mem::take(&mut self.events)
    }

    fn refuse_to_change(&self) -> Result<(), ChangeAccountError> {
        if self.facts.system.is_some() {
            Err(ChangeAccountError::SystemAccount(self.facts.id))
        } else if self.facts.status == AccountStatus::Closed {
            Err(ChangeAccountError::Closed(self.facts.id))
        } else {
            Ok(())
        }
    }

    fn refuse_limit(&self, limit: OverdraftLimit) -> Result<(), ChangeAccountError> {
        let Standing {
            balance_minor,
            held_minor,
            ..
        } = self.standing;
        let needed_minor = i128::from(held_minor) - i128::from(balance_minor);
        match limit.as_minor() {
            Some(minor) if i128::from(minor) < needed_minor => {
                Err(ChangeAccountError::OverdraftInUse {
                    account_id: self.facts.id,
                    needed_minor,
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn refuse_unless_empty(&self) -> Result<(), ChangeAccountError> {
        let Standing {
            balance_minor,
            held_minor,
            ..
        } = self.standing;
        if (balance_minor, held_minor) == (0, 0) {
            Ok(())
        } else {
            Err(ChangeAccountError::NotEmpty {
                account_id: self.facts.id,
                balance_minor,
                held_minor,
            })
        }
    }
}

#[cfg(test)]
mod tests;
