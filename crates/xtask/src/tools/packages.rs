//! The package managers, and what they call the tools.

use std::process::Command;

use super::{Tool, find_program};
use crate::process;

/// A package manager and its commands, one string per command.
struct Manager {
    program: &'static str,
    needs_root: bool,
    postgres: &'static [&'static str],
    redis: &'static [&'static str],
    haproxy: &'static [&'static str],
    pgbouncer: &'static [&'static str],
    python: &'static [&'static str],
    java: &'static [&'static str],
    go: &'static [&'static str],
    prometheus: &'static [&'static str],
    podman: &'static [&'static str],
    debootstrap: &'static [&'static str],
}

/// Debian's packages set up and start a cluster of their own, which nobody here asked for; a drop-in file for the time of the
/// installation prevents that without touching the system's configuration.
const APT_POSTGRES: &str = "set -e; d=/etc/postgresql-common/createcluster.d; f=$d/tallystick-xtask.conf; mkdir -p $d; \
    trap 'rm -f $f' EXIT; trap 'exit 1' INT TERM; echo 'create_main_cluster = false' > $f; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql";

/// And Redis is started as a service, which is undone: the tests start their own.
const APT_REDIS: &str = "set -e; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server; \
    if [ -d /run/systemd/system ]; then systemctl disable --now redis-server; else invoke-rc.d redis-server stop; fi || true";

/// So is `HAProxy`.
const APT_HAPROXY: &str = "set -e; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends haproxy; \
    if [ -d /run/systemd/system ]; then systemctl disable --now haproxy; else invoke-rc.d haproxy stop; fi || true";

/// So is `PgBouncer`.
const APT_PGBOUNCER: &str = "set -e; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends pgbouncer; \
    if [ -d /run/systemd/system ]; then systemctl disable --now pgbouncer; else invoke-rc.d pgbouncer stop; fi || true";

/// So is Prometheus, of which only `promtool` is wanted; its port is one of ours.
const APT_PROMETHEUS: &str = "set -e; DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends prometheus; \
    if [ -d /run/systemd/system ]; then systemctl disable --now prometheus; else invoke-rc.d prometheus stop; fi || true";

const APT_UPDATE: &str = "apt-get update";

const MANAGERS: [Manager; 7] = [
    Manager {
        program: "apt-get",
        needs_root: true,
        postgres: &[
            APT_UPDATE,
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-common",
            APT_POSTGRES,
        ],
        redis: &[APT_UPDATE, APT_REDIS],
        haproxy: &[APT_UPDATE, APT_HAPROXY],
        pgbouncer: &[APT_UPDATE, APT_PGBOUNCER],
        python: &[
            APT_UPDATE,
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3 python3-venv",
        ],
        java: &[
            APT_UPDATE,
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends default-jre-headless maven",
        ],
        go: &[
            APT_UPDATE,
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends golang-go",
        ],
        prometheus: &[APT_UPDATE, APT_PROMETHEUS],
        podman: &[
            APT_UPDATE,
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends podman runc",
        ],
        debootstrap: &[
            APT_UPDATE,
            "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap",
        ],
    },
    Manager {
        program: "dnf",
        needs_root: true,
        postgres: &["dnf install -y postgresql-server"],
        redis: &["dnf install -y redis"],
        haproxy: &["dnf install -y haproxy"],
        pgbouncer: &["dnf install -y pgbouncer"],
        python: &["dnf install -y python3 python3-pip"],
        java: &["dnf install -y java-21-openjdk-headless maven"],
        go: &["dnf install -y golang"],
        prometheus: &["dnf install -y golang-github-prometheus"],
        podman: &["dnf install -y podman"],
        debootstrap: &["dnf install -y debootstrap"],
    },
    Manager {
        program: "yum",
        needs_root: true,
        postgres: &["yum install -y postgresql-server"],
        redis: &["yum install -y redis"],
        haproxy: &["yum install -y haproxy"],
        pgbouncer: &["yum install -y pgbouncer"],
        python: &["yum install -y python3 python3-pip"],
        java: &["yum install -y java-21-openjdk-headless maven"],
        go: &["yum install -y golang"],
        prometheus: &["yum install -y golang-github-prometheus"],
        podman: &["yum install -y podman"],
        debootstrap: &["yum install -y debootstrap"],
    },
    Manager {
        program: "apk",
        needs_root: true,
        postgres: &["apk add postgresql"],
        redis: &["apk add redis"],
        haproxy: &["apk add haproxy"],
        pgbouncer: &["apk add pgbouncer"],
        python: &["apk add python3 py3-pip"],
        java: &["apk add openjdk21-jre-headless maven"],
        go: &["apk add go"],
        prometheus: &["apk add prometheus"],
        podman: &["apk add podman"],
        debootstrap: &["apk add debootstrap"],
    },
    Manager {
        program: "pacman",
        needs_root: true,
        postgres: &["pacman -Sy --needed --noconfirm postgresql"],
        redis: &["pacman -Sy --needed --noconfirm valkey"],
        haproxy: &["pacman -Sy --needed --noconfirm haproxy"],
        pgbouncer: &["pacman -Sy --needed --noconfirm pgbouncer"],
        python: &["pacman -Sy --needed --noconfirm python"],
        java: &["pacman -Sy --needed --noconfirm jre21-openjdk-headless maven"],
        go: &["pacman -Sy --needed --noconfirm go"],
        prometheus: &["pacman -Sy --needed --noconfirm prometheus"],
        podman: &["pacman -Sy --needed --noconfirm podman"],
        debootstrap: &["pacman -Sy --needed --noconfirm debootstrap"],
    },
    Manager {
        program: "zypper",
        needs_root: true,
        postgres: &["zypper --non-interactive install postgresql-server"],
        redis: &["zypper --non-interactive install redis"],
        haproxy: &["zypper --non-interactive install haproxy"],
        pgbouncer: &["zypper --non-interactive install pgbouncer"],
        python: &["zypper --non-interactive install python311"],
        java: &["zypper --non-interactive install java-21-openjdk-headless maven"],
        go: &["zypper --non-interactive install go"],
        prometheus: &["zypper --non-interactive install golang-github-prometheus-prometheus"],
        podman: &["zypper --non-interactive install podman"],
        debootstrap: &["zypper --non-interactive install debootstrap"],
    },
    Manager {
        program: "brew",
        needs_root: false,
        postgres: &["brew install postgresql@17"],
        redis: &["brew install redis"],
        haproxy: &["brew install haproxy"],
        pgbouncer: &["brew install pgbouncer"],
        python: &["brew install python"],
        java: &["brew install openjdk@21 maven"],
        go: &["brew install go"],
        prometheus: &["brew install prometheus"],
        podman: &["brew install podman"],
        debootstrap: &[],
    },
];

