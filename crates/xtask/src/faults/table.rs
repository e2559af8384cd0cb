//! The table at the end.

use std::fmt::Write as _;

use serde_json::Value;

use super::trial::Trial;

const HEAD: &str = "| fault | test | requests | answered | lost | duplicated | recovery | |\n\
                    |---|---|--:|--:|--:|--:|--:|---|\n";

/// A row for each. Recovery is the longest time in which nobody was served; a dash is what a test does not count.
pub(super) fn of(trials: &[Trial]) -> String {
    let mut table = HEAD.to_owned();
    for trial in trials {
        let count = |name: &str| number(&trial.counted[name]);
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            trial.fault,
            trial.test,
            count("requests"),
            count("answered"),
            count("lost"),
            count("duplicated"),
            duration(&trial.counted["recovery_ms"]),
            trial.verdict()
        );
    }
    table
}

fn number(value: &Value) -> String {
    value
        .as_u64()
        .map_or_else(|| "–".to_owned(), |it| it.to_string())
}

fn duration(value: &Value) -> String {
    let Some(millis) = value.as_u64() else {
        return "–".to_owned();
    };
    format!("{}.{:02} s", millis / 1_000, millis % 1_000 / 10)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_counted_is_a_dash() {
        assert_eq!(number(&json!(12)), "12");
        assert_eq!(number(&Value::Null), "–");
        assert_eq!(duration(&json!(12_345)), "12.34 s");
        assert_eq!(duration(&json!(70)), "0.07 s");
        assert_eq!(duration(&Value::Null), "–");
    }
}
