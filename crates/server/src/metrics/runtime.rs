//! How busy the runtime of the background work is. The threads that answer requests each have one of their own.

use metrics::{Unit, describe_gauge, gauge};
use tokio::runtime::Handle;

const WORKERS: &str = "tokio_workers";
const TASKS: &str = "tokio_alive_tasks";
const QUEUE: &str = "tokio_global_queue_depth";

/// Tells what they mean.
pub(super) fn describe() {
    describe_gauge!(WORKERS, Unit::Count, "Threads of the background runtime");
    describe_gauge!(
        TASKS,
        Unit::Count,
        "Tasks of the background runtime that have not ended"
    );
    describe_gauge!(
        QUEUE,
        Unit::Count,
        "Tasks that wait for a thread of the background runtime"
    );
}

/// Sets the gauges.
pub(super) fn collect(runtime: &Handle) {
    let now = runtime.metrics();
    set(WORKERS, now.num_workers());
    set(TASKS, now.num_alive_tasks());
    set(QUEUE, now.global_queue_depth());
}

fn set(name: &'static str, count: usize) {
    // Counts of threads and tasks fit into 32 bits, which a float holds exactly.
    gauge!(name).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
}
