//! What comes out: medians, and whether they reach what they must.

use std::fmt;

use serde::Serialize;

use crate::load::Report;

/// A thing that was measured, and what it has to reach.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    /// What it is.
    pub(crate) name: String,
    /// How the service did, when it was under load.
    pub(crate) service: Option<Sample>,
    /// How the yardstick did, when there is one.
    pub(crate) yardstick: Option<Sample>,
    /// What was reached, in the terms of the requirement.
    pub(crate) reached: String,
    /// What must be reached.
    pub(crate) required: String,
    /// Whether it was.
    pub(crate) is_ok: bool,
}

/// Medians over rounds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sample {
    /// Answers per second.
    pub(crate) per_second: f64,
    /// Milliseconds.
    pub(crate) p50_ms: f64,
    /// Milliseconds.
    pub(crate) p99_ms: f64,
    /// Of one processor.
    pub(crate) server_cpu_percent: Option<f64>,
    /// Of one processor.
    pub(crate) generator_cpu_percent: Option<f64>,
    /// Of one processor, all processes of PostgreSQL together.
    pub(crate) database_cpu_percent: Option<f64>,
    /// Afterwards.
    pub(crate) resident_mib: Option<f64>,
    /// What these are the medians of.
    pub(crate) rounds: Vec<Report>,
}

impl Sample {
    /// The medians of at least one round.
    pub(crate) fn of(rounds: Vec<Report>, resident_mib: Option<f64>) -> Self {
        let of = |field: fn(&Report) -> f64| median(rounds.iter().map(field)).unwrap_or_default();
        let known = |field: fn(&Report) -> Option<f64>| median(rounds.iter().filter_map(field));
        Self {
            per_second: of(|round| round.per_second),
            p50_ms: of(|round| round.p50_ms),
            p99_ms: of(|round| round.p99_ms),
            server_cpu_percent: known(|round| round.server_cpu_percent),
            generator_cpu_percent: known(|round| round.generator_cpu_percent),
            database_cpu_percent: known(|round| round.database_cpu_percent),
            resident_mib,
            rounds,
        }
    }

    /// The same, counting what was in the answers: so many in each.
    pub(crate) fn of_batches(self, size: u32) -> Self {
        Self {
            per_second: self.per_second * f64::from(size),
            ..self
        }
    }

    /// How many answers were waited for, those before the measurement too.
    pub(crate) fn answers(&self) -> usize {
        self.rounds.iter().map(|round| round.used).sum()
    }

    /// The processor time that an answer takes where the work is done (the server, or else the process that calls the
    /// engine) and in PostgreSQL, in words.
    fn cpu_per_answer(&self) -> String {
        let microseconds = |percent: Option<f64>| {
            let each = percent.map(|percent| percent * 1e4 / self.per_second);
            each.map_or_else(|| "?".to_owned(), |it| format!("{it:.0}"))
        };
        format!(
            "CPU each: {} µs + PostgreSQL {} µs",
            microseconds(self.server_cpu_percent.or(self.generator_cpu_percent)),
            microseconds(self.database_cpu_percent)
        )
    }
}

impl Figure {
    /// A throughput that has to be at least this share of a yardstick's, if anything is asked of it.
    pub(crate) fn of_contest(
        name: &str,
        (service, yardstick): (Sample, Sample),
        least: Option<f64>,
    ) -> Self {
        let ratio = service.per_second / yardstick.per_second;
        Self {
            name: name.to_owned(),
            service: Some(service),
            yardstick: Some(yardstick),
            reached: format!("{ratio:.2} ×"),
            required: least.map_or_else(|| "–".to_owned(), |least| format!("≥ {least} ×")),
            is_ok: least.is_none_or(|least| ratio >= least),
        }
    }

    /// A throughput of transfers that has to be at least this many times a yardstick's, if anything is asked of it.
    pub(crate) fn of_transfers(
        name: &str,
        (ours, yardstick): (Sample, &Sample),
        least: Option<f64>,
    ) -> Self {
        let cpu = ours.cpu_per_answer();
        let figure = Self::of_contest(name, (ours, yardstick.clone()), least);
        Self {
            reached: format!("{}; {cpu}", figure.reached),
            ..figure
        }
    }

    /// A median latency that may be at most this many times a yardstick's.
    pub(crate) fn of_latency(name: &str, (ours, yardstick): (Sample, &Sample), most: f64) -> Self {
        let ratio = ours.p50_ms / yardstick.p50_ms;
        Self {
            name: name.to_owned(),
            reached: format!("{ratio:.2} ×; {}", ours.cpu_per_answer()),
            required: format!("≤ {most} ×"),
            is_ok: ratio <= most,
            service: Some(ours),
            yardstick: Some(yardstick.clone()),
        }
    }

