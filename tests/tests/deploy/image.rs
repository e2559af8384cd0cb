//! `deploy/Dockerfile`. There need not be a container engine where this runs: what is checked is what would break a build.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::project::{files, known_variables, root, text, variables_in};

/// The instructions, each as one line.
fn instructions() -> Vec<String> {
    let dockerfile = text("deploy/Dockerfile");
    let lines = dockerfile.lines().filter(|line| !line.starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    joined
        .lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is said about the image itself, and not about a stage before it.
fn of_last_stage() -> Vec<String> {
    let mut all = instructions();
    let last = all
        .iter()
        .rposition(|line| line.starts_with("FROM "))
        .unwrap();
    all.split_off(last)
}

fn argument(instructions: &[String], name: &str) -> String {
    let found = instructions.iter().find_map(|line| line.strip_prefix(name));
    found
        .unwrap_or_else(|| panic!("no {name}"))
        .trim()
        .to_owned()
}

#[test]
fn the_image_is_built_by_the_toolchain_of_the_project() {
    let toolchain = text("rust-toolchain.toml");

    let version = argument(&instructions(), "ARG RUST_VERSION=");

    assert!(toolchain.contains(&format!("channel = \"{version}\"")));
}

#[test]
fn the_image_runs_as_somebody_without_rights_and_tells_how_it_is() {
    let stage = of_last_stage();

    let user: u32 = argument(&stage, "USER")
        .split(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();

    assert_ne!(user, 0);
    assert_eq!(argument(&stage, "STOPSIGNAL"), "SIGTERM");
    assert_eq!(argument(&stage, "EXPOSE"), "8080 9090 50051");
    assert!(
        argument(&stage, "HEALTHCHECK")
            .ends_with("CMD [\"/usr/local/bin/tallystick\", \"health\"]")
    );
}

#[test]
fn the_image_sets_only_what_the_server_knows() {
    let known = known_variables();

    for variable in variables_in(&text("deploy/Dockerfile")) {
        assert!(known.contains(&variable), "{variable}");
    }
}

#[test]
fn everything_that_is_copied_is_in_the_build_context() {
    let ignore = text(".dockerignore");
    let allowed: Vec<&str> = ignore
        .lines()
        .filter_map(|line| line.strip_prefix('!'))
        .collect();
    let all = instructions();
    let copies = all.iter().filter_map(|line| line.strip_prefix("COPY "));

    for copy in copies.filter(|copy| !copy.starts_with("--from")) {
        let mut names: Vec<&str> = copy.split_whitespace().collect();
        names.pop();
        for name in names {
            assert!(
                allowed.contains(&name) && root().join(name).exists(),
                "{name}"
            );
        }
    }
}

/// The layer of the dependencies is built from manifests and stubs; cargo must accept them.
#[test]
fn the_stubs_stand_for_every_target_of_the_workspace() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["Cargo.toml", "Cargo.lock"] {
        fs::copy(root().join(name), folder.path().join(name)).unwrap();
    }
    for name in ["crates", "tests"] {
        copy_sources(name, folder.path());
    }
    let script = instructions()
        .into_iter()
        .find_map(|line| line.strip_prefix("RUN find").map(str::to_owned));
    let script = format!("find{}", script.unwrap());

    let stubbed = run(Command::new("sh").arg("-c").arg(script), folder.path());
    let metadata = [
        "metadata",
        "--no-deps",
        "--offline",
        "--locked",
        "--format-version=1",
    ];
    let understood = run(Command::new(env!("CARGO")).args(metadata), folder.path());

    assert!(
        stubbed.status.success(),
        "{}",
        String::from_utf8_lossy(&stubbed.stderr)
    );
    assert!(
        understood.status.success(),
        "{}",
        String::from_utf8_lossy(&understood.stderr)
    );
    let server = fs::read_to_string(folder.path().join("crates/server/src/main.rs")).unwrap();
    assert_eq!(server, "//! A stub.\nfn main() {\n}\n");
    assert!(!folder.path().join("crates/server/src/cli.rs").exists());
}

fn copy_sources(name: &str, to: &Path) {
    for file in files(name, "") {
        let target = to.join(file.strip_prefix(root()).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}

fn run(command: &mut Command, folder: &Path) -> Output {
    command.current_dir(folder).output().unwrap()
}
