//! Payments.

mod simulator_record;

pub use simulator_record::PgSimulatorRecord;
