//! What happened, on its way out of a transaction: recorded by use cases, spelt out for everybody else.

mod recorder;
mod spelling;

pub use recorder::Recorder;
pub use spelling::SpeltEvent;
