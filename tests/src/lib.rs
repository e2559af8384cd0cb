//! What the tests of the real binary share: a database, services on it, organizations, and a client that speaks to them.
//!
//! A [`Service`] is the binary `tallystick` of the same profile, running as its users run it. [`Stage`] is one that all
//! tests of a test binary share; each test has an organization of its own, so they do not see each other. Tests of faults
//! start services of their own.

#![expect(
    clippy::missing_panics_doc,
    reason = "in a test, a panic is the way to fail"
)]

mod authority;
mod binary;
mod bodies;
mod client;
mod collector;
mod database;
mod encrypted;
mod event_stream;
mod generator;
mod ledger;
mod outbox;
mod proxy;
mod receiver;
mod redis;
mod report;
mod service;
mod sink;
mod stage;
mod tenant;
mod wait;

pub use crate::{
    authority::{Authority, Certified},
    binary::{command, image_under_test, previous_binary},
    bodies::{customer, day, invoice, line},
    client::{Answer, Call, Client, at_once},
    collector::{Collected, Collector},
    database::{
        Database, archiving_cluster, installed_binaries, private_cluster, private_pooler,
        standby_of,
    },
    encrypted::RemoteCluster,
    event_stream::EventStream,
    generator::Generator,
    ledger::verify_ledger,
    outbox::assert_every_change_is_told,
    proxy::Proxy,
    receiver::{Manner, Received, Receiver},
    redis::Redis,
    report::note_audit,
    service::{Service, Setup},
    sink::Sink,
    stage::Stage,
    tenant::{Tenant, complaint, tallystick},
    wait::{LIMIT, eventually, within},
};
