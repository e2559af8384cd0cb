//! Valid values for tests to start from.

use domain::{
    actor::Actor,
    customers::CustomerProfile,
    ids::{ApiKeyId, OrganizationId},
    invoicing::{
        DueDate, InvoiceContents, LineItem, LineItems, Party, Quantity, TaxRate, UnitCode,
        UnitPrice,
    },
    platform::{ApiKeySecret, NumberPrefix, OrganizationProfile, PaymentTerms, Scope, Scopes},
    values::{Currency, Description, InvalidValue, Metadata, Name, Rounding},
};
use jiff::civil::date;
use uuid::Uuid;

use super::{KEY, ORGANIZATION};
use crate::platform::Caller;

const VALID: &str = "what the builders build is valid";

pub(super) fn valid<T>(value: Result<T, InvalidValue>) -> T {
    value.expect(VALID)
}

/// A client of organization 1 with key 2.
pub fn caller() -> Caller {
    Caller {
        organization_id: ORGANIZATION,
        actor: Actor::ApiKey(KEY),
    }
}

/// A client of another organization, with a key of that one.
pub fn stranger() -> Caller {
    Caller {
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(91)),
        actor: Actor::ApiKey(ApiKeyId::from_uuid(Uuid::from_u128(92))),
    }
}

/// The secret of [`KEY`].
pub fn key_secret() -> ApiKeySecret {
    valid(ApiKeySecret::parse("tsk_0123456789abcdefghijABCDEFGHIJ01"))
}

/// Scopes by their words, such as `invoices:read`.
pub fn scopes(words: &[&str]) -> Scopes {
    valid(Scopes::new(
        words.iter().map(|word| valid(Scope::parse(word))),
    ))
}

/// Somebody by this name.
pub fn party(name: &str) -> Party {
    Party {
        name: valid(Name::parse(name)),
        email: None,
        address: None,
        tax_id: None,
    }
}

/// A customer by this name.
pub fn customer_profile(name: &str) -> CustomerProfile {
    CustomerProfile {
        name: valid(Name::parse(name)),
        email: None,
        address: None,
        tax_id: None,
        currency: None,
        external_id: None,
        metadata: Metadata::default(),
    }
}

/// "Acme" in USD, with the prefix `INV-` and 30 days to pay.
pub fn organization_profile() -> OrganizationProfile {
    OrganizationProfile {
        legal_name: valid(Name::parse("Acme")),
        address: None,
        tax_id: None,
        email: None,
        default_currency: valid(Currency::parse("USD")),
        invoice_number_prefix: valid(NumberPrefix::parse("INV-")),
        payment_terms: valid(PaymentTerms::days(30)),
        rounding: Rounding::HalfAwayFromZero,
    }
}

/// 10 × 150.00 USD at 16 %, due on 20 December 2026: 1,740.00 USD in all.
pub fn draft_contents() -> InvoiceContents {
    let item = LineItem {
        description: valid(Description::parse("work")),
        quantity: valid(Quantity::parse("10")),
        unit_price: valid(UnitPrice::from_minor(15_000)),
        tax_rate: valid(TaxRate::from_bps(1_600)),
        unit: UnitCode::default(),
    };
    InvoiceContents {
        number: None,
        customer_id: None,
        customer: party("Ada"),
        currency: valid(Currency::parse("USD")),
        items: valid(LineItems::new(vec![item])),
        due_date: DueDate::restore(date(2026, 12, 20)),
        notes: None,
        metadata: Metadata::default(),
        rounding: Rounding::HalfAwayFromZero,
    }
}
