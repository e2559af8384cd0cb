//! Who asks.

use domain::{actor::Actor, ids::OrganizationId};

/// On whose behalf a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The organization: nothing of another one is seen or changed.
    pub organization_id: OrganizationId,
    /// Who it is, for the timeline.
    pub actor: Actor,
}
