//! Reading what features say.

use std::collections::BTreeMap;

use cucumber::gherkin::Step;
use serde_json::Value;
use tests::day;

/// The rows of a step's table, by the names of its columns.
pub(crate) fn rows(step: &Step) -> Vec<BTreeMap<String, String>> {
    let table = step.table.as_ref().expect("the step has a table");
    let (head, rows) = table.rows.split_first().expect("the table has a head");
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().map(|cell| filled(cell));
        head.iter().cloned().zip(cells).collect()
    };
    rows.iter().map(row).collect()
}

/// A number of a table, or a decimal that the API takes as a string.
pub(crate) fn quantity(text: &str) -> Value {
    text.parse::<i64>()
        .map_or_else(|_| Value::from(text), Value::from)
}

pub(crate) fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

/// The text with `<today>`, `<in 3 days>`, `<3 days ago>` and `<year>` filled in.
pub(crate) fn filled(text: &str) -> String {
    let Some((before, rest)) = text.split_once('<') else {
        return text.to_owned();
    };
    let (name, after) = rest.split_once('>').expect("what is opened is closed");
    let words: Vec<&str> = name.split(' ').collect();
    let value = match words.as_slice() {
        ["today"] => day(0),
        ["year"] => day(0)[..4].to_owned(),
        ["in", days, "days"] => day(number(days)),
        [days, "days", "ago"] => day(-number(days)),
        _ => panic!("<{name}> is not known"),
    };
    format!("{before}{value}{}", filled(after))
}
