//! The pool, in lanes: a connection is best used by the thread that drives it.
//!
//! A connection is driven by a task on the runtime that opened it. The threads that answer requests have a runtime each, so
//! a connection that wanders between them costs two wake-ups of another thread for every round trip. Hence each such
//! thread has a lane of its own, and takes from another one only when its own stays used up for long. All that runs on a
//! runtime of several threads shares one more lane.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use deadpool_postgres::{Object, Pool, PoolBuilder, PoolError, TimeoutType, Timeouts};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::{OpenError, PoolStatus};

/// The pools behind a database.
#[derive(Clone)]
pub(super) struct Lanes {
    /// Of the runtime with several threads. The others follow, one for each thread with a runtime of its own.
    pools: Vec<Pool>,
}

/// How many connections each lane may have: a quarter of them for what shares a runtime, such as gRPC and the background;
/// the rest in equal parts.
fn sizes(size_max: usize, threads: usize) -> Vec<usize> {
    let background = (size_max / 4).max(1);
    let others = size_max - background;
    if others < threads * 2 {
        return vec![size_max];
    }
    let share = |thread| others / threads + usize::from(thread < others % threads);
    std::iter::once(background)
        .chain((0..threads).map(share))
        .collect()
}

/// How many of `kept` connections each lane keeps when nobody uses them: one after the other, as long as it has room.
fn shares(kept: usize, sizes: &[usize]) -> Vec<usize> {
    let kept = kept.min(sizes.iter().sum());
    let mut shares = vec![0; sizes.len()];
    while shares.iter().sum::<usize>() < kept {
        let left = kept - shares.iter().sum::<usize>();
        let with_room = shares
            .iter_mut()
            .zip(sizes)
            .filter(|(has, size)| **has < **size);
        with_room.take(left).for_each(|(has, _)| *has += 1);
    }
    shares
}

/// How long to wait for one's own lane before another thread is bothered. In a burst, all lanes are used up for a moment:
/// what was borrowed or opened then would cost more than the moment.
const PATIENCE: Duration = Duration::from_millis(100);

impl Lanes {
    /// Lanes of `size_max` connections in all, each built by `pool`.
    pub(super) fn new(
        size_max: usize,
        pool: impl Fn() -> Result<PoolBuilder, OpenError>,
    ) -> Result<Self, OpenError> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let build = |size| {
            let built = pool()?.max_size(size).build();
            built.map_err(|error| OpenError::Pool(Box::new(error)))
        };
        let pools: Result<_, _> = sizes(size_max, threads).into_iter().map(build).collect();
        Ok(Self { pools: pools? })
    }

    /// One lane for all.
    pub(super) fn undivided(size_max: usize, pool: PoolBuilder) -> Result<Self, OpenError> {
        let built = pool.max_size(size_max).build();
        let pool = built.map_err(|error| OpenError::Pool(Box::new(error)))?;
        Ok(Self { pools: vec![pool] })
    }

    /// A connection: the next that comes free in one's own lane; or, when none does soon, one of another lane that is idle
    /// or not opened yet.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that takes connections from the pool"
    )]
    pub(super) async fn connection(&self) -> Result<Object, PoolError> {
        let Some(own) = self.own() else {
            return Err(PoolError::Closed);
        };
        if self.pools.len() > 1 {
            match own.timeout_get(&waiting(own, PATIENCE)).await {
                Err(PoolError::Timeout(TimeoutType::Wait)) => {}
                taken => return taken,
            }
            for other in self.pools.iter().filter(|pool| has_one(pool)) {
                if let Ok(taken) = other.timeout_get(&waiting(other, Duration::ZERO)).await {
                    return Ok(taken);
                }
            }
        }
        own.get().await
    }

    /// Closes what nobody has used for `idle_max`, but for the last `kept` connections.
    pub(super) fn let_go(&self, idle_max: Duration, kept: usize) {
        for (pool, kept) in self.pools.iter().zip(self.kept(kept)) {
            let mut left = pool.status().size;
            pool.retain(|_, metrics| {
                let keeps = left <= kept || metrics.last_used() <= idle_max;
                left -= usize::from(!keeps);
                keeps
            });
        }
    }

    /// How many of `kept` connections the lane of the background lacks. Those of the threads are opened by the threads.
    pub(super) fn missing(&self, kept: usize) -> usize {
        let size = self.pools.first().map_or(0, |pool| pool.status().size);
        let own = self.kept(kept).first().copied();
        own.unwrap_or_default().saturating_sub(size)
    }

    fn kept(&self, kept: usize) -> Vec<usize> {
        let sizes: Vec<_> = self.pools.iter().map(|it| it.status().max_size).collect();
        shares(kept, &sizes)
    }

    /// How all of them are used.
    pub(super) fn status(&self) -> PoolStatus {
        let mut sum = PoolStatus::default();
        for status in self.pools.iter().map(Pool::status) {
            sum.size_max += status.max_size;
            sum.size += status.size;
            sum.idle += status.available;
            sum.waiting += status.waiting;
        }
        sum
    }

    /// Closes all of them.
    pub(super) fn close(&self) {
        self.pools.iter().for_each(Pool::close);
    }

    fn own(&self) -> Option<&Pool> {
        let (background, others) = self.pools.split_first()?;
        let runtime = Handle::try_current().map(|handle| handle.runtime_flavor());
        match runtime {
            Ok(RuntimeFlavor::CurrentThread) if !others.is_empty() => {
                others.get(number_of_this_thread() % others.len())
            }
            _ => Some(background),
        }
    }
}

/// Whether a connection is idle, or could still be opened; it is then driven by whoever opens it.
fn has_one(pool: &Pool) -> bool {
    let status = pool.status();
    status.available > 0 || status.size < status.max_size
}

fn waiting(pool: &Pool, wait: Duration) -> Timeouts {
    Timeouts {
        wait: Some(wait),
        ..pool.timeouts()
    }
}

/// Threads are numbered as they first ask, so that those of one server get lanes of their own.
fn number_of_this_thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{shares, sizes};

    #[rstest]
    #[case::the_default_on_two_cores(5, &[6, 10, 9], &[2, 2, 1])]
    #[case::more_than_a_lane_holds(12, &[1, 11, 11], &[1, 6, 5])]
    #[case::all(25, &[3, 11, 11], &[3, 11, 11])]
    #[case::more_than_all(30, &[1, 2], &[1, 2])]
    #[case::none(0, &[3, 11, 11], &[0, 0, 0])]
    fn lanes_share_what_is_kept(
        #[case] kept: usize,
        #[case] sizes: &[usize],
        #[case] expected: &[usize],
    ) {
        assert_eq!(shares(kept, sizes), expected);
    }

    #[rstest]
    #[case::the_default_on_two_cores(25, 2, &[6, 10, 9])]
    #[case::an_odd_rest(25, 3, &[6, 7, 6, 6])]
    #[case::few(6, 2, &[1, 3, 2])]
    #[case::too_few_to_share(4, 2, &[4])]
    #[case::one(1, 8, &[1])]
    fn lanes_share_the_connections(
        #[case] size_max: usize,
        #[case] threads: usize,
        #[case] expected: &[usize],
    ) {
        let sizes = sizes(size_max, threads);

        assert_eq!(sizes, expected);
        assert_eq!(sizes.iter().sum::<usize>(), size_max);
    }
}
