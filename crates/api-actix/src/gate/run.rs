//! Running an endpoint so that whatever becomes of it, there is an answer.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use futures_util::FutureExt as _;

use crate::input::within;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unanswered {
    /// It took longer than allowed; its future was dropped, and with it what it held.
    TimedOut,
    /// It panicked.
    Panicked,
}

/// Runs a call for a limited time, and survives its panic. What a panic leaves behind is dropped with the request: nothing
/// that outlives it is borrowed mutably by an endpoint.
pub(super) async fn guarded<F: Future>(
    limit: Duration,
    call: impl FnOnce() -> F,
) -> Result<F::Output, Unanswered> {
    let future = catch_unwind(AssertUnwindSafe(call)).map_err(|_panic| Unanswered::Panicked)?;
    match within(limit, AssertUnwindSafe(future).catch_unwind()).await {
        Some(Ok(output)) => Ok(output),
        Some(Err(_panic)) => Err(Unanswered::Panicked),
        None => Err(Unanswered::TimedOut),
    }
}
