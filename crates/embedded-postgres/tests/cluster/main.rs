//! Embedded clusters, tried out with real PostgreSQL processes.

#![expect(clippy::unwrap_used, reason = "tests")]

mod copies;
mod crashes;
mod folders;
mod holder;
mod life_cycle;
mod support;
mod temporary;
