//! What the tests of the real binary share: a database, services on it, organizations, and a client that speaks to them.
//!
//! A [`Service`] is the binary `tallystick` of the same profile, running as its users run it. [`Stage`] is one that all
//! tests of a test binary share; each test has an organization of its own, so they do not see each other. Tests of faults
//! start services of their own.

#![expect(
    clippy::missing_panics_doc,
    reason = "in a test, a panic is the way to fail"
)]

mod binary;
mod bodies;
mod client;
mod database;
mod event_stream;
mod generator;
mod ledger;
mod receiver;
mod redis;
mod service;
mod stage;
mod tenant;
mod wait;
mod watchdog;

pub use crate::{
    binary::command,
    bodies::{customer, day, invoice, line},
    client::{Answer, Call, Client, at_once},
    database::{Database, private_cluster},
    event_stream::EventStream,
    generator::Generator,
    ledger::verify_ledger,
    receiver::{Manner, Received, Receiver},
    redis::Redis,
    service::{Service, Setup},
    stage::Stage,
    tenant::{Tenant, complaint, tallystick},
    wait::{LIMIT, eventually, within},
};
