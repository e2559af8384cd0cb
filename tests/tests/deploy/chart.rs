//! `deploy/helm/tallystick`, rendered by the real helm with its default values and with those for production.

mod freedom;
mod mistakes;
mod production;
mod rendered;
mod schemas;

use std::{collections::BTreeSet, fs};

use serde_json::{Value, json};

use crate::project::{known_variables, text, yaml};
use rendered::{Rendered, component, container, variables};

const ROLES: [&str; 6] = [
    "api",
    "relay",
    "scheduler",
    "validator",
    "webhooks",
    "worker",
];
const MANAGEMENT: u16 = 9090;
const WITHOUT_KAFKA: &str = "this server was built without the feature kafka";
const SECRETS: &str = "/run/secrets/tallystick/";

#[test]
fn helm_finds_nothing_to_complain_about() {
    for values in rendered::VALUES {
        let file = format!("deploy/helm/tallystick/{values}");
        let Some(ended) = rendered::helm(&["lint", "--strict"], &["--values", &file]) else {
            return;
        };

        let said = String::from_utf8_lossy(&ended.stdout);
        assert!(ended.status.success(), "{values}: {said}");
    }
}

#[test]
fn the_chart_is_of_the_version_of_the_server() {
    let chart = yaml("deploy/helm/tallystick/Chart.yaml");
    let workspace = text("Cargo.toml");

    for field in ["version", "appVersion"] {
        let line = format!("\nversion = {}\n", chart[field]);
        assert!(workspace.contains(&line), "{field}: {}", chart[field]);
    }
}

#[test]
fn every_role_runs_by_itself() {
    for rendered in rendered::all() {
        let found: Vec<(&str, &Value)> = rendered
            .of_kind("Deployment")
            .map(|it| (component(it), &container(&it["spec"]["template"])["args"]))
            .collect();

        let expected: Vec<Value> = ROLES
            .iter()
            .map(|role| json!(["serve", "--role", role]))
            .collect();
        let expected: Vec<(&str, &Value)> = ROLES.into_iter().zip(&expected).collect();
        assert_eq!(found, expected, "{}", rendered.values);
    }
}

#[test]
fn every_variable_is_one_that_the_server_knows() {
    let known = known_variables();

    for rendered in rendered::all() {
        for pod in rendered.pods() {
            for (name, _) in variables(container(pod)) {
                assert!(known.contains(name), "{}: {name}", rendered.values);
            }
        }
    }
}

/// The real server reads what a pod would give it, and finds no mistake and nothing that it does not know.
#[test]
fn the_server_takes_the_settings_of_every_pod() {
    for pod in rendered::all().iter().flat_map(Rendered::pods) {
        let folder = tempfile::tempdir().unwrap();
        let mut server = tests::command();
        server.args(["config", "check", "--json"]);
        for (name, value) in variables(container(pod)) {
            let value = value
                .strip_prefix(SECRETS)
                .map_or(value.to_owned(), |secret| {
                    let file = folder.path().join(secret);
                    fs::write(&file, example_of(secret)).unwrap();
                    file.display().to_string()
                });
            server.env(name, value);
        }

        let ended = server.current_dir(folder.path()).output().unwrap();

        let answer: Value = serde_json::from_slice(&ended.stdout).unwrap();
        // The image is built with the feature; the binary of these tests need not be.
        let mistakes = answer["mistakes"].as_array().unwrap().iter();
        let mut mistakes = mistakes.filter(|it| !it.as_str().unwrap().ends_with(WITHOUT_KAFKA));
        assert_eq!(mistakes.next(), None, "{answer:#}");
        let warnings = answer["warnings"].as_array().unwrap();
        assert!(warnings.is_empty(), "{answer:#}");
    }
}

fn example_of(secret: &str) -> &'static str {
    match secret {
        "TALLYSTICK_DATABASE__URL" => "postgres://tallystick:secret@database/tallystick",
        "TALLYSTICK_REDIS__URL" => "redis://:secret@redis",
        "TALLYSTICK_WALLETS__ENCRYPTION_KEY" => "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        _ => "a_secret_of_some_length",
    }
}

#[test]
fn no_pod_has_rights_that_it_does_not_need() {
    for pod in rendered::all().iter().flat_map(Rendered::pods) {
        let (spec, container) = (&pod["spec"], container(pod));

        assert_eq!(spec["automountServiceAccountToken"], false);
        assert_eq!(spec["securityContext"]["runAsNonRoot"], true);
        assert_eq!(spec["securityContext"]["runAsUser"], 65532);
        assert_eq!(
            spec["securityContext"]["seccompProfile"]["type"],
            "RuntimeDefault"
        );
        assert!(
            ["hostNetwork", "hostPID", "hostIPC"]
                .iter()
                .all(|it| spec[it].is_null())
        );
        assert_eq!(
            container["securityContext"],
            json!({
                "allowPrivilegeEscalation": false, "privileged": false, "readOnlyRootFilesystem": true,
                "capabilities": {"drop": ["ALL"]}
            })
        );
        assert!(container["resources"]["limits"]["memory"].is_string());
        assert!(container["resources"]["requests"]["cpu"].is_string());
    }
}

