//! The customer aggregate.

use jiff::Timestamp;

use crate::{
    ids::{CustomerId, OrganizationId},
    values::{Address, Currency, EmailAddress, ExternalId, Metadata, Name, TaxId},
    version::Version,
};

/// What a client tells of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerProfile {
    /// What it is called.
    pub name: Name,
    /// Where invoices are sent.
    pub email: Option<EmailAddress>,
    /// Where it is.
    pub address: Option<Address>,
    /// Its tax number.
    pub tax_id: Option<TaxId>,
    /// What its invoices are written in, unless they say otherwise.
    pub currency: Option<Currency>,
    /// Its id in the client's own system: unique in the organization.
    pub external_id: Option<ExternalId>,
    /// The client's notes.
    pub metadata: Metadata,
}

/// All that is stored of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFacts {
    /// Which one.
    pub id: CustomerId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What is known of it.
    pub profile: CustomerProfile,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was archived, if it was.
    pub archived_at: Option<Timestamp>,
    /// How often it changed.
    pub version: Version,
}

impl CustomerFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// What happened to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerEvent {
    /// It was registered.
    Created(CustomerFacts),
    /// Its profile changed.
    Updated(CustomerFacts),
    /// It was archived: it disappears from lists, its invoices stay.
    Archived(CustomerFacts),
}

/// Archived customers do not change, and cannot be archived again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the customer is archived")]
pub struct CustomerArchived;

/// A customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Customer {
    facts: CustomerFacts,
    events: Vec<CustomerEvent>,
}

impl Customer {
    /// Registers a customer.
    pub fn register(
        id: CustomerId,
        organization_id: OrganizationId,
        profile: CustomerProfile,
        now: Timestamp,
    ) -> Self {
        let facts = CustomerFacts {
            id,
            organization_id,
            profile,
            created_at: now,
            updated_at: now,
            archived_at: None,
            version: Version::FIRST,
        };
        Self {
            events: vec![CustomerEvent::Created(facts.clone())],
            facts,
        }
    }

    /// Rebuilds a stored customer. For storage adapters only: no rule is checked.
    pub const fn restore(facts: CustomerFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Replaces what is known of it.
    pub fn revise(
        &mut self,
        profile: CustomerProfile,
        now: Timestamp,
    ) -> Result<(), CustomerArchived> {
        self.refuse_when_archived()?;
        self.facts.profile = profile;
        self.touch(now);
        self.events.push(CustomerEvent::Updated(self.facts.clone()));
        Ok(())
    }

    /// Takes it out of the lists.
    pub fn archive(&mut self, now: Timestamp) -> Result<(), CustomerArchived> {
        self.refuse_when_archived()?;
        self.facts.archived_at = Some(now);
        self.touch(now);
        self.events
            .push(CustomerEvent::Archived(self.facts.clone()));
        Ok(())
    }

    /// What is known of it.
    pub const fn facts(&self) -> &CustomerFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<CustomerEvent> {
        std::mem::take(&mut self.events)
    }

    fn refuse_when_archived(&self) -> Result<(), CustomerArchived> {
        match self.facts.archived_at {
            Some(_) => Err(CustomerArchived),
            None => Ok(()),
        }
    }

    fn touch(&mut self, now: Timestamp) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
    }
}
