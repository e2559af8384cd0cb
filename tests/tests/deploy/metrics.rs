//! What the dashboards and alerts look at.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::project::{files, text, yaml};

/// Told by Prometheus itself.
const OF_PROMETHEUS: &str = "up";
/// Told by the crate metrics-process.
const OF_THE_PROCESS: [&str; 5] = [
    "process_cpu_seconds_total",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
];
const KEYWORDS: [&str; 10] = [
    "and", "bool", "by", "ignoring", "inf", "nan", "offset", "on", "or", "unless",
];

/// The alerts.
fn alerts() -> Vec<Value> {
    let rules = yaml("deploy/prometheus/alerts.yaml");
    let groups = rules["groups"].as_array().unwrap().clone();
    groups
        .into_iter()
        .flat_map(|group| group["rules"].as_array().unwrap().clone())
        .collect()
}

/// The expressions of all panels of all dashboards.
fn panel_expressions() -> Vec<String> {
    let mut found = Vec::new();
    for file in files("deploy/grafana/dashboards", ".json") {
        let dashboard: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        for panel in dashboard["panels"].as_array().unwrap() {
            let targets = panel["targets"].as_array().into_iter().flatten();
            found.extend(targets.map(|target| target["expr"].as_str().unwrap().to_owned()));
        }
    }
    found
}

/// The metrics that an expression names: words that are neither functions, keywords nor numbers, outside of the
/// brackets of matchers, ranges and label lists.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let plain = without(
        &without(&without(expression, "{", '}'), "[", ']'),
        "by (",
        ')',
    );
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut found = BTreeSet::new();
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(is_part) {
        let (word, after) = {
            let from_word = &rest[start..];
            from_word.split_at(from_word.find(|it| !is_part(it)).unwrap_or(from_word.len()))
        };
        let is_name = word.starts_with(|first: char| first.is_ascii_lowercase());
        let is_function = after.trim_start().starts_with('(');
        if is_name && !is_function && !KEYWORDS.contains(&word) {
            found.insert(word.to_owned());
        }
        rest = after;
    }
    found
}

/// The text without what stands between an opening and the next closing.
fn without(text: &str, opening: &str, closing: char) -> String {
    let mut parts = text.split(opening);
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        let (_inside, after) = part.split_once(closing).unwrap();
        kept.push(' ');
        kept.push_str(after);
    }
    kept
}

/// The texts in quotation marks of all sources, tests left out.
fn source_texts() -> BTreeSet<String> {
    let sources = files("crates", ".rs")
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs"));
    let texts = sources.map(|path| fs::read_to_string(path).unwrap());
    texts
        .flat_map(|text| text.split('"').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn metrics_are_found_in_expressions() {
    let expression =
        "sum by (le, a) (rate(x_bucket{le=\"y\"}[5m])) / on (b) group_left z > 0.5 or absent(w)";
    let expression = expression.replace("on (b) group_left ", "");

    let found = metrics_in(&expression);

    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        ["w", "x_bucket", "z"]
    );
}

#[test]
fn every_metric_that_somebody_looks_at_exists() {
    let (written, mut asked) = (source_texts(), panel_expressions());
    asked.extend(
        alerts()
            .iter()
            .map(|alert| alert["expr"].as_str().unwrap().to_owned()),
    );
    let names: BTreeSet<String> = asked
        .iter()
        .flat_map(|expression| metrics_in(expression))
        .collect();

    assert!(names.len() > 15, "{names:?}");
    for name in names {
        let base = name.trim_end_matches("_bucket");
        let is_foreign = name == OF_PROMETHEUS || OF_THE_PROCESS.contains(&name.as_str());
        assert!(is_foreign || written.contains(base), "{name}");
    }
}

/// The names that the sources give to what they count, tests left out.
fn counted() -> BTreeSet<String> {
    let sources = files("crates", ".rs")
        .into_iter()
        .filter(|path| path.components().any(|part| part.as_os_str() == "src"));
    let texts = sources.map(|path| fs::read_to_string(path).unwrap());
    let mut names = BTreeSet::new();
    for text in texts {
        for kind in ["counter!(", "gauge!(", "histogram!("] {
            let calls = text.split(kind).skip(1);
            let firsts = calls.filter_map(|call| call.trim_start().strip_prefix('"'));
            names.extend(firsts.filter_map(|first| Some(first.split_once('"')?.0.to_owned())));
        }
    }
    names
}

#[test]
fn everything_that_is_counted_is_looked_at_by_somebody() {
    let mut asked = panel_expressions();
    asked.extend(
        alerts()
            .iter()
            .map(|alert| alert["expr"].as_str().unwrap().to_owned()),
    );
    let seen: BTreeSet<String> = asked
        .iter()
        .flat_map(|expression| metrics_in(expression))
        .map(|name| name.trim_end_matches("_bucket").to_owned())
        .collect();

    let counted = counted();

    assert!(counted.len() > 40, "{counted:?}");
    for name in counted {
        assert!(seen.contains(&name), "nobody looks at {name}");
    }
}

#[test]
fn every_alert_has_a_severity_a_summary_and_a_runbook() {
    let operations = text("docs/operations.md");

    for alert in alerts() {
        let name = alert["alert"].as_str().unwrap();
        let annotations = &alert["annotations"];
        assert!(
            ["critical", "warning"].contains(&alert["labels"]["severity"].as_str().unwrap()),
            "{name}"
        );
        assert!(annotations["summary"].is_string(), "{name}");
        let runbook = format!("docs/operations.md#{}", name.to_lowercase());
        assert_eq!(annotations["runbook_url"], runbook.as_str(), "{name}");
        assert!(operations.contains(&format!("\n### {name}\n")), "{name}");
    }
}
