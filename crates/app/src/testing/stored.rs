//! Aggregates as they come out of storage: with no events left to take, made a while before [`super::NOW`].

use domain::{
    customers::Customer,
    ids::{AccountId, ApiKeyId, CustomerId, InvoiceId, OrganizationId},
    invoicing::{Invoice, InvoiceContents, InvoiceStatus, Party, Series, Step},
    ledger::{Account, AccountOpening, AccountOwner, OverdraftLimit},
    platform::{ApiKeyFacts, KeyName, Organization},
    values::{Currency, Metadata, Name},
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    builders::valid, customer_profile, draft_contents, key_secret, organization_profile, scopes,
};
use crate::platform::hash_of;

/// The organization that everything stored here is of.
pub const ORGANIZATION: OrganizationId = OrganizationId::from_uuid(Uuid::from_u128(1));
/// The key of its client.
pub const KEY: ApiKeyId = ApiKeyId::from_uuid(Uuid::from_u128(2));
/// Its customer.
pub const CUSTOMER: CustomerId = CustomerId::from_uuid(Uuid::from_u128(3));
/// Its invoice.
pub const INVOICE: InvoiceId = InvoiceId::from_uuid(Uuid::from_u128(4));
/// Its account.
pub const ACCOUNT: AccountId = AccountId::from_uuid(Uuid::from_u128(5));

const VALID: &str = "what is stored is valid";

fn earlier() -> Timestamp {
    "2026-11-01T08:00:00Z".parse().expect(VALID)
}

/// The organization, as it was founded.
pub fn stored_organization() -> Organization {
    let founded = Organization::found(ORGANIZATION, organization_profile(), earlier());
    Organization::restore(founded.facts().clone())
}

/// The key of [`key_secret`], which may do everything and never ends.
pub fn stored_key() -> ApiKeyFacts {
    let secret = key_secret();
    ApiKeyFacts {
        id: KEY,
        organization_id: ORGANIZATION,
        name: valid(KeyName::parse("shop")),
        scopes: scopes(&["*"]),
        shown_prefix: secret.shown_prefix().to_owned(),
        hash: hash_of(&secret),
        created_at: earlier(),
        expires_at: None,
        revoked_at: None,
        version: Version::FIRST,
    }
}

/// The customer "Ada", as it was registered.
pub fn stored_customer() -> Customer {
    let registered = Customer::register(CUSTOMER, ORGANIZATION, customer_profile("Ada"), earlier());
    Customer::restore(registered.facts().clone())
}

/// The invoice, with these contents, as it was drafted.
///
/// # Panics
/// When the contents do not add up.
pub fn stored_draft(contents: InvoiceContents) -> Invoice {
    let drafted = Invoice::draft(INVOICE, ORGANIZATION, contents, earlier()).expect(VALID);
    Invoice::restore(drafted.facts().clone())
}

/// The invoice of [`draft_contents`], after these steps. It was issued by "Acme" as `INV-2026-000001`.
///
/// # Panics
/// When its life cycle has no such steps.
pub fn stored_invoice(steps: &[InvoiceStatus]) -> Invoice {
    let mut invoice = stored_draft(draft_contents());
    for status in steps {
        let taken = match invoice.step_to(*status).expect(VALID) {
            Step::Issue(_) => {
                let number = Series::named("INV-2026-").number_at(1);
                let seller = Party::from(&organization_profile());
                invoice.issue(number, seller, earlier())
            }
            Step::Withdraw | Step::Advance => invoice.advance(*status, earlier()),
        };
        taken.expect(VALID);
    }
    Invoice::restore(invoice.facts().clone())
}

/// The account of "ada" in USD, as it was opened: with nothing on it.
pub fn stored_account() -> Account {
    let opening = AccountOpening {
        owner: valid(AccountOwner::parse("ada")),
        name: valid(Name::parse("Ada's wallet")),
        currency: valid(Currency::parse("USD")),
        overdraft_limit: OverdraftLimit::NONE,
        metadata: Metadata::default(),
    };
    let opened = Account::open(ACCOUNT, ORGANIZATION, opening, earlier());
    Account::restore(opened.facts().clone(), *opened.standing())
}
