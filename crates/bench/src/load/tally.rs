//! What was seen of the answers.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;

const LATENCY_MAX: Duration = Duration::from_mins(1);
/// Latencies are told to one part in 10 to the power of this.
const DIGITS: u8 = 3;

/// Latencies and status codes.
#[derive(Debug)]
pub(crate) struct Tally {
    latencies_us: Histogram<u64>,
    /// How often each status code came that is no success.
    refused: BTreeMap<u16, u64>,
    /// When the last answer came.
    last: Option<Instant>,
}

impl Tally {
    /// Of nothing yet.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            latencies_us: Histogram::new_with_max(microseconds(LATENCY_MAX), DIGITS)?,
            refused: BTreeMap::new(),
            last: None,
        })
    }

    /// Counts an answer.
    pub(crate) fn record(&mut self, begun: Instant, ended: Instant, status: u16) {
        self.latencies_us
            .saturating_record(microseconds(ended - begun).max(1));
        if !(200..300).contains(&status) {
            *self.refused.entry(status).or_default() += 1;
        }
        self.last = Some(ended);
    }

    /// Adds what another thread has seen.
    pub(crate) fn add(&mut self, other: &Self) -> anyhow::Result<()> {
        self.latencies_us.add(&other.latencies_us)?;
        for (status, count) in &other.refused {
            *self.refused.entry(*status).or_default() += count;
        }
        self.last = self.last.max(other.last);
        Ok(())
    }

    /// How many answers came.
    pub(crate) fn count(&self) -> u64 {
        self.latencies_us.len()
    }

    /// The latency that this share (0 to 1) of the answers did not exceed, in milliseconds.
    pub(crate) fn latency_ms_at(&self, share: f64) -> f64 {
        let latency_us = self.latencies_us.value_at_quantile(share);
        Duration::from_micros(latency_us).as_secs_f64() * 1e3
    }

    /// How often each status code came that is no success.
    pub(crate) fn refused(&self) -> &BTreeMap<u16, u64> {
        &self.refused
    }

    /// When the last answer came.
    pub(crate) fn last(&self) -> Option<Instant> {
        self.last
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_of_threads_add_up() {
        let begun = Instant::now();
        let after = |ms| begun + Duration::from_millis(ms);
        let mut one = Tally::new().unwrap();
        let mut other = Tally::new().unwrap();

        one.record(begun, after(1), 200);
        other.record(begun, after(10), 201);
        other.record(begun, after(20), 503);
        one.add(&other).unwrap();

        assert_eq!(one.count(), 3);
        assert!((one.latency_ms_at(0.5) - 10.0).abs() < 0.1);
        assert_eq!(one.refused(), &BTreeMap::from([(503, 1)]));
        assert_eq!(one.last(), Some(after(20)));
    }
}
