//! Numbers and points in time.

use serde_json::json;
use tests::day;

use super::{Example, refused_strings, wrong_types};

pub(super) fn not_numbers() -> Vec<Example> {
    wrong_types(&[
        json!("1"),
        json!(1.5),
        json!(1.0),
        json!(true),
        json!([]),
        json!({}),
    ])
}

pub(super) fn wholes(min: i64, max: i64) -> Vec<Example> {
    let beyond = [min - 1, -1, max + 1, i64::MAX, i64::MIN];
    let mut examples: Vec<_> = beyond
        .map(|number| Example::refused(json!(number), "out_of_range"))
        .to_vec();
    examples.push(Example::refused(json!(u64::MAX), "out_of_range"));
    examples.extend([min, max].map(Example::accepted));
    examples
}

pub(super) fn not_decimals() -> Vec<Example> {
    wrong_types(&[json!(1.5), json!(true), json!([]), json!({})])
}

pub(super) fn quantities() -> Vec<Example> {
    let beyond = [
        json!(0),
        json!(-1),
        json!("0"),
        json!("-2.5"),
        json!("0.000000"),
        json!(1_000_000_001),
        json!(u64::MAX),
    ];
    let mut examples: Vec<_> = beyond
        .into_iter()
        .map(|value| Example::refused(value, "out_of_range"))
        .collect();
    let misspelt = [
        "",
        "x",
        "1.0000001",
        "1e3",
        "1,5",
        " 1",
        "+1",
        ".5",
        "1.",
        "0x1",
        "NaN",
        "١",
    ];
    examples.extend(refused_strings(misspelt, "invalid_format"));
    examples.extend([
        Example::accepted_as(1, "1"),
        Example::accepted_as("2.50", "2.5"),
        Example::accepted("0.000001"),
    ]);
    examples
}

pub(super) fn due_dates() -> Vec<Example> {
    let misspelt = [
        "",
        "tomorrow",
        "2027-1-1",
        "2027-02-30",
        "2027-01-01T00:00:00Z",
        "01.01.2027",
        "+002027-01-01",
        "20270101",
    ];
    let mut examples = refused_strings(misspelt, "invalid_format");
    let too_late = day(3_660);
    examples.extend(refused_strings(
        [day(-1).as_str(), "0001-01-01", "9999-12-31", &too_late],
        "out_of_range",
    ));
    examples.extend([0, 1, 3_640].map(|days| Example::accepted(day(days))));
    examples
}

pub(super) fn instants() -> Vec<Example> {
    let misspelt = [
        "",
        "never",
        "2027-01-01",
        "2027-01-01T00:00:00",
        "2027-02-30T00:00:00Z",
        "1700000000",
        "2027-01-01T25:00:00Z",
        "2027-01-01T00:00:00+24:00",
    ];
    let mut examples = refused_strings(misspelt, "invalid_format");
    examples.extend([
        Example::accepted_as("2027-01-01T00:00:00Z", "2027-01-01T00:00:00.000000Z"),
        Example::accepted_as("2027-01-01T02:00:00.5+02:00", "2027-01-01T00:00:00.500000Z"),
    ]);
    examples
}
