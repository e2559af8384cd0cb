//! What is rendered, held against the schemas of Kubernetes: every field known, of its type, none missing.

use std::fs;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::rendered;
use crate::project::root;

/// Where `cargo xtask test` puts them: a file for each release.
const SCHEMAS: &str = ".cache/kubernetes-schemas";
/// Not of Kubernetes itself.
const OF_THE_OPERATOR: &str = "ServiceMonitor";

/// The names that the schemas have for what is rendered.
const KINDS: [(&str, &str); 7] = [
    ("Deployment", "io.k8s.api.apps.v1.Deployment"),
    ("Job", "io.k8s.api.batch.v1.Job"),
    ("Service", "io.k8s.api.core.v1.Service"),
    ("NetworkPolicy", "io.k8s.api.networking.v1.NetworkPolicy"),
    (
        "PodDisruptionBudget",
        "io.k8s.api.policy.v1.PodDisruptionBudget",
    ),
    (
        "HorizontalPodAutoscaler",
        "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    ),
    ("ServiceAccount", "io.k8s.api.core.v1.ServiceAccount"),
];

/// The definitions of each release. Empty where they could not be fetched.
fn releases() -> Vec<Value> {
    let Ok(entries) = fs::read_dir(root().join(SCHEMAS)) else {
        eprintln!("the chart is not held against the schemas of Kubernetes: there are none");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|it| it == "json"));
    files
        .map(|file| {
            let text = fs::read_to_string(file).unwrap();
            // They lead to each other by the address that they would be served at.
            let text = text.replace("/api/_definitions.json#", "#");
            serde_json::from_str(&text).unwrap()
        })
        .collect()
}

fn validator(definitions: &Value, name: &str) -> Validator {
    assert!(definitions["$defs"][name].is_object(), "{name}");
    let schema = json!({"$ref": format!("#/$defs/{name}"), "$defs": definitions["$defs"]});
    jsonschema::validator_for(&schema).unwrap()
}

fn mistakes(validator: &Validator, object: &Value) -> Vec<String> {
    let errors = validator.iter_errors(object);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn kubernetes_takes_what_is_rendered() {
    let releases = releases();
    let rendered = rendered::all();

    for definitions in &releases {
        for (kind, name) in KINDS {
            let validator = validator(definitions, name);
            for object in rendered.iter().flat_map(|it| it.of_kind(kind)) {
                let found = mistakes(&validator, object);
                assert!(
                    found.is_empty(),
                    "{}: {found:#?}",
                    object["metadata"]["name"]
                );
            }
        }
    }
}

#[test]
fn nothing_is_rendered_that_has_no_schema() {
    for rendered in rendered::all() {
        for object in rendered.objects() {
            let kind = object["kind"].as_str().unwrap();
            let is_known = KINDS.iter().any(|(known, _)| *known == kind);
            assert!(is_known || kind == OF_THE_OPERATOR, "{kind}");
        }
    }
}

/// That the schemas are as strict as the test above believes.
#[test]
fn the_schemas_refuse_what_they_do_not_know() {
    for definitions in releases() {
        let validator = validator(&definitions, KINDS[0].1);
        let wrong = json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {
            "selector": {}, "template": {"spec": {"containers": [{"name": "a", "imagee": "b"}]}}, "replicas": "2"
        }});

        let found = mistakes(&validator, &wrong);

        assert!(found.iter().any(|it| it.contains("imagee")), "{found:?}");
        assert!(found.iter().any(|it| it.contains("replicas")), "{found:?}");
    }
}
