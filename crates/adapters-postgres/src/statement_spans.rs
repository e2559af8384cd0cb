//! Statements as parts of traces: what they do, and never with which values.

use app::traces::{self, Span, SpanKind};
use tokio_postgres::Error;

/// How many words a statement is told in.
const WORDS_MAX: usize = 24;

/// The statements of one journey to the server and back. Nothing, where nobody records them.
pub(crate) struct StatementSpans(Vec<Span>);

impl StatementSpans {
    /// They set out now.
    pub(crate) fn of<'s>(statements: impl IntoIterator<Item = &'s str>) -> Self {
        let mut spans = Vec::new();
        for statement in statements {
            let mut span = traces::child(SpanKind::Client, "statement");
            if !span.is_recorded() {
                break;
            }
            let summary = summary(statement);
            span.note("db.system.name", "postgresql");
            span.note("db.query.summary", summary.clone());
            span.rename(|| summary);
            spans.push(span);
        }
        Self(spans)
    }

    /// They are back.
    pub(crate) fn end<T>(self, done: &Result<T, Error>) {
        if let Err(error) = done {
            let state = error.code().map(|state| state.code().to_owned());
            self.fail(&state.unwrap_or_else(|| "connection".to_owned()));
        }
    }

    /// They have failed.
    pub(crate) fn fail(self, why: &str) {
        for mut span in self.0 {
            span.note("error.type", why.to_owned());
            span.fail(why.to_owned());
        }
    }
}

/// What a statement does to which tables: `INSERT outbox`. The values of statements are parameters; what they have of words
/// is ours.
fn summary(statement: &str) -> String {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = statement.split(|c: char| !is_letter(c));
    let (mut told, mut before) = (Vec::<&str>::new(), "");
    for word in words.filter(|word| !word.is_empty()) {
        let is_told = match word {
            "SELECT" | "INSERT" | "DELETE" | "BEGIN" | "COMMIT" | "ROLLBACK" => true,
            "UPDATE" => before != "FOR",
            _ => is_table(word, before),
        };
        if is_told && told.last() != Some(&word) {
            told.push(word);
        }
        before = word;
        if told.len() == WORDS_MAX {
            break;
        }
    }
    told.join(" ")
}

fn is_table(word: &str, before: &str) -> bool {
    let is_name = word.starts_with(|c: char| c.is_ascii_lowercase());
    is_name && word != "unnest" && matches!(before, "FROM" | "INTO" | "JOIN" | "UPDATE")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("COMMIT", "COMMIT")]
    #[case(
        "SELECT a, b FROM invoices WHERE id = $1 FOR UPDATE",
        "SELECT invoices"
    )]
    #[case("INSERT INTO outbox (id) VALUES ($1)", "INSERT outbox")]
    #[case(
        "WITH a AS (UPDATE s SET x = $1 FROM unnest($2::uuid[]) AS c) INSERT INTO t SELECT * FROM a",
        "UPDATE s INSERT t SELECT a"
    )]
    #[case(
        "SELECT EXISTS (SELECT FROM transfers WHERE id = $1)",
        "SELECT transfers"
    )]
    fn a_statement_is_told_by_what_it_does(#[case] statement: &str, #[case] expected: &str) {
        assert_eq!(summary(statement), expected);
    }

    #[test]
    fn without_a_trace_there_is_nothing() {
        let spans = StatementSpans::of(["COMMIT"]);

        assert!(spans.0.is_empty());
    }
}
