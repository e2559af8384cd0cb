//! Events: the log, its readers, and what could not be delivered.

mod broker_memory;
mod dead_letters;
mod event_log;
mod event_partitions;
mod event_readers;
mod event_row;
mod held_events;
mod inbox;
mod inbox_retention;
mod outbox_status;
mod sequencer;
mod short_transaction;
mod source;

pub use broker_memory::PgBrokerMemory;
pub use dead_letters::PgDeadLetters;
pub use event_log::PgEventLog;
pub use event_partitions::{Forgotten, PgEventPartitions};
pub use event_readers::{ForgottenReader, PgEventReaders};
pub use held_events::PgHeldEvents;
pub use inbox_retention::PgInboxRetention;
pub use outbox_status::{OutboxStatus, PgOutboxStatus, ReaderStatus};
pub use sequencer::{Advanced, PgEventSequencer, PlacedOfKind};
pub use source::PgEventSource;
