//! The programs that the commands need, and how they get onto this machine.

pub(crate) mod go_program;
pub(crate) mod kafka;
pub(crate) mod kubernetes;
mod packages;
mod postgres;

use std::{env, path::PathBuf, process::Command};

use anyhow::bail;

use crate::process;

/// A program from outside of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// PostgreSQL's server programs, 15 or newer.
    PostgreSql,
    /// `redis-server`.
    Redis,
    /// `haproxy`, which instances stand behind.
    HaProxy,
    /// `pgbouncer`, which PostgreSQL stands behind.
    PgBouncer,
    /// Python 3.10 or newer, with `venv` and `pip`.
    Python,
    /// Java 17 or newer, and Maven, which fetches Kafka.
    Java,
    /// Go 1.22 or newer, which builds what judges us: see [`go_program`].
    Go,
    /// `promtool`, which checks and tests the alerts.
    Prometheus,
    /// `podman`, which builds and starts the image.
    Podman,
    /// `debootstrap`, which makes what base images cannot be pulled.
    Debootstrap,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::PostgreSql => "PostgreSQL (15 or newer)",
            Self::Redis => "Redis",
            Self::HaProxy => "HAProxy",
            Self::PgBouncer => "PgBouncer",
            Self::Python => "Python (3.10 or newer, with venv)",
            Self::Java => "Java (17 or newer) with Maven",
            Self::Go => "Go (1.22 or newer)",
            Self::Prometheus => "Prometheus (promtool)",
            Self::Podman => "Podman",
            Self::Debootstrap => "debootstrap",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::PostgreSql => postgres::find().is_some(),
            Self::Redis => find_program("redis-server").is_some(),
            Self::HaProxy => find_program("haproxy").is_some(),
            Self::PgBouncer => find_program("pgbouncer").is_some(),
            Self::Python => python_works(),
            Self::Java => find_program("java").is_some() && find_program("mvn").is_some(),
            Self::Go => find_program("go").is_some(),
            Self::Prometheus => find_program("promtool").is_some(),
            Self::Podman => find_program("podman").is_some(),
            Self::Debootstrap => find_program("debootstrap").is_some(),
        }
    }
}

/// Makes sure that `tools` are there: what is missing is installed with the system's package manager, after saying so, or
/// refused with the commands to type when `may_install` is false.
pub(crate) fn ensure(tools: &[Tool], may_install: bool) -> anyhow::Result<()> {
    for tool in tools.iter().filter(|tool| !tool.is_there()) {
        install(*tool, may_install)?;
    }
    Ok(())
}

/// Like [`ensure`], for what the tests can do without: where it cannot be had, says so and what is not tested then.
pub(crate) fn prefer(tool: Tool, may_install: bool, without: &str) {
    if let Err(error) = ensure(&[tool], may_install) {
        println!("{} cannot be had here: {error:#}\n{without}", tool.name());
    }
}

fn install(tool: Tool, may_install: bool) -> anyhow::Result<()> {
    let name = tool.name();
    if let (Tool::PostgreSql, Some(folder)) = (tool, env::var_os("TALLYSTICK_PG_BIN")) {
        let folder = PathBuf::from(folder);
        bail!(
            "TALLYSTICK_PG_BIN names {}, where there is no {name}",
            folder.display()
        );
    }
    let Some(commands) = packages::commands_for(tool) else {
        bail!(
            "{name} is missing, and there is no package manager here that this command knows. {}",
            by_hand(tool)
        );
    };
    let typed: Vec<String> = commands
        .iter()
        .map(|command| format!("    {}", process::as_typed(command)))
        .collect();
    let typed = typed.join("\n");
    if !may_install {
        bail!(
            "{name} is missing. Install it with\n{typed}\n{}",
            by_hand(tool)
        );
    }

    println!("{name} is missing. Installing it with\n{typed}");
    for mut command in commands {
        process::run(&mut command)?;
    }
    if !tool.is_there() {
        bail!(
            "{name} is still missing: the system's packages may be too old. {}",
            by_hand(tool)
        );
    }
    Ok(())
}

fn by_hand(tool: Tool) -> &'static str {
    match tool {
        Tool::PostgreSql => {
            "Or install it by hand and set TALLYSTICK_PG_BIN to the folder of its programs; \
             to run on a database elsewhere, set TALLYSTICK_DATABASE__URL."
        }
        Tool::Redis => "Or install it by hand, so that `redis-server` is on the PATH.",
        Tool::HaProxy => "Or install it by hand, so that `haproxy` is on the PATH.",
        Tool::PgBouncer => "Or install it by hand, so that `pgbouncer` is on the PATH.",
        Tool::Python => {
            "Or install it by hand, so that `python3 -m venv` works; `--skip-contract` does without."
        }
        Tool::Java => "Or install both by hand, so that `java` and `mvn` are on the PATH.",
        Tool::Go => "Or install it by hand, so that `go` is on the PATH.",
        Tool::Prometheus => "Or install it by hand, so that `promtool` is on the PATH.",
        Tool::Podman => "Or install it by hand, so that `podman` is on the PATH.",
        Tool::Debootstrap => "Or install it by hand, so that `debootstrap` is on the PATH.",
    }
}

/// The first `name` on the PATH, or where administrators' programs are, which is not on every user's PATH.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let usual = [
        "/usr/sbin",
        "/usr/local/sbin",
        "/usr/local/bin",
        "/opt/homebrew/bin",
    ]
    .map(PathBuf::from);
    env::split_paths(&path)
        .chain(usual)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

fn python_works() -> bool {
    let check = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    process::output_of(Command::new("python3").args(["-c", check])).is_some()
}
