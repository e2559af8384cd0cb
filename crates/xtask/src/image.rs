//! `cargo xtask image`: the image, built as it is shipped, started, and tried.

mod bases;
mod stand_ins;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use clap::Args;

use crate::{
    process, sbom,
    test::{APART, FEATURES},
    tools::{self, Tool},
};

const DOCKERFILE: &str = "deploy/Dockerfile";
/// Where the image has its bill of materials.
const SBOM: &str = "/usr/share/sbom/tallystick.cdx.json";
/// What the operations page promises.
const SIZE_MAX: u64 = 60_000_000;
/// Where the test finds the name of the image.
const VARIABLE: &str = "TALLYSTICK_IMAGE";
const TEST: &str = "started_image::";

/// Options of `cargo xtask image`.
#[derive(Args)]
pub(crate) struct Options {
    /// Install nothing: when Podman is missing, print the commands that would install it.
    #[arg(long)]
    no_install: bool,
    /// Build nothing: try the image that is there.
    #[arg(long)]
    no_build: bool,
    /// The name of the image.
    #[arg(long, default_value = concat!("localhost/tallystick:", env!("CARGO_PKG_VERSION")))]
    tag: String,
}

/// Builds the image, looks at what is in it, and lets a test start it.
pub(crate) fn execute(options: &Options) -> anyhow::Result<()> {
    tools::ensure(
        &[Tool::Podman, Tool::PostgreSql, Tool::Redis],
        !options.no_install,
    )?;
    if !options.no_build {
        bases::provide(!options.no_install)?;
        build(&options.tag)?;
    }
    compare_sbom(&options.tag)?;
    try_out(&options.tag)?;
    let size = size_of(&options.tag)?;
    println!("{}: {:.1} MB", options.tag, megabytes(size));
    ensure!(size < SIZE_MAX, "less than {SIZE_MAX} bytes were promised");
    Ok(())
}

fn build(tag: &str) -> anyhow::Result<()> {
    process::run(process::cargo().args(["fetch", "--locked"]))?;
    let commit = process::output_of(process::as_from_shell("git").args(["rev-parse", "HEAD"]));
    let mut build = podman();
    build.args([
        "build",
        "--file",
        DOCKERFILE,
        "--tag",
        tag,
        // What OCI cannot express: HEALTHCHECK.
        "--format",
        "docker",
        // Works as root without a runtime, where containers cannot be nested.
        "--isolation",
        "chroot",
        "--network",
        "host",
        "--pull=false",
    ]);
    build.arg(format!(
        "--build-arg=TALLYSTICK_COMMIT={}",
        commit.unwrap_or_default()
    ));
    build.args(volumes());
    process::run(build.arg("."))
}

/// What the build shares with this machine, and the image does not have: crates that were fetched, and whom to trust on
/// the way to others.
fn volumes() -> Vec<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let registry = home.map(|home| home.join("registry"));
    let authorities = Path::new("/etc/ssl/certs/ca-certificates.crt");
    let mut volumes = Vec::new();
    if let Some(registry) = registry.filter(|registry| registry.is_dir()) {
        volumes.push(format!(
            "--volume={}:/usr/local/cargo/registry",
            registry.display()
        ));
    }
    if authorities.is_file() {
        let path = authorities.display();
        volumes.push(format!("--volume={path}:{path}:ro"));
    }
    volumes
}

fn size_of(tag: &str) -> anyhow::Result<u64> {
    let mut inspect = podman();
    inspect.args(["image", "inspect", "--format", "{{.Size}}", tag]);
    let told = process::output_of(&mut inspect).with_context(|| format!("there is no {tag}"))?;
    told.parse().context("podman tells no size")
}

fn megabytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1_000).unwrap_or(u32::MAX)) / 1_000.0
}

/// What is in the image has to be what is made here of the same Cargo.lock.
fn compare_sbom(tag: &str) -> anyhow::Result<()> {
    let folder = process::root().join("target/image");
    fs::create_dir_all(&folder)?;
    let there = folder.join("tallystick.cdx.json");
    let mut create = podman();
    let container = process::output_of(create.args(["create", tag])).context("no container")?;
    let copied = process::run(
        podman()
            .args(["cp", &format!("{container}:{SBOM}")])
            .arg(&there),
    );
    process::output_of(podman().args(["rm", "--force", &container])).context("it stays")?;
    copied?;
    let same = fs::read_to_string(&there)? == sbom::document()?;
    ensure!(
        same,
        "{} is not what `cargo xtask sbom` makes",
        there.display()
    );
    Ok(())
}

/// The test is one of those that need more than servers, and is built like the others.
fn try_out(tag: &str) -> anyhow::Result<()> {
    let features = format!("{FEATURES},{APART}");
    let mut cargo = process::cargo();
    cargo.args(["test", "--workspace", "--features", &features]);
    cargo.args(["--test", "deploy", "--", "--nocapture", TEST]);
    process::run(cargo.env(VARIABLE, tag))
}

/// Podman, which needs no service manager for what is done here.
fn podman() -> Command {
    let mut podman = process::as_from_shell("podman");
    podman.env("DISABLE_HC_SYSTEMD", "true");
    podman
}
