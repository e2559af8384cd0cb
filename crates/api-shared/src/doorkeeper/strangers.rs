//! Addresses that have sent too many bad keys.
//!
//! While an address is over its limit, a key from there is looked up only if this process has seen it to be valid: guessing
//! costs the database nothing, and others behind the same address keep working.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
    time::Instant,
};

use app::ports::LimitDecision;

/// More addresses or keys are not remembered: memory is not to grow with what strangers send.
const REMEMBERED_MAX: usize = 8_192;

/// Keys that were valid when they were last looked up. All doorkeepers of a process share them: a client's next
/// connection may be another's.
#[derive(Default)]
pub struct KnownKeys {
    hashes: RwLock<HashSet<u64>>,
    hasher: RandomState,
}

impl KnownKeys {
    /// Remembers that a key was valid.
    pub(super) fn add(&self, secret: &str) {
        let hash = self.hash(secret);
        // Nearly always it is there already, and readers do not wait for each other.
        if !self.include(hash) {
            self.remember(hash);
        }
    }

    fn hash(&self, secret: &str) -> u64 {
        self.hasher.hash_one(secret)
    }

    fn include(&self, hash: u64) -> bool {
        // A set of numbers is whole after a panic too.
        let hashes = self.hashes.read().unwrap_or_else(PoisonError::into_inner);
        hashes.contains(&hash)
    }

    fn remember(&self, hash: u64) {
        let mut hashes = self.hashes.write().unwrap_or_else(PoisonError::into_inner);
        if hashes.len() >= REMEMBERED_MAX {
            hashes.clear();
        }
        hashes.insert(hash);
    }
}

type HeldUp = HashMap<IpAddr, (Instant, LimitDecision)>;

/// What one doorkeeper remembers of strangers.
#[derive(Default)]
pub(super) struct Strangers {
    held_up: Mutex<HeldUp>,
}

impl Strangers {
    /// Remembers that an address is over its limit.
    pub(super) fn hold_up(&self, address: IpAddr, decision: LimitDecision) {
        let mut held_up = self.remembered();
        let now = Instant::now();
        if held_up.len() >= REMEMBERED_MAX {
            held_up.retain(|_, (until, _)| *until > now);
        }
        if held_up.len() < REMEMBERED_MAX {
            held_up.insert(address, (now + decision.retry_after, decision));
        }
    }

    /// Whether requests from this address are turned away unheard, unless their key is known.
    pub(super) fn held_up(
        &self,
        address: IpAddr,
        secret: &str,
        known: &KnownKeys,
    ) -> Option<LimitDecision> {
        let decision = self.held_up_for_now(address)?;
        (!known.include(known.hash(secret))).then_some(decision)
    }

    /// The decision that holds for this address until it may try again.
    pub(super) fn held_up_for_now(&self, address: IpAddr) -> Option<LimitDecision> {
        let mut held_up = self.remembered();
        if held_up.is_empty() {
            return None;
        }
        let (until, decision) = *held_up.get(&address)?;
        match until.checked_duration_since(Instant::now()) {
            Some(retry_after) if !retry_after.is_zero() => Some(LimitDecision {
                retry_after,
                ..decision
            }),
            _ => {
                held_up.remove(&address);
                None
            }
        }
    }

    fn remembered(&self) -> MutexGuard<'_, HeldUp> {
        // Each entry is whole by itself, after a panic too.
        self.held_up.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
