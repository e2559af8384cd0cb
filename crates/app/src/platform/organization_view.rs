//! Organizations as they are shown.

use domain::platform::OrganizationFacts;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{customers::AddressView, wire};

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrganizationView {
    /// Which one.
    pub id: Uuid,
    /// Its name in the register of companies.
    pub legal_name: String,
    /// Where it is.
    pub address: Option<AddressView>,
    /// Its tax number.
    pub tax_id: Option<String>,
    /// Where customers write to.
    pub email: Option<String>,
    /// ISO 4217 code of what invoices are written in by default.
    pub default_currency: String,
    /// What its invoice numbers start with.
    pub invoice_number_prefix: String,
    /// After how many days invoices are due by default.
    pub payment_terms_days: u16,
    /// How its new invoices round.
    pub rounding: &'static str,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl From<&OrganizationFacts> for OrganizationView {
    fn from(facts: &OrganizationFacts) -> Self {
        let profile = &facts.profile;
        Self {
            id: facts.id.as_uuid(),
            legal_name: profile.legal_name.as_str().to_owned(),
            address: profile.address.as_ref().map(AddressView::from),
            tax_id: profile.tax_id.as_ref().map(|id| id.as_str().to_owned()),
            email: profile
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            default_currency: profile.default_currency.code().to_owned(),
            invoice_number_prefix: profile.invoice_number_prefix.as_str().to_owned(),
            payment_terms_days: profile.payment_terms.as_days(),
            rounding: profile.rounding.code(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
