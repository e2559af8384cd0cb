//! Organizations: the tenants, and the sellers on every invoice.

use jiff::Timestamp;

use crate::{
    ids::OrganizationId,
    values::{
        Address, Currency, EmailAddress, InvalidValue, LengthLimits, Name, Rounding, TaxId,
        check_number_text,
    },
    version::Version,
};

/// What an organization's own invoice numbers start with: 0 to 20 letters, digits, `-`, `_`, `/`, `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NumberPrefix(String);

impl NumberPrefix {
    /// The most characters it may have.
    pub const LENGTH_MAX: usize = 20;

    /// Reads one.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let max = Self::LENGTH_MAX;
        check_number_text(raw, LengthLimits { min: 0, max })?;
        Ok(Self(raw.to_owned()))
    }

    /// The prefix.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many days a customer has to pay: 0 to 3,650.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentTerms(u16);

impl PaymentTerms {
    /// The most days.
    pub const DAYS_MAX: u16 = 3_650;

    /// Checks a number of days.
    pub fn days(days: i64) -> Result<Self, InvalidValue> {
        u16::try_from(days)
            .ok()
            .filter(|days| *days <= Self::DAYS_MAX)
            .map(Self)
            .ok_or(InvalidValue::OutOfRange {
                rule: "a number of days from 0 to 3650",
            })
    }

    /// The number of days.
    pub const fn as_days(self) -> u16 {
        self.0
    }
}

/// What an organization tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationProfile {
    /// Its name in the register of companies.
    pub legal_name: Name,
    /// Where it is.
    pub address: Option<Address>,
    /// Its tax number.
    pub tax_id: Option<TaxId>,
    /// Where customers write to.
    pub email: Option<EmailAddress>,
    /// What invoices are written in, when neither they nor their customer say.
    pub default_currency: Currency,
    /// What its invoice numbers start with.
    pub invoice_number_prefix: NumberPrefix,
    /// When invoices are due that name no date.
    pub payment_terms: PaymentTerms,
    /// How its new invoices round.
    pub rounding: Rounding,
}

/// All that is stored of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationFacts {
    /// Which one.
    pub id: OrganizationId,
    /// What it tells of itself.
    pub profile: OrganizationProfile,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl OrganizationFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// What happened to an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganizationEvent {
    /// It was founded.
    Created(OrganizationFacts),
    /// Its profile changed.
    Updated(OrganizationFacts),
}

/// An organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    facts: OrganizationFacts,
    events: Vec<OrganizationEvent>,
}

impl Organization {
    /// Founds one.
    pub fn found(id: OrganizationId, profile: OrganizationProfile, now: Timestamp) -> Self {
        let facts = OrganizationFacts {
            id,
            profile,
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        };
        Self {
            events: vec![OrganizationEvent::Created(facts.clone())],
            facts,
        }
    }

    /// Rebuilds a stored organization. For storage adapters only: no rule is checked.
    pub const fn restore(facts: OrganizationFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Replaces what it tells of itself.
    pub fn revise(&mut self, profile: OrganizationProfile, now: Timestamp) {
        self.facts.profile = profile;
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        self.events
            .push(OrganizationEvent::Updated(self.facts.clone()));
    }

    /// What is known of it.
    pub const fn facts(&self) -> &OrganizationFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<OrganizationEvent> {
        std::mem::take(&mut self.events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_of_number_characters() {
        assert!(NumberPrefix::parse("INV-").is_ok());
        assert!(NumberPrefix::parse("").is_ok());
        assert!(NumberPrefix::parse("INV 1").is_err());
        assert!(NumberPrefix::parse(&"A".repeat(21)).is_err());
    }

    #[test]
    fn payment_terms_end_after_ten_years() {
        assert!(PaymentTerms::days(0).is_ok());
        assert!(PaymentTerms::days(3_650).is_ok());
        assert!(PaymentTerms::days(3_651).is_err());
        assert!(PaymentTerms::days(-1).is_err());
    }
}
