//! `deploy/compose.yaml`.

use std::{collections::BTreeSet, process::Command};

use serde_json::{Map, Value};

use crate::project::{known_variables, root, text, yaml};

/// What `docker compose` reads its files with; `cargo xtask test` builds it.
const COMPOSE: &str = ".cache/compose-go/cmd";
/// The only service that ends by itself.
const ONE_SHOT: &str = "migrate";

fn services() -> Map<String, Value> {
    yaml("deploy/compose.yaml")["services"]
        .as_object()
        .unwrap()
        .clone()
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn docker_compose_takes_the_file_and_reads_it_as_we_do() {
    let program = root().join(COMPOSE);
    if !program.is_file() {
        eprintln!("the compose file is read by our own tests only: there is no compose-go");
        return;
    }
    let mut compose = Command::new(program);
    compose.args(["--format", "json", "compose.yaml"]);

    let ended = compose.current_dir(root().join("deploy")).output().unwrap();

    let complained = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{complained}");
    let model: Value = serde_json::from_slice(&ended.stdout).unwrap();
    let ours = services();
    let read = model["services"].as_object().unwrap();
    assert!(read.keys().eq(ours.keys()));
    for (name, service) in read {
        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(service["environment"], ours[name]["environment"], "{name}");
    }
}

#[test]
fn every_variable_is_one_that_the_server_knows() {
    let known = known_variables();

    for (name, service) in services() {
        let variables = service["environment"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        for variable in variables.keys().filter(|it| it.starts_with("TALLYSTICK_")) {
            assert!(known.contains(variable), "{name} sets {variable}");
        }
    }
}

#[test]
fn every_service_has_no_rights_that_it_does_not_need() {
    for (name, service) in services() {
        let user = service["user"].as_str().unwrap_or_default();

        assert_eq!(service["read_only"], true, "{name}");
        assert_eq!(strings(&service["cap_drop"]), ["ALL"], "{name}");
        assert_eq!(
            strings(&service["security_opt"]),
            ["no-new-privileges:true"],
            "{name}"
        );
        assert!(
            !["", "0", "root"].contains(&user.split(':').next().unwrap()),
            "{name}"
        );
        assert!(
            service["privileged"].is_null() && service["cap_add"].is_null(),
            "{name}"
        );
    }
}

#[test]
fn every_image_is_of_one_release() {
    for (name, service) in services() {
        let image = service["image"].as_str().unwrap();
        let (_, tag) = image
            .rsplit_once(':')
            .unwrap_or_else(|| panic!("{name}: {image}"));
        let release = tag.trim_start_matches('v').split('-').next().unwrap();
        let numbers = release.split('.').map(|part| part.parse::<u32>().is_ok());

        assert!(
            release.contains('.') && numbers.into_iter().all(|is_one| is_one),
            "{name}: {image}"
        );
    }
}

#[test]
fn every_service_that_stays_tells_how_it_is() {
    let image_tells = text("deploy/Dockerfile").contains("\nHEALTHCHECK ");

    for (name, service) in services().into_iter().filter(|(name, _)| name != ONE_SHOT) {
        let tells = !service["healthcheck"]["test"].is_null();
        let is_ours = !service["build"].is_null() && service["healthcheck"].is_null();
        assert!(tells || (is_ours && image_tells), "{name}");
    }
}

#[test]
fn every_role_has_a_service_of_its_own() {
    let mut roles = BTreeSet::new();
    for (name, service) in services() {
        let command = strings(&service["command"]);
        let [.., "--role", role] = command.as_slice() else {
            continue;
        };
        assert_eq!(*role, name);
        roles.insert((*role).to_owned());
    }

    assert_eq!(roles, roles_of_server());
}

fn roles_of_server() -> BTreeSet<String> {
    let source = text("crates/server/src/serve.rs");
    let (_, variants) = source.split_once("enum Role {").unwrap();
    let (variants, _) = variants.split_once('}').unwrap();
    let names = variants.lines().map(str::trim);
    let names = names.filter(|line| !line.is_empty() && !line.starts_with("//"));
    names
        .map(|name| name.trim_end_matches(',').to_lowercase())
        .collect()
}

#[test]
fn services_wait_for_what_they_need() {
    let services = services();

    for (name, service) in &services {
        for (other, how) in service["depends_on"].as_object().into_iter().flatten() {
            let expected = match other.as_str() {
                ONE_SHOT => "service_completed_successfully",
                _ => "service_healthy",
            };
            assert!(services.contains_key(other), "{name} waits for {other}");
            assert_eq!(how["condition"], expected, "{name} waits for {other}");
        }
    }
}

#[test]
fn ports_are_open_on_this_machine_only() {
    for (name, service) in services() {
        for port in strings(&service["ports"]) {
            assert!(port.starts_with("127.0.0.1:"), "{name}: {port}");
        }
    }
}

#[test]
fn everything_that_is_mounted_is_there() {
    for (name, service) in services() {
        let mounts = strings(&service["volumes"]);
        for source in mounts.iter().filter_map(|mount| mount.split(':').next()) {
            let is_there = !source.starts_with('.') || root().join("deploy").join(source).exists();
            assert!(is_there, "{name} mounts {source}");
        }
    }
}

#[test]
fn the_script_makes_every_secret_and_replaces_none() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("init-secrets.sh");
    std::fs::write(&script, text("deploy/init-secrets.sh")).unwrap();
    let run = || {
        let ended = Command::new("sh").arg(&script).output().unwrap();
        assert!(ended.status.success());
    };
    let read = |file: &str| std::fs::read_to_string(folder.path().join(file)).unwrap();

    run();
    let password = read("secrets/postgres_password");
    run();

    assert_eq!(read("secrets/postgres_password"), password);
    assert!(password.len() >= 32 && read("secrets/database_url").contains(&password));
    for (secret, source) in yaml("deploy/compose.yaml")["secrets"].as_object().unwrap() {
        assert!(
            !read(source["file"].as_str().unwrap()).is_empty(),
            "{secret}"
        );
    }
}

#[test]
fn every_secret_is_declared_and_used() {
    let compose = yaml("deploy/compose.yaml");
    let declared: BTreeSet<&str> = compose["secrets"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let services = services();

    let used: BTreeSet<&str> = services
        .values()
        .flat_map(|service| strings(&service["secrets"]))
        .collect();

    assert_eq!(used, declared);
}
