//! Where `PostgreSQL`'s programs are, and whether they are new enough.

mod folders;

use std::{
    ffi::OsString,
    fmt, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{install::InstallAdvice, placement};

/// The oldest major version of `PostgreSQL` that is accepted.
pub const MINIMUM_MAJOR: u32 = 15;

/// `PostgreSQL`'s server programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
}

/// Where to look for `PostgreSQL`'s programs. The default looks into the usual install folders only.
#[derive(Debug, Clone, Default)]
pub struct SearchHints {
    /// The only folder to look into (from `TALLYSTICK_PG_BIN`): the one that holds `postgres` and
    /// `initdb`, or its parent.
    pub folder: Option<PathBuf>,
    /// The value of `PATH`; also used to find `pg_config` and the package manager.
    pub path: Option<OsString>,
    /// The data folder that the programs are wanted for. If it holds a cluster, programs of that
    /// cluster's major version are preferred, since no other version can run it.
    pub data_dir: Option<PathBuf>,
}

/// No usable `PostgreSQL` was found. The message says what was looked at, how to install `PostgreSQL`
/// on this system, and how to use a database that runs elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    rejected: Vec<Rejected>,
    advice: Option<InstallAdvice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rejected {
    folder: PathBuf,
    reason: Reason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reason {
    NoServerPrograms,
    NotRunnable(String),
    TooOld(u32),
}

impl Binaries {
    /// Finds `PostgreSQL` [`MINIMUM_MAJOR`] or newer: in the folder of the hints if they name one;
    /// else on `PATH`, by `pg_config --bindir`, and in the usual install folders, newest first.
    ///
    /// Blocks for some milliseconds per folder, since it asks each `postgres` for its version.
    pub fn find(hints: &SearchHints) -> Result<Self, NotFound> {
        find_among(hints, folders::USUAL)
    }

    /// The folder that holds the programs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The major version, for example 17.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The path of one of the programs, for example `pgbench`. It is not checked that it exists.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn inspect(folder: &Path) -> Result<Self, Rejected> {
        let rejected = |reason| Rejected {
            folder: folder.to_owned(),
            reason,
        };
        if !folder.join("postgres").is_file() || !folder.join("initdb").is_file() {
            return Err(rejected(Reason::NoServerPrograms));
        }
        let major = ask_version(&folder.join("postgres"))
            .map_err(|said| rejected(Reason::NotRunnable(said)))?;
        if major < MINIMUM_MAJOR {
            return Err(rejected(Reason::TooOld(major)));
        }
        Ok(Self {
            folder: folder.to_owned(),
            major,
        })
    }
}

fn find_among(hints: &SearchHints, usual: &[&str]) -> Result<Binaries, NotFound> {
    let (preferred, usual) = match &hints.folder {
        Some(folder) => (folders::named(folder), Vec::new()),
        None => (
            folders::on_path(hints.path.as_deref()),
            folders::usual(usual),
        ),
    };
    let mut rejected = Vec::new();
    let mut inspect_all = |candidates: Vec<PathBuf>| -> Vec<Binaries> {
        let inspected = candidates.iter().map(|folder| Binaries::inspect(folder));
        inspected
            .filter_map(|outcome| outcome.map_err(|reason| rejected.push(reason)).ok())
            .collect()
    };
    let mut found = inspect_all(preferred);
    let mut installed = inspect_all(usual);
    installed.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
    found.append(&mut installed);

    let wanted = hints.data_dir.as_deref().and_then(major_of_cluster);
    let fitting = found
        .iter()
        .position(|binaries| wanted.is_none_or(|major| binaries.major == major));
    match (fitting, found.is_empty()) {
        (_, true) => Err(NotFound {
            rejected,
            advice: InstallAdvice::detect(hints.path.as_deref()),
        }),
        (fitting, false) => Ok(found.swap_remove(fitting.unwrap_or(0))),
    }
}

fn major_of_cluster(data_dir: &Path) -> Option<u32> {
    let version = fs::read_to_string(placement::version_file(data_dir)).ok()?;
    version.trim().parse().ok()
}

fn ask_version(postgres: &Path) -> Result<u32, String> {
    let output = Command::new(postgres)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    parse_major(&said).ok_or_else(|| format!("`postgres --version` said {:?}", said.trim()))
}

/// Reads the major version from, for example, `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`
/// or `postgres (PostgreSQL) 18beta1`.
fn parse_major(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "no PostgreSQL {MINIMUM_MAJOR} or newer was found on this machine"
        )?;
        for Rejected { folder, reason } in &self.rejected {
            writeln!(f, "  {}: {reason}", folder.display())?;
        }
        match &self.advice {
            Some(advice) => writeln!(f, "install it with:      {advice}")?,
            None => writeln!(f, "install it with this system's package manager")?,
        }
        writeln!(
            f,
            "or name its folder:   TALLYSTICK_PG_BIN=/path/to/postgresql/bin"
        )?;
        write!(
            f,
            "or use a database:    TALLYSTICK_DATABASE__URL=postgres://user:password@host:5432/tallystick"
        )
    }
}

impl std::error::Error for NotFound {}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoServerPrograms => {
                f.write_str("the server programs `postgres` and `initdb` are not there")
            }
            Self::NotRunnable(said) => write!(f, "cannot be used: {said}"),
            Self::TooOld(major) => write!(f, "PostgreSQL {major} is too old"),
        }
    }
}

#[cfg(test)]
mod tests;
