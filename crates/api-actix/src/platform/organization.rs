//! Organizations on the wire.

use app::customers::AddressView;
use domain::platform::OrganizationFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// An organization: the seller on every invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organization, example = json!({
    "id": "01936f8a-0000-7c3d-9a4f-2b6c8d0e1f23",
    "legal_name": "Analytical Engines Ltd",
    "address": {
        "line1": "12 St James's Square",
        "line2": null,
        "city": "London",
        "postal_code": "SW1Y 4JH",
        "region": null,
        "country": "GB",
    },
    "tax_id": "GB123456789",
    "email": "billing@example.com",
    "default_currency": "GBP",
    "invoice_number_prefix": "INV-",
    "payment_terms_days": 30,
    "rounding": "half_away_from_zero",
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(super) struct OrganizationBody {
    /// Which one.
    id: Uuid,
    /// Its name in the register of companies.
    #[schema(value_type = schemas::Name)]
    legal_name: String,
    /// Where it is.
    #[schema(value_type = Option<schemas::Address>)]
    address: Option<AddressView>,
    /// Its tax number.
    #[schema(value_type = Option<schemas::TaxId>)]
    tax_id: Option<String>,
    /// Where customers write to.
    #[schema(value_type = Option<schemas::EmailAddress>)]
    email: Option<String>,
    /// What invoices are written in, when neither they nor their customer say.
    #[schema(value_type = schemas::CurrencyCode)]
    default_currency: &'static str,
    /// What its own invoice numbers start with.
    #[schema(value_type = schemas::InvoiceNumberPrefix)]
    invoice_number_prefix: String,
    /// After how many days invoices are due that name no date.
    #[schema(value_type = schemas::PaymentTermsDays)]
    payment_terms_days: u16,
    /// How its new invoices round.
    #[schema(value_type = RoundingRule)]
    rounding: &'static str,
    /// Since when.
    #[schema(value_type = schemas::Instant)]
    #[serde(with = "app::wire::instant")]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = schemas::Instant)]
    #[serde(with = "app::wire::instant")]
    updated_at: Timestamp,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

/// How a fraction of a minor unit is rounded.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    dead_code,
    reason = "it only names the values in the contract; the domain has the roundings"
)]
pub(super) enum RoundingRule {
    /// Half away from zero: 2.5 becomes 3. What EN 16931 and most tax offices expect.
    HalfAwayFromZero,
    /// Half to the even neighbour: 2.5 becomes 2, 3.5 becomes 4.
    HalfEven,
}

impl From<&OrganizationFacts> for OrganizationBody {
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
            default_currency: profile.default_currency.code(),
            invoice_number_prefix: profile.invoice_number_prefix.as_str().to_owned(),
            payment_terms_days: profile.payment_terms.as_days(),
            rounding: profile.rounding.code(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
