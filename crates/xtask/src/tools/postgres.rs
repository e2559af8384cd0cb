//! Finds PostgreSQL's server programs as the crate embedded-postgres does.
//!
//! It is not asked itself: with it, tokio and the database driver would have to be compiled before the first word.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::process;

const MINIMUM_MAJOR: u32 = 15;

/// Where distributions and installers put the server programs; a `*` stands for a version.
const USUAL_FOLDERS: [&str; 16] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/usr/lib/postgresql*/bin",
    "/usr/lib64/postgresql-*/bin",
    "/usr/lib/psql*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/run/current-system/sw/bin",
    "/usr/local/pgsql/bin",
    "/usr/local/bin",
    "/usr/bin",
];

/// A folder with `postgres` and `initdb` of a version that is new enough: the one that `TALLYSTICK_PG_BIN` names or nothing;
/// else on the PATH, by `pg_config`, or in a usual place.
pub(super) fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("TALLYSTICK_PG_BIN") {
        let named = PathBuf::from(named);
        return [named.join("bin"), named]
            .into_iter()
            .find(|folder| is_usable(folder));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let configured =
        process::output_of(Command::new("pg_config").arg("--bindir")).map(PathBuf::from);
    let usual = USUAL_FOLDERS.iter().flat_map(|pattern| expand(pattern));
    env::split_paths(&path)
        .chain(configured)
        .chain(usual)
        .find(|folder| is_usable(folder))
}

fn is_usable(folder: &Path) -> bool {
    let postgres = folder.join("postgres");
    if !postgres.is_file() || !folder.join("initdb").is_file() {
        return false;
    }
    let version = process::output_of(Command::new(postgres).arg("--version"));
    version
        .and_then(|said| major_of(&said))
        .is_some_and(|major| major >= MINIMUM_MAJOR)
}

/// 15 of `postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)`, 18 of `postgres (PostgreSQL) 18beta1`.
fn major_of(said: &str) -> Option<u32> {
    let (_, version) = said.split_once("(PostgreSQL) ")?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

/// The folders that match the pattern's one `*`.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let rest = after.trim_start_matches('/');
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let versions = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    versions.map(|entry| entry.path().join(rest)).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)", Some(15))]
    #[case("postgres (PostgreSQL) 18beta1", Some(18))]
    #[case("mysqld 8", None)]
    fn the_major_version_is_read(#[case] said: &str, #[case] expected: Option<u32>) {
        assert_eq!(major_of(said), expected);
    }

    #[test]
    fn the_star_of_a_pattern_is_a_version() {
        let parent = tempfile::tempdir().unwrap();
        for name in ["pgsql-15", "pgsql-17", "other"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }

        let mut found = expand(&format!("{}/pgsql-*/bin", parent.path().display()));

        found.sort();
        assert_eq!(
            found,
            [
                parent.path().join("pgsql-15/bin"),
                parent.path().join("pgsql-17/bin")
            ]
        );
    }
}
