//! The organization and its API keys.

mod api_key;
mod create_api_key;
mod get_api_key;
mod get_organization;
mod list_api_keys;
mod organization;
mod revise_organization;
mod revoke_api_key;

use std::sync::Arc;

use app::{
    platform::{CreateApiKeyHandler, ReviseOrganizationHandler, RevokeApiKeyHandler},
    ports::{ApiKeyQueries, OrganizationQueries},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// What the endpoints of this context need.
pub struct PlatformUseCases {
    /// Reads organizations.
    pub organizations: Arc<dyn OrganizationQueries>,
    /// Changes the caller's organization.
    pub revise_organization: Arc<ReviseOrganizationHandler>,
    /// Reads keys.
    pub api_keys: Arc<dyn ApiKeyQueries>,
    /// Makes keys.
    pub create_api_key: Arc<CreateApiKeyHandler>,
    /// Ends keys.
    pub revoke_api_key: Arc<RevokeApiKeyHandler>,
}

/// Adds the endpoints.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(get_organization::get_organization)
        .service(revise_organization::revise_organization)
        .service(list_api_keys::list_api_keys)
        .service(create_api_key::create_api_key)
        .service(get_api_key::get_api_key)
        .service(revoke_api_key::revoke_api_key);
}

#[cfg(test)]
mod tests;
