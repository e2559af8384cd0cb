//! Addresses that have sent too many bad keys.
//!
//! While an address is over its limit, a key from there is looked up only if this worker has seen it to be valid: guessing
//! costs the database nothing, and others behind the same address keep working.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    hash::{BuildHasher as _, RandomState},
    net::IpAddr,
    time::Instant,
};

use app::ports::LimitDecision;

/// What one worker thread remembers of strangers, and of those that are none.
#[derive(Default)]
pub(super) struct Strangers {
    held_up: RefCell<HashMap<IpAddr, (Instant, LimitDecision)>>,
    known: RefCell<HashSet<u64>>,
    hasher: RandomState,
}

impl Strangers {
    /// More addresses or keys are not remembered: memory is not to grow with what strangers send.
    const REMEMBERED_MAX: usize = 8_192;

    /// Remembers that a key was valid.
    pub(super) fn became_known(&self, secret: &str) {
        let mut known = self.known.borrow_mut();
        if known.len() >= Self::REMEMBERED_MAX {
            known.clear();
        }
        known.insert(self.hasher.hash_one(secret));
    }

    /// Remembers that an address is over its limit.
    pub(super) fn hold_up(&self, address: IpAddr, decision: LimitDecision) {
        let mut held_up = self.held_up.borrow_mut();
        let now = Instant::now();
        if held_up.len() >= Self::REMEMBERED_MAX {
            held_up.retain(|_, (until, _)| *until > now);
        }
        if held_up.len() < Self::REMEMBERED_MAX {
            held_up.insert(address, (now + decision.retry_after, decision));
        }
    }

    /// Whether requests from this address are turned away unheard, unless their key is known.
    pub(super) fn held_up(&self, address: IpAddr, secret: &str) -> Option<LimitDecision> {
        let decision = self.held_up_for_now(address)?;
        let is_known = self.known.borrow().contains(&self.hasher.hash_one(secret));
        (!is_known).then_some(decision)
    }

    /// The decision that holds for this address until it may try again.
    pub(super) fn held_up_for_now(&self, address: IpAddr) -> Option<LimitDecision> {
        let mut held_up = self.held_up.borrow_mut();
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
}
