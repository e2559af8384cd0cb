//! Organizations, the keys that open them, and who is calling.

mod authenticate;
mod caller;
mod create_api_key;
mod forget_expired_answers;
mod found_organization;
mod gcra;
mod organization_changes;
mod organization_view;
mod revise_organization;
mod revoke_api_key;

pub use authenticate::{
    AuthenticatedKey, AuthenticationError, Authenticator, KeyAuthenticator, hash_of,
};
pub use caller::Caller;
pub use create_api_key::{CreateApiKey, CreateApiKeyError, CreateApiKeyHandler, NewApiKey};
pub use forget_expired_answers::{ForgetExpiredAnswers, ForgetExpiredAnswersHandler, Forgotten};
pub use found_organization::{FoundOrganization, FoundOrganizationHandler};
pub use gcra::{Bucket, RateLimit, RateLimits};
pub use organization_changes::OrganizationChanges;
pub use organization_view::OrganizationView;
pub use revise_organization::{
    ReviseOrganization, ReviseOrganizationError, ReviseOrganizationHandler,
};
pub use revoke_api_key::{RevokeApiKey, RevokeApiKeyError, RevokeApiKeyHandler};
