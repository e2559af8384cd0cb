//! What is to be different about an organization.

use domain::{
    platform::{NumberPrefix, OrganizationProfile, PaymentTerms},
    values::{Address, Currency, EmailAddress, Name, Rounding, TaxId},
};

/// What is to be different. `None` keeps what is there; `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationChanges {
    /// Its name.
    pub legal_name: Option<Name>,
    /// Its address.
    pub address: Option<Option<Address>>,
    /// Its tax number.
    pub tax_id: Option<Option<TaxId>>,
    /// Its e-mail address.
    pub email: Option<Option<EmailAddress>>,
    /// Its currency.
    pub default_currency: Option<Currency>,
    /// What its numbers start with.
    pub invoice_number_prefix: Option<NumberPrefix>,
    /// Its payment terms.
    pub payment_terms: Option<PaymentTerms>,
    /// Its rounding.
    pub rounding: Option<Rounding>,
}

impl OrganizationChanges {
    /// What it tells of itself with the changes.
    pub(super) fn apply_to(&self, profile: &OrganizationProfile) -> OrganizationProfile {
        let old = profile.clone();
        let new = self.clone();
        OrganizationProfile {
            legal_name: new.legal_name.unwrap_or(old.legal_name),
            address: new.address.unwrap_or(old.address),
            tax_id: new.tax_id.unwrap_or(old.tax_id),
            email: new.email.unwrap_or(old.email),
            default_currency: new.default_currency.unwrap_or(old.default_currency),
            invoice_number_prefix: new
                .invoice_number_prefix
                .unwrap_or(old.invoice_number_prefix),
            payment_terms: new.payment_terms.unwrap_or(old.payment_terms),
            rounding: new.rounding.unwrap_or(old.rounding),
        }
    }
}
