//! Who stands on an invoice.

use crate::{
    customers::CustomerProfile,
    platform::OrganizationProfile,
    values::{Address, EmailAddress, Name, TaxId},
};

/// A buyer or seller as they were when the invoice was written: later changes of theirs do not change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What it is called.
    pub name: Name,
    /// Where it is written to.
    pub email: Option<EmailAddress>,
    /// Where it is.
    pub address: Option<Address>,
    /// Its tax number.
    pub tax_id: Option<TaxId>,
}

impl From<&CustomerProfile> for Party {
    fn from(customer: &CustomerProfile) -> Self {
        Self {
            name: customer.name.clone(),
            email: customer.email.clone(),
            address: customer.address.clone(),
            tax_id: customer.tax_id.clone(),
        }
    }
}

impl From<&OrganizationProfile> for Party {
    fn from(organization: &OrganizationProfile) -> Self {
        Self {
            name: organization.legal_name.clone(),
            email: organization.email.clone(),
            address: organization.address.clone(),
            tax_id: organization.tax_id.clone(),
        }
    }
}
