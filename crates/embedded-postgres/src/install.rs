//! How `PostgreSQL` is installed on this system.

use std::{ffi::OsStr, fmt, fs, path::Path};

use rustix::process::geteuid;

/// The commands that install `PostgreSQL` on this system, one after the other.
///
/// Its `Display` form is a line for a shell, with `sudo` where that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallAdvice {
    manager: &'static Manager,
    as_root: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Manager {
    program: &'static str,
    /// Values of `ID` and `ID_LIKE` in `/etc/os-release` that mean this manager.
    systems: &'static [&'static str],
    needs_root: bool,
    commands: &'static [&'static [&'static str]],
}

const MANAGERS: &[Manager] = &[
    Manager {
        program: "apt-get",
        systems: &["debian", "ubuntu"],
        needs_root: true,
        commands: &[
            &["apt-get", "update"],
            &["apt-get", "install", "-y", "postgresql"],
        ],
    },
    Manager {
        program: "dnf",
        systems: &["fedora", "rhel", "centos"],
        needs_root: true,
        commands: &[&["dnf", "install", "-y", "postgresql-server"]],
    },
    Manager {
        program: "apk",
        systems: &["alpine"],
        needs_root: true,
        commands: &[&["apk", "add", "postgresql"]],
    },
    Manager {
        program: "pacman",
        systems: &["arch"],
        needs_root: true,
        commands: &[&["pacman", "-Sy", "--noconfirm", "postgresql"]],
    },
    Manager {
        program: "zypper",
        systems: &["suse", "opensuse"],
        needs_root: true,
        commands: &[&[
            "zypper",
            "--non-interactive",
            "install",
            "postgresql-server",
        ]],
    },
    Manager {
        program: "brew",
        systems: &[],
        needs_root: false,
        commands: &[&["brew", "install", "postgresql@17"]],
    },
];

/// Searched when no `PATH` is given.
const USUAL_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/homebrew/bin";

impl InstallAdvice {
    /// Tells by `/etc/os-release` and by the programs on `path` which package manager this system
    /// has. `None` when it is one that is not known.
    pub fn detect(path: Option<&OsStr>) -> Option<Self> {
        let path = path.unwrap_or(OsStr::new(USUAL_PATH));
        let is_there =
            |program: &str| std::env::split_paths(path).any(|dir| dir.join(program).is_file());
        let release = fs::read_to_string(Path::new("/etc/os-release")).unwrap_or_default();
        let manager = choose(&release, is_there)?;
        Some(Self {
            manager,
            as_root: geteuid().is_root(),
        })
    }

    /// The commands, each as a program and its arguments, without `sudo`.
    pub fn commands(&self) -> &'static [&'static [&'static str]] {
        self.manager.commands
    }

    /// Whether the commands must be run by root.
    pub fn needs_root(&self) -> bool {
        self.manager.needs_root
    }
}

impl fmt::Display for InstallAdvice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sudo = if self.needs_root() && !self.as_root {
            "sudo "
        } else {
            ""
        };
        for (position, command) in self.commands().iter().enumerate() {
            let and = if position == 0 { "" } else { " && " };
            write!(f, "{and}{sudo}{}", command.join(" "))?;
        }
        Ok(())
    }
}

/// The manager that the system's name calls for, if it is there; else any that is there.
fn choose(os_release: &str, is_there: impl Fn(&str) -> bool) -> Option<&'static Manager> {
    let names = system_names(os_release);
    let there = || MANAGERS.iter().filter(|manager| is_there(manager.program));
    there()
        .find(|manager| {
            manager
                .systems
                .iter()
                .any(|name| names.contains(&name.to_string()))
        })
        .or_else(|| there().next())
}

fn system_names(os_release: &str) -> Vec<String> {
    let values = os_release.lines().filter_map(|line| {
        line.strip_prefix("ID=")
            .or_else(|| line.strip_prefix("ID_LIKE="))
    });
    values
        .flat_map(|value| value.trim_matches('"').split_whitespace())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advice(os_release: &str, programs: &[&str], as_root: bool) -> Option<String> {
        let manager = choose(os_release, |program| programs.contains(&program))?;
        Some(InstallAdvice { manager, as_root }.to_string())
    }

    #[rstest::rstest]
    #[case::debian("ID=debian\n", &["apt-get"], "apt-get update && apt-get install -y postgresql")]
    #[case::mint("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", &["dnf", "apt-get"], "apt-get update && apt-get install -y postgresql")]
    #[case::rocky("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", &["dnf"], "dnf install -y postgresql-server")]
    #[case::alpine("ID=alpine\n", &["apk"], "apk add postgresql")]
    #[case::arch("ID=arch\n", &["pacman"], "pacman -Sy --noconfirm postgresql")]
    #[case::unknown_with_a_known_manager("ID=novel\n", &["apk"], "apk add postgresql")]
    fn the_advice_fits_the_system(
        #[case] os_release: &str,
        #[case] programs: &[&str],
        #[case] expected: &str,
    ) {
        let advice = advice(os_release, programs, true);

        assert_eq!(advice.as_deref(), Some(expected));
    }

    #[test]
    fn every_command_gets_sudo_when_the_reader_is_not_root() {
        let advice = advice("ID=debian\n", &["apt-get"], false);

        assert_eq!(
            advice.as_deref(),
            Some("sudo apt-get update && sudo apt-get install -y postgresql")
        );
    }

    #[test]
    fn homebrew_never_gets_sudo() {
        let advice = advice("", &["brew"], false);

        assert_eq!(advice.as_deref(), Some("brew install postgresql@17"));
    }

    #[test]
    fn a_system_without_a_known_manager_gets_no_advice() {
        assert_eq!(advice("ID=plan9\n", &[], true), None);
    }
}
