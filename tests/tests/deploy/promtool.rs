//! What Prometheus's own tool says of the alerts and of what is scraped. `cargo xtask test` installs it.

use std::{
    collections::BTreeSet,
    process::{Command, Output},
};

use serde_json::Value;

use crate::project::{root, yaml};

const TESTS: &str = "deploy/prometheus/alerts.tests.yaml";

/// None where it could not be installed.
fn promtool(arguments: &[&str]) -> Option<Output> {
    let mut command = Command::new("promtool");
    let ended = command.args(arguments).current_dir(root()).output();
    ended
        .inspect_err(|error| eprintln!("promtool is not asked: {error}"))
        .ok()
}

fn assert_approves(arguments: &[&str]) {
    let Some(ended) = promtool(arguments) else {
        return;
    };
    let said = String::from_utf8_lossy(&ended.stdout);
    let complained = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{said}{complained}");
}

/// The names of the alerts of a list that a test expects to come, or not to come.
fn expected(comes: bool) -> BTreeSet<String> {
    let tests = yaml(TESTS);
    let groups = tests["tests"].as_array().unwrap();
    let cases = groups.iter().flat_map(|group| {
        let cases = group["alert_rule_test"].as_array().unwrap();
        cases.iter()
    });
    cases
        .filter(|case| case["exp_alerts"].is_array() == comes)
        .map(|case| case["alertname"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_alerts_are_rules_that_prometheus_takes() {
    assert_approves(&["check", "rules", "deploy/prometheus/alerts.yaml"]);
}

#[test]
fn what_is_scraped_is_a_configuration_that_prometheus_takes() {
    assert_approves(&["check", "config", "deploy/prometheus/prometheus.yaml"]);
}

#[test]
fn alerts_come_when_they_should_and_not_before() {
    assert_approves(&["test", "rules", TESTS]);
}

#[test]
fn every_alert_is_tested_to_come_and_not_to_come() {
    let rules = yaml("deploy/prometheus/alerts.yaml");
    let groups = rules["groups"].as_array().unwrap();
    let alerts: BTreeSet<String> = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap())
        .map(|rule: &Value| rule["alert"].as_str().unwrap().to_owned())
        .collect();

    let (coming, staying_away) = (expected(true), expected(false));

    assert_eq!(coming, alerts);
    assert_eq!(staying_away, alerts);
}
