//! What a transaction knows of itself: what a statement has brought along for those that follow, and what it changes.

use app::ports::Touched;
use domain::{ids::OrganizationId, platform::OrganizationFacts};

use super::PgUnitOfWork;

impl PgUnitOfWork {
    /// Notes what the transaction changes.
    pub(crate) fn touch(&mut self, touched: Touched) {
        self.touched.push(touched);
    }

    /// What the transaction changes.
    pub(crate) fn touched(&self) -> &[Touched] {
        &self.touched
    }

    /// Keeps an organization that a statement has brought along.
    pub(crate) fn come_to_know(&mut self, organization: OrganizationFacts) {
        self.organization = Some(organization);
    }

    /// An organization that was brought along before.
    pub(crate) fn known_organization(&self, id: OrganizationId) -> Option<OrganizationFacts> {
        self.organization.clone().filter(|known| known.id == id)
    }
}
