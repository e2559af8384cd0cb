//! What the simulated provider remembers.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{ProviderOrder, StorageError};

/// What the simulator knows of an order that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SimulatorEntry {
    /// How often it arrived.
    pub calls: u32,
    /// How often somebody asked for it.
    pub look_ups: u32,
    /// At which call its money moved, if it did.
    pub moved_on_call: Option<u32>,
}

impl SimulatorEntry {
    /// Whether its money moved at the last call, and not before.
    pub fn has_just_moved(&self) -> bool {
        self.moved_on_call == Some(self.calls)
    }
}

/// What came of noting a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotedCall {
    /// It is noted.
    Noted(SimulatorEntry),
    /// There is another order of this key: nothing was noted.
    KeyReused,
}

/// The simulator's own durable record: what it moved, once per key, whatever the service believes.
///
/// What it is told MUST be kept when it answers, in a transaction of its own, and of calls at once each MUST be noted.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait SimulatorRecord: Send + Sync {
    /// Notes that an order has arrived. Its money moves at call number `moves_on` or the first one after it, unless it has
    /// moved before; never without a number.
    async fn note_call(
        &self,
        order: &ProviderOrder,
        moves_on: Option<u32>,
        now: Timestamp,
    ) -> Result<NotedCall, StorageError>;

    /// Notes that somebody asked for an order. None when none of this key has arrived.
    async fn note_look_up(&self, key: Uuid) -> Result<Option<SimulatorEntry>, StorageError>;
}
