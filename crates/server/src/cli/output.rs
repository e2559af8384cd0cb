//! What commands print: answers on standard output, complaints on standard error.

use std::io::{self, Write as _};

use jiff::Timestamp;
use serde::Serialize;

/// Prints a text and a line break. Somebody who stops reading (`| head`) is no error.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Prints a value as JSON.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    Ok(print(&serde_json::to_string_pretty(value)?)?)
}

/// Prints a warning.
pub(super) fn warn(text: &str) {
    // Nowhere to complain if standard error is closed.
    let _ = writeln!(io::stderr(), "warning: {text}");
}

/// Prints what is for people only, beside an answer that a script may read.
pub(super) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// An instant as the API writes it.
pub(super) fn instant(instant: Timestamp) -> String {
    format!("{instant:.6}")
}

/// Says what went wrong, with its causes.
pub(super) fn complain(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "error: {error:#}");
}

/// Lays rows out in columns that are as wide as their widest cell.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let head = head.map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let width = |column: usize| all().map(|row| row[column].chars().count()).max();
    let widths: [usize; N] = std::array::from_fn(|column| width(column).unwrap_or_default());
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    all().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["1", "Größe"], ["10", "x"]].map(|row| row.map(str::to_owned));

        assert_eq!(table(["id", "name"], &rows), "id  name\n1   Größe\n10  x");
    }
}
