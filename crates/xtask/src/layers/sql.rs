//! SQL stands in adapters-postgres only.

use crate::sources::Source;

/// The crates that talk to PostgreSQL: the adapter, the module that starts one, and the tests and benches that look behind the service.
const SPEAK_SQL: [&str; 5] = [
    "adapters-postgres",
    "bench",
    "embedded-postgres",
    "tests",
    "xtask",
];

/// Every string that is obviously a statement, outside of them.
pub(super) fn violations(sources: &[Source]) -> Vec<String> {
    let elsewhere = sources
        .iter()
        .filter(|source| !SPEAK_SQL.contains(&source.crate_name()) && !source.is_test());
    elsewhere.flat_map(violations_of).collect()
}

fn violations_of(source: &Source) -> Vec<String> {
    let statements = source
        .facts
        .strings
        .iter()
        .filter(|text| !text.in_test && is_statement(&text.what));
    statements
        .map(|text| {
            format!(
                "{}:{}: SQL belongs into adapters-postgres",
                source.path, text.line
            )
        })
        .collect()
}

/// Keywords in capitals only: prose has them in lower case.
fn is_statement(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    let pair = |first: &str, second: &str| words.windows(2).any(|two| two == [first, second]);
    (has("SELECT") && has("FROM"))
        || (has("UPDATE") && has("SET"))
        || pair("INSERT", "INTO")
        || pair("DELETE", "FROM")
        || pair("CREATE", "TABLE")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("SELECT id FROM invoice", true)]
    #[case("  INSERT INTO invoice (id)\n VALUES ($1)", true)]
    #[case("UPDATE invoice SET total = 1", true)]
    #[case("select one from the list, then update it", false)]
    #[case("FROM", false)]
    fn a_statement_is_told_from_prose(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_statement(text), expected);
    }

    #[rstest]
    #[case("crates/app/src/invoicing.rs", 1)]
    #[case("crates/adapters-postgres/src/invoicing.rs", 0)]
    #[case("crates/server/tests/start.rs", 0)]
    fn only_the_adapter_may_hold_statements(#[case] path: &str, #[case] expected: usize) {
        let source = Source::parse(path, "const A: &str = \"DELETE FROM invoice\";").unwrap();

        assert_eq!(violations(&[source]).len(), expected);
    }
}
