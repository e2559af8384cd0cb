//! What a generator tells.

use std::{collections::BTreeMap, time::Duration};

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::tally::Tally;

/// A measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// How many requests of the plan were used, those before the measurement too.
    pub(crate) used: usize,
    /// How many answers were measured.
    pub(crate) answers: u64,
    /// How many of them were no success, by status code.
    pub(crate) refused: BTreeMap<u16, u64>,
    /// Answers per second.
    pub(crate) per_second: f64,
    /// Half of the answers took no longer, in milliseconds.
    pub(crate) p50_ms: f64,
    /// 99 % of the answers took no longer.
    pub(crate) p99_ms: f64,
    /// None took longer.
    pub(crate) slowest_ms: f64,
    /// How much of one processor the generator used, in percent.
    pub(crate) generator_cpu_percent: Option<f64>,
    /// How much of one processor the server used, in percent.
    pub(crate) server_cpu_percent: Option<f64>,
}

/// Processor time of the two processes, if it is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cpu {
    pub(super) generator: Option<Duration>,
    pub(super) server: Option<Duration>,
}

impl Report {
    /// The same, if every request succeeded: a server that refuses is quick.
    pub(crate) fn of_success(self) -> anyhow::Result<Self> {
        let refused = &self.refused;
        ensure!(
            refused.is_empty(),
            "not every request succeeded: {refused:?}"
        );
        Ok(self)
    }

    /// Of a tally that took `elapsed`.
    pub(super) fn of(tally: &Tally, elapsed: Duration, used: usize) -> Self {
        let answers = u32::try_from(tally.count()).unwrap_or(u32::MAX);
        Self {
            used,
            answers: tally.count(),
            refused: tally.refused().clone(),
            per_second: f64::from(answers) / elapsed.as_secs_f64(),
            p50_ms: tally.latency_ms_at(0.5),
            p99_ms: tally.latency_ms_at(0.99),
            slowest_ms: tally.latency_ms_at(1.0),
            generator_cpu_percent: None,
            server_cpu_percent: None,
        }
    }

    /// With the processor time used meanwhile.
    pub(super) fn with_cpu(self, before: Cpu, after: Cpu, elapsed: Duration) -> Self {
        let percent = |before: Option<Duration>, after: Option<Duration>| {
            let used = after?.checked_sub(before?)?;
            Some(used.as_secs_f64() / elapsed.as_secs_f64() * 100.0)
        };
        Self {
            generator_cpu_percent: percent(before.generator, after.generator),
            server_cpu_percent: percent(before.server, after.server),
            ..self
        }
    }
}
