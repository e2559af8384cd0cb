//! How long and how wide things may be.

use std::fmt;

use crate::sources::Source;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// Lines of a file.
    File,
    /// Lines of a use case's file, without its tests.
    UseCase,
    /// Lines of a function.
    Function,
    /// Methods of a port.
    Port,
    /// Parameters of a function, without `self`.
    Parameters,
}

impl Limit {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [
        Self::File,
        Self::UseCase,
        Self::Function,
        Self::Port,
        Self::Parameters,
    ];

    /// As it is called in the exceptions file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::File => "file-lines",
            Self::UseCase => "use-case-lines",
            Self::Function => "function-lines",
            Self::Port => "port-methods",
            Self::Parameters => "parameters",
        }
    }

    /// The largest value that needs no exception.
    pub(super) fn max(self) -> usize {
        match self {
            Self::File => 300,
            Self::UseCase => 120,
            Self::Function => 70,
            Self::Port => 7,
            Self::Parameters => 4,
        }
    }

    fn of(self, subject: &str, line: usize, value: usize) -> Measure {
        let subject = subject.to_owned();
        Measure {
            limit: self,
            subject,
            line,
            value,
        }
    }
}

/// How large something is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) limit: Limit,
    pub(super) subject: String,
    pub(super) line: usize,
    pub(super) value: usize,
}

/// Something above its limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excess {
    pub(super) path: String,
    pub(super) measure: Measure,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measure {
            limit,
            subject,
            line,
            value,
        } = &self.measure;
        let (path, name, max) = (&self.path, limit.name(), limit.max());
        write!(
            f,
            "{path}:{line}: {name} of {subject}: {value}, at most {max}"
        )
    }
}

/// Everything in `source` that is above its limit.
pub(super) fn excesses(source: &Source) -> Vec<Excess> {
    let mut measured = vec![Limit::File.of("the file", 1, source.lines)];
    if is_use_case(source) {
        let lines = source.lines - source.facts.test_lines;
        measured.push(Limit::UseCase.of("the use case", 1, lines));
    }
    measured.extend(functions(source));
    measured.extend(ports(source));
    let above = measured.into_iter().filter(|it| it.value > it.limit.max());
    above
        .map(|measure| Excess {
            path: source.path.clone(),
            measure,
        })
        .collect()
}

/// A handler in a context's folder; what stands beside the folders is machinery around handlers.
fn is_use_case(source: &Source) -> bool {
    let inside = source.path.strip_prefix("crates/app/src/");
    let in_context = inside.is_some_and(|path| path.contains('/'));
    source.facts.is_use_case && in_context && !source.is_test()
}

fn functions(source: &Source) -> impl Iterator<Item = Measure> {
    source.facts.functions.iter().flat_map(move |at| {
        let function = &at.what;
        // A table test takes one parameter per column of its table.
        let is_test = at.in_test || source.is_test();
        let parameters = if is_test { 0 } else { function.parameters };
        [
            Limit::Function.of(&function.name, at.line, function.lines),
            Limit::Parameters.of(&function.name, at.line, parameters),
        ]
    })
}

fn ports(source: &Source) -> impl Iterator<Item = Measure> {
    let is_port = source.path.starts_with("crates/app/src/ports");
    let traits = source.facts.traits.iter().filter(move |_| is_port);
    traits.map(|at| Limit::Port.of(&at.what.name, at.line, at.what.methods))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<(Limit, usize)> {
        let excesses = excesses(&Source::parse(path, text).unwrap());
        excesses
            .iter()
            .map(|excess| (excess.measure.limit, excess.measure.value))
            .collect()
    }

    #[test]
    fn a_long_file_with_a_long_function_is_two_excesses() {
        let body = "    g();\n".repeat(300);

        let found = found("crates/app/src/a.rs", &format!("fn f() {{\n{body}}}\n"));

        assert_eq!(found, [(Limit::File, 302), (Limit::Function, 302)]);
    }

    #[test]
    fn the_tests_of_a_use_case_do_not_count_towards_it() {
        let comments = "// why\n".repeat(118);
        let source = format!(
            "{comments}impl CommandHandler<A> for AHandler {{ }}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
            "    fn t() {}\n".repeat(50)
        );

        assert_eq!(found("crates/app/src/a/b.rs", &source), []);
        assert_eq!(
            found("crates/app/src/a/b.rs", &format!("{comments}{source}")),
            [(Limit::UseCase, 237)]
        );
    }

    #[test]
    fn a_port_has_seven_methods_and_a_function_four_parameters() {
        let methods = "fn m(&self);".repeat(8);
        let source =
            format!("trait Wide {{ {methods} }} fn f(a: u8, b: u8, c: u8, d: u8, e: u8) {{}}");

        assert_eq!(
            found("crates/app/src/ports/wide.rs", &source),
            [(Limit::Parameters, 5), (Limit::Port, 8)]
        );
        assert_eq!(
            found("crates/api-actix/src/wide.rs", &source),
            [(Limit::Parameters, 5)]
        );
    }
}
