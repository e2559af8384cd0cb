//! A private `PostgreSQL` for the server's embedded mode, for tests and for benches.
//!
//! [`Binaries::find`] looks for `PostgreSQL`'s programs (15 or newer), [`Cluster::start`] initialises a
//! cluster in a data folder when there is none and runs it on a Unix socket only, and
//! [`Cluster::stop`] (or dropping it) stops it. [`testing::TestServer`] shares one throw-away
//! cluster between the tests of a binary and gives each test a database of its own.
//!
//! What holds at every moment:
//! - one process per data folder: the folder is locked for as long as the [`Cluster`] lives;
//! - answered writes are durable: `fsync` and `synchronous_commit` are on unless the caller's own
//!   settings turn them off;
//! - nobody but the owner of the socket folder (mode 0700) and root can connect;
//! - a crash of this process leaves at most a running postmaster, which the next start adopts; a
//!   temporary cluster leaves nothing, since a watchdog removes it.
//!
//! This crate reads no environment variables: what it needs from there comes as a parameter.

mod account;
mod binaries;
mod cluster;
mod copy;
mod database;
mod error;
mod initialise;
mod install;
mod launch;
mod lock;
mod placement;
mod postmaster;
mod process_table;
mod server_log;
mod settings;
mod temporary;
pub mod testing;

pub use crate::{
    binaries::{Binaries, MINIMUM_MAJOR, NotFound, SearchHints},
    cluster::{Cluster, ClusterOptions, TcpAccess},
    copy::{ClusterCopy, CopyRole},
    error::{StartError, StopError},
    install::InstallAdvice,
};
