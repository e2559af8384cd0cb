//! Things that the compiler accepts and the house does not.

use crate::sources::Source;

const UNFINISHED_MACROS: [&str; 3] = ["dbg", "todo", "unimplemented"];
const ENVIRONMENT_READERS: [&str; 4] = ["var", "var_os", "vars", "vars_os"];
/// Who may read the environment: the server's configuration, the project's own commands, and the workspace's tests.
const READ_ENVIRONMENT: [&str; 5] = [
    // Cargo tells build scripts where to write by their environment.
    "crates/api-grpc/build.rs",
    "crates/server/src/config.rs",
    "crates/server/src/config/",
    "crates/xtask/",
    "tests/",
];

/// Everything of that kind in `source`.
pub(super) fn violations(source: &Source) -> Vec<String> {
    let found = attributes(source)
        .chain(macros(source))
        .chain(catch_alls(source))
        .chain(environment(source));
    found
        .map(|(line, what)| format!("{}:{line}: {what}", source.path))
        .collect()
}

fn attributes(source: &Source) -> impl Iterator<Item = (usize, &'static str)> {
    source.facts.attributes.iter().filter_map(|at| {
        let text = at.what.as_str();
        let (name, arguments) = text.split_once(' ').unwrap_or((text, ""));
        let is_conditional_allow = name == "cfg_attr" && arguments.contains("allow (");
        match name {
            "ignore" => Some((
                at.line,
                "an ignored test proves nothing: mend it or remove it",
            )),
            "allow" => Some((at.line, "`#[expect(…, reason = \"…\")]` instead of `allow`")),
            _ if is_conditional_allow => {
                Some((at.line, "`expect` with a reason instead of `allow`"))
            }
            _ => None,
        }
    })
}

fn macros(source: &Source) -> impl Iterator<Item = (usize, &'static str)> {
    let unfinished = source
        .facts
        .macros
        .iter()
        .filter(|at| UNFINISHED_MACROS.contains(&at.what.as_str()));
    unfinished.map(|at| (at.line, "unfinished: no `todo!`, `unimplemented!`, `dbg!`"))
}

fn catch_alls(source: &Source) -> impl Iterator<Item = (usize, &'static str)> {
    let arms = source.facts.catch_alls.iter();
    arms.map(|at| {
        (
            at.line,
            "a new error must choose its problem: match it by name, without a catch-all",
        )
    })
}

fn environment(source: &Source) -> impl Iterator<Item = (usize, &'static str)> {
    let may_read = source.is_test()
        || READ_ENVIRONMENT
            .iter()
            .any(|place| source.path.starts_with(place));
    let reads = source
        .facts
        .paths
        .iter()
        .filter(move |at| !may_read && !at.in_test && reads_environment(&at.what));
    reads.map(|at| {
        (
            at.line,
            "the environment is read in the server's config module only",
        )
    })
}

fn reads_environment(path: &str) -> bool {
    let reader = path
        .strip_prefix("std::")
        .unwrap_or(path)
        .strip_prefix("env::");
    reader.is_some_and(|reader| ENVIRONMENT_READERS.contains(&reader))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::allowed_lint("#[allow(dead_code)] fn f() {}", 1)]
    #[case::file_wide("#![allow(dead_code)]", 1)]
    #[case::conditional("#[cfg_attr(test, allow(dead_code))] fn f() {}", 1)]
    #[case::expected_lint("#[expect(dead_code, reason = \"a\")] fn f() {}", 0)]
    #[case::ignored_test("#[test] #[ignore = \"slow\"] fn f() {}", 1)]
    #[case::unfinished("fn f() { g(todo!()); dbg!(1); }", 2)]
    #[case::inside_a_macro("fn f() { assert!(dbg!(true)); }", 1)]
    #[case::in_a_string("fn f() { g(\"todo!()\"); } // todo!()", 0)]
    #[case::environment("fn f() { std::env::var(\"A\"); env::var_os(\"B\"); }", 2)]
    #[case::not_environment("fn f() { std::env::temp_dir(); var(1); }", 0)]
    #[case::environment_in_a_test("#[cfg(test)] mod tests { fn f() { std::env::var(\"A\"); } }", 0)]
    #[case::catch_all(
        "impl From<E> for Problem { fn from(e: E) -> Self { match e { _ => 1 } } }",
        1
    )]
    fn what_the_house_forbids_is_found(#[case] text: &str, #[case] expected: usize) {
        let source = Source::parse("crates/app/src/a.rs", text).unwrap();

        assert_eq!(violations(&source).len(), expected);
    }

    #[test]
    fn the_configuration_may_read_the_environment() {
        let source = Source::parse(
            "crates/server/src/config/load.rs",
            "fn f() { std::env::vars(); }",
        )
        .unwrap();

        assert!(violations(&source).is_empty());
    }
}
