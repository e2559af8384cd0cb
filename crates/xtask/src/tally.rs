//! The totals of a test run, read from what the runners print.

use std::{fmt, ops::AddAssign};

/// How many tests passed, failed and were skipped.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// Adds what a line of output says, if it is a summary of libtest (`test result: …`) or cucumber (`3 scenarios (…)`).
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(result) = line.strip_prefix("test result: ") {
            self.add_counts(result.split(['.', ';']));
        } else if let Some(counts) = scenario_counts(line) {
            self.add_counts(counts.split(','));
        } else {
            self.failed += cucumber_errors(line);
        }
    }

    fn add_counts<'a>(&mut self, counts: impl Iterator<Item = &'a str>) {
        for count in counts {
            let Some((number, word)) = count.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match word.split(' ').next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored" | "skipped") => self.skipped += number,
                _ => {}
            }
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// `2 passed, 1 failed` of `3 scenarios (2 passed, 1 failed) with 1 retry`.
fn scenario_counts(line: &str) -> Option<&str> {
    let (number, rest) = line.split_once(' ')?;
    number.parse::<u64>().ok()?;
    let counts = rest
        .strip_prefix("scenarios (")
        .or_else(|| rest.strip_prefix("scenario ("))?;
    counts.split_once(')').map(|(counts, _)| counts)
}

/// The sum of `1 parsing error, 2 hook errors`, which cucumber prints alone on its line.
fn cucumber_errors(line: &str) -> u64 {
    let one = |part: &str| {
        let (number, what) = part.split_once(' ')?;
        let known = matches!(
            what,
            "parsing error" | "parsing errors" | "hook error" | "hook errors"
        );
        known.then(|| number.parse::<u64>().ok()).flatten()
    };
    let counts: Option<Vec<u64>> = line.split(", ").map(one).collect();
    counts.map_or(0, |counts| counts.iter().sum())
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, escape)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = escape
            .split_once(|c: char| c.is_ascii_alphabetic())
            .map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.05s", (3, 0, 1))]
    #[case("test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s", (12, 2, 0))]
    #[case("test result: \u{1b}[32mok\u{1b}[0m. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out", (1, 0, 0))]
    #[case("4 scenarios (2 passed, 1 skipped, 1 failed)", (2, 1, 1))]
    #[case("\u{1b}[1m1 scenario\u{1b}[0m (\u{1b}[32m1 passed\u{1b}[0m) with 1 retry", (1, 0, 0))]
    #[case("11 steps (10 passed, 1 failed)", (0, 0, 0))]
    #[case("1 parsing error, 2 hook errors", (0, 3, 0))]
    #[case("running 3 tests", (0, 0, 0))]
    fn a_summary_line_is_counted(#[case] line: &str, #[case] expected: (u64, u64, u64)) {
        let mut tally = Tally::default();

        tally.read(line);

        assert_eq!((tally.passed, tally.failed, tally.skipped), expected);
    }

    #[test]
    fn the_total_is_one_line() {
        let total = Tally {
            passed: 412,
            failed: 0,
            skipped: 3,
        };

        assert_eq!(total.to_string(), "412 passed, 0 failed, 3 skipped");
    }
}
