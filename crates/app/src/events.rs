//! What happened, on its way out of a transaction: recorded by use cases, spelt out for everybody else.

mod bell;
mod cloud_event;
mod consumer;
mod event_kind;
pub mod event_type;
mod followed;
mod produced;
mod recorder;
mod spelling;

pub use bell::EventBell;
pub use cloud_event::{
    CLOUD_EVENT_MEDIA_TYPE, CloudEvent, EventPosition, LoggedEvent, NotAnEvent, SHARDS,
};
pub use consumer::{ATTEMPTS_MAX, ConsumeError, EventConsumer};
pub use domain::event::{NotATypePattern, TypePattern};
pub use event_kind::EventKind;
pub use event_type::{EVENT_TYPES, EventType};
pub use produced::count_produced;
pub use recorder::Recorder;
pub use spelling::SpeltEvent;
