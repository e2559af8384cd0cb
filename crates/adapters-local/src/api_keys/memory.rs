//! What was read of keys a moment ago.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use domain::{
    ids::ApiKeyId,
    platform::{ApiKeyFacts, KeyHash},
};

use super::KeyMemoryLimits;

const SHARDS: usize = 16;

/// A key, or that there is none.
type Answer = Option<Arc<ApiKeyFacts>>;

/// Answers by hash, each for a short time.
pub(super) struct KeyMemory {
    limits: KeyMemoryLimits,
    /// How many times keys were forgotten: what was read before the last time must not be remembered after it.
    forgettings: AtomicU64,
    shards: [Mutex<HashMap<KeyHash, Remembered>>; SHARDS],
}

struct Remembered {
    answer: Answer,
    until: Instant,
}

/// When a reading of the storage began. What it finds is as old as that, however long it takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    began: Instant,
    forgettings: u64,
}

impl KeyMemory {
    pub(super) fn new(limits: KeyMemoryLimits) -> Self {
        Self {
            limits,
            forgettings: AtomicU64::new(0),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// What is remembered of a hash, if anything.
    pub(super) fn recall(&self, hash: &KeyHash, now: Instant) -> Option<Answer> {
        let shard = self.shard_of(hash);
        let remembered = shard.get(hash)?;
        (now < remembered.until).then(|| remembered.answer.clone())
    }

    pub(super) fn begin_reading(&self, now: Instant) -> Reading {
        Reading {
            began: now,
            forgettings: self.forgettings.load(Ordering::SeqCst),
        }
    }

    /// Remembers what a reading has found, unless a key has changed since it began or there is no room.
    pub(super) fn remember(&self, hash: KeyHash, answer: Answer, reading: Reading) {
        let lifetime = match &answer {
            Some(_) => self.limits.known_for,
            None => self.limits.unknown_for,
        };
        let until = reading.began + lifetime;
        let mut shard = self.shard_of(&hash);
        // `forget` counts before it locks: either it is seen here, or it comes after this and takes the key out again.
        if self.forgettings.load(Ordering::SeqCst) != reading.forgettings {
            return;
        }
        let room = self.limits.capacity.div_ceil(SHARDS);
        if shard.len() >= room {
            shard.retain(|_, it| reading.began < it.until);
        }
        if shard.len() >= room && answer.is_some() {
            // Whoever guesses at keys does not push out those of others.
            shard.retain(|_, it| it.answer.is_some());
        }
        if shard.len() < room {
            shard.insert(hash, Remembered { answer, until });
        }
    }

    /// Forgets a key. It looks through all of them: keys change so seldom that an index by id would cost more than it saves.
    pub(super) fn forget(&self, id: ApiKeyId) {
        self.forgettings.fetch_add(1, Ordering::SeqCst);
        let is_other = |it: &Remembered| it.answer.as_ref().is_none_or(|key| key.id != id);
        for shard in &self.shards {
            lock(shard).retain(|_, it| is_other(it));
        }
    }

    fn shard_of(&self, hash: &KeyHash) -> MutexGuard<'_, HashMap<KeyHash, Remembered>> {
        let KeyHash([byte, ..]) = hash;
        lock(&self.shards[usize::from(*byte) % SHARDS])
    }
}

fn lock(
    shard: &Mutex<HashMap<KeyHash, Remembered>>,
) -> MutexGuard<'_, HashMap<KeyHash, Remembered>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
