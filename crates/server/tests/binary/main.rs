//! The real binary, as its users run it: on a folder of its own, on free ports, ended by its process id.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::tests_outside_test_module,
    reason = "tests"
)]

mod commands;
mod embedded;
mod external;
mod outbox_readers;
mod shutdown;
mod support;
