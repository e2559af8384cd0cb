//! Running an endpoint so that whatever becomes of it, there is an answer.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
    time::Duration,
};

use futures_util::FutureExt as _;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It took longer than allowed; its future was dropped, and with it what it held.
    TimedOut,
    /// It panicked.
    Panicked,
}

/// Runs a call for a limited time, and survives its panic. What a panic leaves behind is dropped with the request: nothing
/// that outlives it is borrowed mutably by an endpoint.
pub async fn guarded<F: Future>(
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

/// Waits for a future, for a limited time. No timer is set when it is ready at once.
pub async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let at_once = std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    match at_once {
        Poll::Ready(output) => Some(output),
        Poll::Pending => tokio::time::timeout(limit, future).await.ok(),
    }
}
