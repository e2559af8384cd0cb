//! Users, and whose names are, remembered in this process.

use std::sync::Arc;

use app::{
    ports::{NameHolder, UserKey, UsernameKey},
    wallets::UserCaches,
};
use domain::wallets::UserFacts;

use super::{BLOCK, LocalCache};
use crate::version_memory::{CacheLimits, Key, Remembered};

/// Remembers users in this process only.
pub type LocalUserCache = LocalCache<UserKey, UserFacts>;
/// Remembers whose a name is in this process only.
pub type LocalUsernameCache = LocalCache<UsernameKey, NameHolder>;

/// Both, within these limits together. Names have a quarter of the capacity.
pub fn user_caches(limits: CacheLimits) -> UserCaches {
    let names = CacheLimits {
        capacity_bytes: limits.capacity_bytes / 4,
        ..limits
    };
    let users = CacheLimits {
        capacity_bytes: limits.capacity_bytes - names.capacity_bytes,
        ..limits
    };
    UserCaches {
        users: Arc::new(LocalUserCache::new(users)),
        names: Arc::new(LocalUsernameCache::new(names)),
    }
}

impl Key for UserKey {
    /// The last byte of an id of version 7 is random.
    fn spread(&self) -> u8 {
        let [.., byte] = self.1.as_uuid().into_bytes();
        byte
    }
}

impl Key for UsernameKey {
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

impl Remembered for NameHolder {
    fn weight_bytes(&self) -> usize {
        size_of::<Self>() + BLOCK
    }
}
