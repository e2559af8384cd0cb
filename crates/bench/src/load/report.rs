//! What a generator tells.

use std::{collections::BTreeMap, time::Duration};

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::usage;

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
    /// How much of one processor PostgreSQL used, all its processes together, in percent.
    pub(crate) database_cpu_percent: Option<f64>,
}

/// Processor time of all who take part, if it is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cpu {
    generator: Option<Duration>,
    server: Option<Duration>,
    database: Option<Duration>,
}

impl Cpu {
    /// Used until now by this process, by a server, and by PostgreSQL.
    pub(crate) fn now(server_pid: Option<u32>, postmaster_pid: Option<u32>) -> Self {
        Self {
            generator: usage::cpu_of(std::process::id()),
            server: server_pid.and_then(usage::cpu_of),
            database: postmaster_pid.and_then(usage::cpu_of_family),
        }
    }
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

    /// What two generators have seen at the same time. Latencies are those of whoever had the longer ones.
    pub(crate) fn beside(self, other: &Self) -> Self {
        let both = |one: Option<f64>, other: Option<f64>| Some(one? + other?);
        let mut refused = self.refused;
        for (status, count) in &other.refused {
            *refused.entry(*status).or_default() += count;
        }
        Self {
            used: self.used + other.used,
            answers: self.answers + other.answers,
            refused,
            per_second: self.per_second + other.per_second,
            p50_ms: self.p50_ms.max(other.p50_ms),
            p99_ms: self.p99_ms.max(other.p99_ms),
            slowest_ms: self.slowest_ms.max(other.slowest_ms),
            generator_cpu_percent: both(self.generator_cpu_percent, other.generator_cpu_percent),
            server_cpu_percent: both(self.server_cpu_percent, other.server_cpu_percent),
            // Both have looked at the same one.
            database_cpu_percent: self.database_cpu_percent,
        }
    }

    /// Of a tally that took `elapsed`.
    pub(crate) fn of(tally: &Tally, elapsed: Duration, used: usize) -> Self {
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
            database_cpu_percent: None,
        }
    }

    /// With the processor time used meanwhile.
    pub(crate) fn with_cpu(self, before: Cpu, after: Cpu, elapsed: Duration) -> Self {
        let percent = |before: Option<Duration>, after: Option<Duration>| {
            let used = after?.checked_sub(before?)?;
            Some(used.as_secs_f64() / elapsed.as_secs_f64() * 100.0)
        };
        Self {
            generator_cpu_percent: percent(before.generator, after.generator),
            server_cpu_percent: percent(before.server, after.server),
            database_cpu_percent: percent(before.database, after.database),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(per_second: f64, p99_ms: f64, refused: &[(u16, u64)]) -> Report {
        Report {
            used: 110,
            answers: 100,
            refused: refused.iter().copied().collect(),
            per_second,
            p50_ms: 1.0,
            p99_ms,
            slowest_ms: 50.0,
            generator_cpu_percent: Some(20.0),
            server_cpu_percent: Some(60.0),
            database_cpu_percent: Some(80.0),
        }
    }

    #[test]
    fn generators_side_by_side_add_up_but_for_the_database_that_both_have_seen() {
        let one = report(500.0, 9.0, &[(503, 1)]);
        let other = report(400.0, 12.0, &[(503, 2), (422, 1)]);

        let both = one.beside(&other);

        let expected = Report {
            used: 220,
            answers: 200,
            generator_cpu_percent: Some(40.0),
            server_cpu_percent: Some(120.0),
            ..report(900.0, 12.0, &[(422, 1), (503, 3)])
        };
        assert_eq!(both, expected);
    }
}