impl Manager {
    fn scripts(&self, tool: Tool) -> &'static [&'static str] {
        match tool {
            Tool::PostgreSql => self.postgres,
            Tool::Redis => self.redis,
            Tool::HaProxy => self.haproxy,
            Tool::PgBouncer => self.pgbouncer,
            Tool::Python => self.python,
            Tool::Java => self.java,
            Tool::Go => self.go,
            Tool::Prometheus => self.prometheus,
            Tool::Podman => self.podman,
            Tool::Debootstrap => self.debootstrap,
        }
    }
}

/// The commands that install `tool` here; nothing if no package manager is known that has it.
pub(super) fn commands_for(tool: Tool) -> Option<Vec<Command>> {
    let manager = MANAGERS
        .iter()
        .find(|manager| find_program(manager.program).is_some())
        .filter(|manager| !manager.scripts(tool).is_empty())?;
    let with_sudo = manager.needs_root && !is_root() && find_program("sudo").is_some();
    Some(
        manager
            .scripts(tool)
            .iter()
            .map(|script| command(script, with_sudo))
            .collect(),
    )
}

/// A script of one plain command is run and shown as that, anything else through a shell.
fn command(script: &str, with_sudo: bool) -> Command {
    let is_plain = !script.contains(['\'', '$', ';', '|', '>', '&']);
    let words = if is_plain {
        script.split(' ').collect()
    } else {
        vec!["sh", "-c", script]
    };
    let sudo = with_sudo.then_some("sudo");
    let mut words = sudo.into_iter().chain(words);
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

fn is_root() -> bool {
    process::output_of(Command::new("id").arg("-u")).is_some_and(|id| id == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_who_is_not_root_gets_sudo() {
        let plain = process::as_typed(&command("apk add redis", true));
        let script = process::as_typed(&command("apk add redis; true", true));

        assert_eq!(plain, "sudo apk add redis");
        assert_eq!(script, "sudo sh -c 'apk add redis; true'");
    }

    #[test]
    fn every_script_is_a_valid_shell_program() {
        let tools = [
            Tool::PostgreSql,
            Tool::Redis,
            Tool::HaProxy,
            Tool::PgBouncer,
            Tool::Python,
            Tool::Java,
            Tool::Go,
            Tool::Prometheus,
            Tool::Podman,
            Tool::Debootstrap,
        ];
        let scripts = MANAGERS
            .iter()
            .flat_map(|manager| tools.map(|tool| manager.scripts(tool)))
            .flatten();

        for script in scripts {
            let parsed = process::output_of(Command::new("sh").args(["-n", "-c", script]));

            assert!(parsed.is_some(), "{script}");
        }
    }
}
