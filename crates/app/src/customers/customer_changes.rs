//! What is to be different about a customer.

use domain::{
    customers::CustomerProfile,
    values::{Address, Currency, EmailAddress, ExternalId, Metadata, Name, TaxId},
};

/// What is to be different. `None` keeps what is there; `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerChanges {
    /// Its name.
    pub name: Option<Name>,
    /// Its e-mail address.
    pub email: Option<Option<EmailAddress>>,
    /// Its address.
    pub address: Option<Option<Address>>,
    /// Its tax number.
    pub tax_id: Option<Option<TaxId>>,
    /// Its currency.
    pub currency: Option<Option<Currency>>,
    /// Its external id.
    pub external_id: Option<Option<ExternalId>>,
    /// The client's notes, all of them.
    pub metadata: Option<Metadata>,
}

impl CustomerChanges {
    /// What is known of it with the changes.
    pub(super) fn apply_to(&self, profile: &CustomerProfile) -> CustomerProfile {
        let old = profile.clone();
        let new = self.clone();
        CustomerProfile {
            name: new.name.unwrap_or(old.name),
            email: new.email.unwrap_or(old.email),
            address: new.address.unwrap_or(old.address),
            tax_id: new.tax_id.unwrap_or(old.tax_id),
            currency: new.currency.unwrap_or(old.currency),
            external_id: new.external_id.unwrap_or(old.external_id),
            metadata: new.metadata.unwrap_or(old.metadata),
        }
    }
}
