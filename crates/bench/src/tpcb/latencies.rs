//! What `pgbench --log` writes: a line for each transaction, with how long it took.

use std::time::Duration;

/// How long transactions took.
#[derive(Debug, Default)]
pub(super) struct Latencies {
    microseconds: Vec<u64>,
}

impl Latencies {
    /// Adds those of a log. Lines are `client transaction latency_us script …`; one that was skipped or has failed has a
    /// word for its latency, and does not count.
    pub(super) fn add(&mut self, log: &str) {
        let latency = |line: &str| line.split(' ').nth(2)?.parse::<u64>().ok();
        self.microseconds.extend(log.lines().filter_map(latency));
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.microseconds.is_empty()
    }

    /// Brings them into their order, which [`Latencies::ms_at`] relies on.
    pub(super) fn sort(&mut self) {
        self.microseconds.sort_unstable();
    }

    /// What this share (0 to 1) of them did not exceed, in milliseconds.
    pub(super) fn ms_at(&self, share: f64) -> f64 {
        let below = |index: usize| {
            let position = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let count = u32::try_from(self.microseconds.len()).unwrap_or(u32::MAX);
            f64::from(position) < share * f64::from(count)
        };
        let found = self
            .microseconds
            .iter()
            .enumerate()
            .find(|(index, _)| !below(*index));
        let microseconds = found.map_or(0, |(_, latency)| *latency);
        Duration::from_micros(microseconds).as_secs_f64() * 1e3
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn logged() -> Latencies {
        let mut latencies = Latencies::default();
        latencies.add("0 1 4000 0 1763600000 100\n0 2 1000 0 1763600000 200\n");
        latencies.add("1 1 3000 0 1763600000 300\n1 2 2000 0 1763600000 400\n");
        latencies.sort();
        latencies
    }

    #[rstest]
    #[case(0.5, 2.0)]
    #[case(0.51, 3.0)]
    #[case(0.99, 4.0)]
    #[case(1.0, 4.0)]
    fn latencies_of_all_threads_are_taken_together(#[case] share: f64, #[case] expected_ms: f64) {
        let reached_ms = logged().ms_at(share);

        assert!((reached_ms - expected_ms).abs() < 1e-9, "{reached_ms}");
    }

    #[test]
    fn what_was_skipped_or_failed_has_no_latency() {
        let mut latencies = Latencies::default();

        latencies.add("0 1 skipped 0 1763600000 100\n0 2 failed 0 1763600000 200\n");

        assert!(latencies.is_empty());
    }
}
