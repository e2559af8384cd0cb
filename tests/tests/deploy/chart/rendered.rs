//! The chart as the real helm renders it.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

use crate::project::root;

/// Where `cargo xtask test` puts helm.
const HELM: &str = ".cache/helm/helm";
const CHART: &str = "deploy/helm/tallystick";
/// What helm takes for the release of the cluster that it is not connected to.
const KUBERNETES: &str = "1.34.0";

pub(super) const VALUES: [&str; 2] = ["values.yaml", "values-production.yaml"];

/// Everything that a release consists of.
pub(super) struct Rendered {
    objects: Vec<Value>,
    /// The values that it was rendered with, for messages.
    pub(super) values: &'static str,
}

/// With the values of each file. Empty where helm could not be built.
pub(super) fn all() -> Vec<Rendered> {
    VALUES.into_iter().filter_map(Rendered::with).collect()
}

/// Runs helm on the chart.
pub(super) fn helm(command: &[&str], arguments: &[&str]) -> Option<Output> {
    let program: PathBuf = root().join(HELM);
    if !program.is_file() {
        eprintln!("the chart is not rendered: there is no helm");
        return None;
    }
    let mut helm = Command::new(program);
    helm.args(command).arg(CHART).args(arguments);
    Some(helm.current_dir(root()).output().unwrap())
}

/// With further arguments, such as `--set`.
pub(super) fn render(arguments: &[&str]) -> Option<Output> {
    let arguments: Vec<&str> = arguments
        .iter()
        .copied()
        .chain(["--kube-version", KUBERNETES])
        .collect();
    helm(&["template", "tallystick"], &arguments)
}

impl Rendered {
    pub(super) fn with(values: &'static str) -> Option<Self> {
        let file = format!("{CHART}/{values}");
        let ended = render(&["--values", &file])?;
        let complained = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{values}: {complained}");
        let text = String::from_utf8(ended.stdout).unwrap();
        let documents = text.split("---\n").filter(|document| has_content(document));
        let objects = documents
            .map(|document| {
                let parsed = serde_saphyr::from_str(document);
                parsed.unwrap_or_else(|error| panic!("{values}: {error}\n{document}"))
            })
            .collect();
        Some(Self { objects, values })
    }

    pub(super) fn objects(&self) -> &[Value] {
        &self.objects
    }

    pub(super) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects
            .iter()
            .filter(move |object| object["kind"] == kind)
    }

    /// What Deployments and Jobs make pods of.
    pub(super) fn pods(&self) -> impl Iterator<Item = &Value> {
        let makers = self.of_kind("Deployment").chain(self.of_kind("Job"));
        makers.map(|maker| &maker["spec"]["template"])
    }
}

fn has_content(document: &str) -> bool {
    document
        .lines()
        .any(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// The role, or `migrate`.
pub(super) fn component(object: &Value) -> &str {
    let label = &object["metadata"]["labels"]["app.kubernetes.io/component"];
    label.as_str().unwrap_or_default()
}

/// The only container of a pod.
pub(super) fn container(pod: &Value) -> &Value {
    let containers = pod["spec"]["containers"].as_array().unwrap();
    assert_eq!(containers.len(), 1);
    &containers[0]
}

/// The variables of a container, by name.
pub(super) fn variables(container: &Value) -> impl Iterator<Item = (&str, &str)> {
    let variables = container["env"].as_array().unwrap();
    variables.iter().map(|variable| {
        let value = variable["value"].as_str();
        (
            variable["name"].as_str().unwrap(),
            value.unwrap_or_else(|| panic!("{variable} is no text")),
        )
    })
}
