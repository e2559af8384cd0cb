//! The platform: organizations and the keys that open them.

mod api_key;
mod grant;
mod organization;
mod scope;

pub use api_key::{
    ApiKey, ApiKeyEvent, ApiKeyFacts, ApiKeySecret, KeyHash, KeyName, KeyRevoked, expiry_after,
};
pub use grant::{Grant, GrantExceeded};
pub use organization::{
    NumberPrefix, Organization, OrganizationEvent, OrganizationFacts, OrganizationProfile,
    PaymentTerms,
};
pub use scope::{Access, Resource, Scope, Scopes};