#[test]
fn secrets_are_named_and_never_told() {
    for rendered in rendered::all() {
        assert_eq!(rendered.of_kind("Secret").count(), 0);
        for pod in rendered.pods() {
            let sources = pod["spec"]["volumes"][0]["projected"]["sources"].as_array();
            let mounted: BTreeSet<&str> = sources
                .into_iter()
                .flatten()
                .map(|source| source["secret"]["items"][0]["path"].as_str().unwrap())
                .collect();
            let read: BTreeSet<&str> = variables(container(pod))
                .filter_map(|(_, value)| value.strip_prefix(SECRETS))
                .collect();

            assert_eq!(read, mounted);
            assert!(read.contains("TALLYSTICK_DATABASE__URL"));
            for (name, _) in variables(container(pod)) {
                assert!(!read.contains(name), "{name} is told as text");
            }
        }
    }
}

#[test]
fn authorities_of_ones_own_are_mounted_beside_the_secrets() {
    let set = ["--set", "authorities.name=our-ca,authorities.key=ca.pem"];
    let Some(rendered) = rendered::render(&set) else {
        return;
    };

    let text = String::from_utf8(rendered.stdout).unwrap();
    let pods = text.matches("automountServiceAccountToken: false").count();
    assert!(rendered.status.success() && pods > 0, "{text}");
    assert_eq!(text.matches("path: authorities.pem").count(), pods);
}

#[test]
fn probes_ask_the_management_port() {
    for rendered in rendered::all() {
        for deployment in rendered.of_kind("Deployment") {
            let container = container(&deployment["spec"]["template"]);
            let ports = container["ports"].as_array().unwrap();
            let number = |name: &str| {
                let port = ports.iter().find(|port| port["name"] == name);
                port.map(|port| port["containerPort"].clone())
            };

            assert_eq!(number("management"), Some(MANAGEMENT.into()));
            let is_api = component(deployment) == "api";
            assert_eq!(number("http"), is_api.then(|| 8080.into()));
            assert_eq!(number("grpc"), is_api.then(|| 50051.into()));
            for (probe, path) in [
                ("startupProbe", "/health/live"),
                ("livenessProbe", "/health/live"),
                ("readinessProbe", "/health/ready"),
            ] {
                let expected = json!({"path": path, "port": "management"});
                assert_eq!(container[probe]["httpGet"], expected);
            }
        }
    }
}

#[test]
fn whoever_is_to_end_has_time_for_what_it_is_at() {
    for rendered in rendered::all() {
        for deployment in rendered.of_kind("Deployment") {
            let pod = &deployment["spec"]["template"];
            let setting = |wanted: &str| {
                let mut all = variables(container(pod));
                let (_, value) = all.find(|(name, _)| *name == wanted).unwrap();
                value.parse::<u64>().unwrap()
            };

            let needed = setting("TALLYSTICK_SHUTDOWN__PAUSE_MS") / 1000
                + setting("TALLYSTICK_SHUTDOWN__DRAIN_S");

            let given = pod["spec"]["terminationGracePeriodSeconds"].as_u64();
            assert!(given.unwrap() > needed);
            let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
            assert_eq!(rolling["maxUnavailable"], 0);
        }
    }
}

#[test]
fn the_database_is_migrated_before_anything_is_replaced() {
    for rendered in rendered::all() {
        let jobs: Vec<&Value> = rendered.of_kind("Job").collect();
        assert_eq!(jobs.len(), 1);
        let (job, pod) = (jobs[0], &jobs[0]["spec"]["template"]);

        assert_eq!(container(pod)["args"], json!(["migrate"]));
        assert_eq!(pod["spec"]["restartPolicy"], "Never");
        let hook = &job["metadata"]["annotations"]["helm.sh/hook"];
        assert_eq!(*hook, "pre-install,pre-upgrade");
        for pod in rendered.pods() {
            let mut all = variables(container(pod));
            assert!(all.any(|it| it == ("TALLYSTICK_DATABASE__MIGRATE_ON_START", "false")));
        }
    }
}

#[test]
fn everything_that_selects_pods_finds_some() {
    for rendered in rendered::all() {
        let pods: Vec<&Value> = rendered.pods().collect();
        let finds = |selector: &Value| {
            let wanted = selector.as_object().unwrap();
            let fits = |pod: &&&Value| {
                let labels = &pod["metadata"]["labels"];
                wanted.iter().all(|(name, value)| labels[name] == *value)
            };
            !wanted.is_empty() && pods.iter().any(|pod| fits(&pod))
        };
        for object in rendered.objects() {
            let (spec, name) = (&object["spec"], &object["metadata"]["name"]);
            let selector = match object["kind"].as_str().unwrap() {
                "Service" => &spec["selector"],
                "Deployment" | "PodDisruptionBudget" => &spec["selector"]["matchLabels"],
                "NetworkPolicy" => &spec["podSelector"]["matchLabels"],
                _ => continue,
            };
            assert!(finds(selector), "{name}");
        }
    }
}
