//! What is above a limit and known to be. The file may only shrink: an exception that is not needed any more, or that
//! allows more than is there, is as wrong as an excess without one.

use anyhow::Context;

use super::limits::{Excess, Limit};

/// `path limit number` on a line: in this file, this limit is this number.
#[derive(Debug)]
pub(super) struct Exception {
    path: String,
    limit: Limit,
    allowed: usize,
}

/// The exceptions in `text`: one per line, `#` begins a comment.
pub(super) fn parse(text: &str) -> anyhow::Result<Vec<Exception>> {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    let lines = lines.filter(|line| !line.is_empty());
    lines
        .map(|line| exception(line).with_context(|| format!("not `path limit number`: {line}")))
        .collect()
}

fn exception(line: &str) -> Option<Exception> {
    let mut words = line.split_whitespace();
    let (path, name, number) = (words.next()?, words.next()?, words.next()?);
    let limit = Limit::ALL.into_iter().find(|limit| limit.name() == name)?;
    let allowed = number.parse().ok()?;
    words.next().is_none().then(|| Exception {
        path: path.to_owned(),
        limit,
        allowed,
    })
}

/// The excesses without an exception, and the exceptions that must shrink or go.
pub(super) fn violations(excesses: &[Excess], exceptions: &[Exception]) -> Vec<String> {
    let uncovered = excesses
        .iter()
        .filter(|excess| !exceptions.iter().any(|exception| exception.covers(excess)));
    let mut found: Vec<String> = uncovered.map(ToString::to_string).collect();
    found.extend(
        exceptions
            .iter()
            .filter_map(|exception| exception.surplus(excesses)),
    );
    found
}

impl Exception {
    fn is_about(&self, excess: &Excess) -> bool {
        self.path == excess.path && self.limit == excess.measure.limit
    }

    fn covers(&self, excess: &Excess) -> bool {
        self.is_about(excess) && excess.measure.value <= self.allowed
    }

    fn surplus(&self, excesses: &[Excess]) -> Option<String> {
        let Self {
            path,
            limit,
            allowed,
        } = self;
        let limit = limit.name();
        let needed = excesses
            .iter()
            .filter(|excess| self.is_about(excess))
            .map(|excess| excess.measure.value)
            .max();
        match needed {
            None => Some(format!(
                "{}: {path} {limit}: not needed any more, remove it",
                super::EXCEPTIONS
            )),
            Some(needed) if needed < *allowed => Some(format!(
                "{}: {path} {limit}: {needed} is enough now, not {allowed}",
                super::EXCEPTIONS
            )),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{super::limits::Measure, *};

    fn excess(value: usize) -> Excess {
        Excess {
            path: "a.rs".into(),
            measure: Measure {
                limit: Limit::Function,
                subject: "f".into(),
                line: 3,
                value,
            },
        }
    }

    #[rstest]
    #[case::fits("a.rs function-lines 80  # why", "")]
    #[case::larger_than_needed(
        "a.rs function-lines 90",
        "tidy-exceptions.txt: a.rs function-lines: 80 is enough now, not 90"
    )]
    #[case::too_small(
        "a.rs function-lines 75",
        "a.rs:3: function-lines of f: 80, at most 70"
    )]
    #[case::none("# nothing", "a.rs:3: function-lines of f: 80, at most 70")]
    fn an_exception_fits_exactly(#[case] text: &str, #[case] expected: &str) {
        let exceptions = parse(text).unwrap();

        let found = violations(&[excess(80)], &exceptions);

        assert_eq!(found.join("\n"), expected);
    }

    #[test]
    fn an_exception_without_an_excess_must_go() {
        let exceptions = parse("a.rs function-lines 80").unwrap();

        let found = violations(&[], &exceptions);

        assert_eq!(
            found,
            ["tidy-exceptions.txt: a.rs function-lines: not needed any more, remove it"]
        );
    }

    #[rstest]
    #[case("a.rs function-lines")]
    #[case("a.rs shoe-size 43")]
    #[case("a.rs function-lines many")]
    #[case("a.rs function-lines 80 81")]
    fn a_line_that_is_no_exception_is_an_error(#[case] text: &str) {
        assert!(parse(text).is_err());
    }
}
