//! What the chart refuses before anything is installed.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rendered;
use crate::project::{known_variables, text};

/// Settings, and what helm says of them.
const MISTAKES: [(&str, &str); 9] = [
    ("roles.apii.enabled=true", "'apii' not allowed"),
    ("roles.api.replicas=2", "needs Redis"),
    ("roles.api.autoscaling.enabled=true", "needs Redis"),
    ("roles.worker.replicas=-1", "minimum"),
    (
        "config.TALLYSTICK_DATABASE__URL=postgres://a:b@c/d",
        "invalid propertyName 'TALLYSTICK_DATABASE__URL'",
    ),
    (
        "config.TALLYSTICK_ENVIRONMENT=development",
        "invalid propertyName 'TALLYSTICK_ENVIRONMENT'",
    ),
    (
        "secrets.TALLYSTICK_WALLETS__ENCRYPTION_KEY=null",
        "TALLYSTICK_WALLETS__ENCRYPTION_KEY",
    ),
    ("image.tag=latest", "/image/tag"),
    ("networkPolicy.database.ports={0}", "minimum"),
];

fn schema() -> Value {
    serde_json::from_str(&text("deploy/helm/tallystick/values.schema.json")).unwrap()
}

#[test]
fn mistakes_are_told_before_anything_is_installed() {
    for (setting, complaint) in MISTAKES {
        let Some(ended) = rendered::render(&["--set", setting]) else {
            return;
        };

        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success(), "{setting} is taken");
        assert!(said.contains(complaint), "{setting}: {said}");
    }
}

#[test]
fn every_setting_that_can_be_a_file_can_be_a_secret() {
    let schema = schema();
    let names = schema["definitions"]["secretName"]["enum"]
        .as_array()
        .unwrap();
    let names: BTreeSet<&str> = names.iter().map(|name| name.as_str().unwrap()).collect();

    let known = known_variables();

    let files = known.iter().filter_map(|name| name.strip_suffix("_FILE"));
    assert_eq!(names, files.collect());
}

#[test]
fn what_the_chart_keeps_to_itself_is_known_to_the_server() {
    let (schema, known) = (schema(), known_variables());
    let refused = schema["definitions"]["config"]["propertyNames"]["not"]["anyOf"].as_array();

    let kept = refused.unwrap().iter().find_map(|it| it["enum"].as_array());

    for name in kept.unwrap() {
        assert!(known.contains(name.as_str().unwrap()), "{name}");
    }
}