    /// A time that has to be shorter than this.
    pub(crate) fn of_time(name: &str, (took, limit): (f64, f64), unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            service: None,
            yardstick: None,
            reached: format!("{took:.1} {unit}"),
            required: format!("< {limit} {unit}"),
            is_ok: took < limit,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_ok { "ok" } else { "MISSED" };
        let Self {
            name,
            reached,
            required,
            ..
        } = self;
        write!(f, "{name}: {reached} (required: {required}) {verdict}")
    }
}

/// The middle of some values, or the mean of the two in the middle.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(values.len() / 2 - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// The figures as a Markdown table.
pub(crate) fn table(figures: &[Figure]) -> String {
    let rows = figures.iter().map(row);
    std::iter::once(HEAD.to_owned()).chain(rows).collect()
}

fn row(figure: &Figure) -> String {
    let service = columns(figure.service.as_ref());
    let yardstick = columns(figure.yardstick.as_ref());
    let Figure {
        name,
        reached,
        required,
        ..
    } = figure;
    let verdict = if figure.is_ok { "yes" } else { "**no**" };
    format!("| {name} | {service} | {yardstick} | {reached} | {required} | {verdict} |\n")
}

const HEAD: &str = "\
| scenario | requests/s | p50 / p99 ms | CPU % service / generator / PostgreSQL | MiB | yardstick: requests/s | p50 / p99 ms | CPU % | MiB | reached | required | ok |
|---|---|---|---|---|---|---|---|---|---|---|---|
";

fn columns(sample: Option<&Sample>) -> String {
    let Some(sample) = sample else {
        return "– | – | – | –".to_owned();
    };
    let or_unknown =
        |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |it| format!("{it:.0}"));
    format!(
        "{:.0} | {:.2} / {:.2} | {} / {} / {} | {}",
        sample.per_second,
        sample.p50_ms,
        sample.p99_ms,
        or_unknown(sample.server_cpu_percent),
        or_unknown(sample.generator_cpu_percent),
        or_unknown(sample.database_cpu_percent),
        or_unknown(sample.resident_mib),
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&[], None)]
    #[case(&[3.0], Some(3.0))]
    #[case(&[9.0, 1.0, 2.0], Some(2.0))]
    #[case(&[4.0, 1.0, 2.0, 9.0], Some(3.0))]
    fn the_median_is_the_middle(#[case] values: &[f64], #[case] expected: Option<f64>) {
        assert_eq!(median(values.iter().copied()), expected);
    }

    fn sample(per_second: f64, cpu_percent: (f64, f64)) -> Sample {
        Sample {
            per_second,
            p50_ms: 4.0,
            p99_ms: 9.0,
            server_cpu_percent: None,
            generator_cpu_percent: Some(cpu_percent.0),
            database_cpu_percent: Some(cpu_percent.1),
            resident_mib: None,
            rounds: Vec::new(),
        }
    }

    #[rstest]
    #[case(Some(4.0), "≥ 4 ×", true)]
    #[case(Some(5.5), "≥ 5.5 ×", false)]
    #[case(None, "–", true)]
    fn transfers_tell_what_each_of_them_costs(
        #[case] least: Option<f64>,
        #[case] required: &str,
        #[case] is_ok: bool,
    ) {
        let ours = sample(10_000.0, (10.0, 55.0));
        let yardstick = sample(2_000.0, (5.0, 90.0));

        let figure = Figure::of_transfers("uniform", (ours, &yardstick), least);

        assert_eq!(figure.reached, "5.00 ×; CPU each: 10 µs + PostgreSQL 55 µs");
        assert_eq!((figure.required.as_str(), figure.is_ok), (required, is_ok));
    }

    #[test]
    fn batches_count_what_is_in_them() {
        let batches = sample(12.0, (10.0, 60.0)).of_batches(1_000);

        assert!((batches.per_second - 12_000.0).abs() < 1e-6);
        assert_eq!(
            batches.cpu_per_answer(),
            "CPU each: 8 µs + PostgreSQL 50 µs"
        );
    }

    #[test]
    fn what_misses_its_requirement_is_seen_in_the_table() {
        let figures = [
            Figure::of_time("start", (120.0, 300.0), "ms"),
            Figure::of_time("build", (15.0, 15.0), "s"),
        ];

        let table = table(&figures);

        assert!(
            table.contains(
                "| start | – | – | – | – | – | – | – | – | 120.0 ms | < 300 ms | yes |\n"
            )
        );
        assert!(table.contains("| 15.0 s | < 15 s | **no** |\n"));
    }
}
