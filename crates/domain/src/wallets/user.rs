//! The user aggregate.

use jiff::Timestamp;

use super::{SealedNationalId, Username};
use crate::{
    ids::{AccountId, OrganizationId, UserId},
    values::{Currency, InvalidValue, LengthLimits, clean_line, text_type},
    version::Version,
};

text_type!(
    /// What a person is called.
    PersonName, clean_line, 2..=100
);

/// The account that a user's money is on. It stays the same for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wallet {
    /// Which account.
    pub account_id: AccountId,
    /// What it is in.
    pub currency: Currency,
}

/// What a user is registered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRegistration {
    /// What the user is known by, for ever.
    pub username: Username,
    /// What the user is called.
    pub name: PersonName,
    /// Who the user is, sealed.
    pub national_id: SealedNationalId,
    /// Where the user's money is.
    pub wallet: Wallet,
}

/// All that is stored of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFacts {
    /// Which one.
    pub id: UserId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What the user was registered with, but for the name: that as it is now.
    pub registration: UserRegistration,
    /// Since when.
    pub created_at: Timestamp,
    /// When the user last changed.
    pub updated_at: Timestamp,
    /// When the user was closed, if so.
    pub closed_at: Option<Timestamp>,
    /// How often the user changed.
    pub version: Version,
}

impl UserFacts {
    /// When the user last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// What happened to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserEvent {
    /// Registered, with a wallet.
    Registered(UserFacts),
    /// Called otherwise.
    Updated(UserFacts),
    /// Closed, together with the wallet.
    Closed(UserFacts),
}

/// Closed users do not change, and cannot be closed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the user is closed")]
pub struct UserClosed;

/// A user.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    facts: UserFacts,
    events: Vec<UserEvent>,
}

impl User {
    /// Registers a user.
    pub fn register(
        id: UserId,
        organization_id: OrganizationId,
        registration: UserRegistration,
        now: Timestamp,
    ) -> Self {
        let facts = UserFacts {
            id,
            organization_id,
            registration,
            created_at: now,
            updated_at: now,
            closed_at: None,
            version: Version::FIRST,
        };
        Self {
            events: vec![UserEvent::Registered(facts.clone())],
            facts,
        }
    }

    /// Rebuilds a stored user. For storage adapters only: no rule is checked.
    pub const fn restore(facts: UserFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Calls the user otherwise.
    pub fn rename(&mut self, name: PersonName, now: Timestamp) -> Result<(), UserClosed> {
        self.refuse_when_closed()?;
        self.facts.registration.name = name;
        self.touch(now);
        self.events.push(UserEvent::Updated(self.facts.clone()));
        Ok(())
    }

    /// Closes the user, for ever. The wallet is closed by whoever asks for this, in the same transaction.
    pub fn close(&mut self, now: Timestamp) -> Result<(), UserClosed> {
        self.refuse_when_closed()?;
        self.facts.closed_at = Some(now);
        self.touch(now);
        self.events.push(UserEvent::Closed(self.facts.clone()));
        Ok(())
    }

    /// What is known of the user.
    pub const fn facts(&self) -> &UserFacts {
        &self.facts
    }

    /// Takes what happened since the user was loaded.
    pub fn take_events(&mut self) -> Vec<UserEvent> {
        std::mem::take(&mut self.events)
    }

    fn refuse_when_closed(&self) -> Result<(), UserClosed> {
        match self.facts.closed_at {
            Some(_) => Err(UserClosed),
            None => Ok(()),
        }
    }

    fn touch(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
    }
}

#[cfg(test)]
mod tests;
