//! Users remembered in this process.

use std::sync::Arc;

use app::ports::{CacheAnswer, Offer, UserCache};
use domain::{
    ids::{OrganizationId, UserId},
    version::Version,
    wallets::{UserFacts, Username},
};

use crate::version_memory::{CacheLimits, Key, Remembered, VersionMemory};

/// What the allocator adds to each block.
const BLOCK: usize = 16;

impl Key for (OrganizationId, UserId) {
    /// The last byte of an id of version 7 is random.
    fn spread(&self) -> u8 {
        let [.., byte] = self.1.as_uuid().into_bytes();
        byte
    }
}

/// A name, in lower case.
impl Key for (OrganizationId, String) {
    fn spread(&self) -> u8 {
        self.1
            .bytes()
            .fold(0, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte))
    }

    fn heap_bytes(&self) -> usize {
        BLOCK + self.1.capacity()
    }
}

impl Remembered for UserFacts {
    fn version(&self) -> Version {
        self.version
    }

    fn weight_bytes(&self) -> usize {
        let registration = &self.registration;
        let texts = [
            registration.username.as_str().len(),
            registration.name.as_str().len(),
            registration.national_id.ciphertext.len(),
        ];
        let texts: usize = texts.into_iter().map(|length| BLOCK + length).sum();
        size_of::<Self>() + BLOCK + texts
    }
}

/// Whose name it is. That never changes.
impl Remembered for UserId {
    fn version(&self) -> Version {
        Version::FIRST
    }

    fn weight_bytes(&self) -> usize {
        size_of::<Self>() + BLOCK
    }
}

/// Remembers users in this process only: for a deployment of one.
pub struct LocalUserCache {
    users: VersionMemory<(OrganizationId, UserId), UserFacts>,
    names: VersionMemory<(OrganizationId, String), UserId>,
}

impl LocalUserCache {
    /// An empty cache. Names have a quarter of the capacity.
    pub fn new(limits: CacheLimits) -> Self {
        let names = CacheLimits {
            capacity_bytes: limits.capacity_bytes / 4,
            ..limits
        };
        let users = CacheLimits {
            capacity_bytes: limits.capacity_bytes - names.capacity_bytes,
            ..limits
        };
        Self {
            users: VersionMemory::new(users),
            names: VersionMemory::new(names),
        }
    }
}

impl UserCache for LocalUserCache {
    fn get(&self, organization_id: OrganizationId, id: UserId) -> CacheAnswer<UserFacts> {
        self.users.get(&(organization_id, id))
    }

    fn id_of(&self, organization_id: OrganizationId, username: &Username) -> Option<UserId> {
        match self.names.get(&(organization_id, username.folded())) {
            CacheAnswer::Hit(id) => Some(*id),
            CacheAnswer::Absent | CacheAnswer::Miss => None,
        }
    }

    fn offer(&self, facts: Arc<UserFacts>) -> Offer {
        let (organization_id, id) = (facts.organization_id, facts.id);
        let name = (organization_id, facts.registration.username.folded());
        // Whoever has a name has it for ever, so that it does not matter how old this is.
        self.names.offer(name, Arc::new(id));
        self.users.offer((organization_id, id), facts)
    }

    fn offer_absent(&self, organization_id: OrganizationId, id: UserId) -> Offer {
        self.users.offer_absent((organization_id, id))
    }

    fn invalidate(&self, organization_id: OrganizationId, id: UserId, version: Version) {
        self.users.invalidate(&(organization_id, id), version);
    }
}

#[cfg(test)]
mod tests;
