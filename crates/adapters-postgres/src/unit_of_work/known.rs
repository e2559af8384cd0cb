//! What a statement has brought along for those that follow.

use domain::{ids::OrganizationId, platform::OrganizationFacts};

use super::PgUnitOfWork;

impl PgUnitOfWork {
    /// Keeps an organization that a statement has brought along.
    pub(crate) fn come_to_know(&mut self, organization: OrganizationFacts) {
        self.organization = Some(organization);
    }

    /// An organization that was brought along before.
    pub(crate) fn known_organization(&self, id: OrganizationId) -> Option<OrganizationFacts> {
        self.organization.clone().filter(|known| known.id == id)
    }
}
