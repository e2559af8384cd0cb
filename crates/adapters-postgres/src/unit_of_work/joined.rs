//! Writes that follow each other, as one statement: the server then binds, runs and answers once for all of them.

use std::fmt::Write as _;

/// A write in one or more parts. A part may read what an earlier one returns, by its name.
pub(crate) struct Write {
    /// The name of each part, and its text. The last one tells how many rows were written.
    pub(crate) parts: &'static [(&'static str, &'static str)],
    /// How many parameters all parts have together.
    pub(crate) params: usize,
}

/// The statement that does all of these writes. It takes the parameters of the first, then those of the next, and so on.
pub(crate) fn joined(writes: &[&Write]) -> String {
    let mut before = 0;
    let mut parts = Vec::new();
    for write in writes {
        for (name, text) in write.parts {
            parts.push((name, renumbered(text, before)));
        }
        before += write.params;
    }
    let Some((_, last)) = parts.pop() else {
        return String::new();
    };
    let mut statement = String::new();
    for (name, text) in parts {
        let opening = if statement.is_empty() { "WITH" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(statement, "{opening} {name} AS ({text})");
    }
    statement + " " + &last
}

/// A text with `$1` made `$6` where there are five parameters before.
fn renumbered(text: &str, before: usize) -> String {
    let mut pieces = text.split('$');
    let mut renumbered = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit());
        let (number, rest) = piece.split_at(end.unwrap_or(piece.len()));
        let number = number.parse().map_or(0, |number: usize| number + before);
        let _ = write!(renumbered, "${number}{rest}");
    }
    renumbered
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Write = Write {
        parts: &[
            ("made", "INSERT INTO a VALUES ($1, $2) RETURNING x"),
            ("summed", "INSERT INTO b SELECT x, $2 FROM made"),
        ],
        params: 2,
    };
    const SECOND: Write = Write {
        parts: &[("told", "INSERT INTO c VALUES ($1, $10)")],
        params: 10,
    };

    #[test]
    fn a_write_by_itself_keeps_its_numbers() {
        let statement = joined(&[&FIRST]);

        assert_eq!(
            statement,
            "WITH made AS (INSERT INTO a VALUES ($1, $2) RETURNING x) INSERT INTO b SELECT x, $2 FROM made"
        );
    }

    #[test]
    fn parameters_follow_each_other_as_the_writes_do() {
        let statement = joined(&[&FIRST, &SECOND]);

        assert!(statement.contains(", summed AS (INSERT INTO b SELECT x, $2 FROM made)"));
        assert!(statement.ends_with(" INSERT INTO c VALUES ($3, $12)"));
    }
}
