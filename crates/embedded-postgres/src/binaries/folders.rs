//! The folders in which `PostgreSQL`'s programs may be.

use std::{
    collections::HashSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where distributions and installers put the server programs; a `*` stands for a version.
pub(super) const USUAL: &[&str] = &[
    "/usr/lib/postgresql/*/bin",   // Debian, Ubuntu
    "/usr/pgsql-*/bin",            // PGDG packages for RHEL, Fedora, SUSE
    "/usr/libexec/postgresql*",    // Alpine
    "/usr/lib/postgresql*/bin",    // openSUSE
    "/usr/lib64/postgresql-*/bin", // Gentoo
    "/usr/lib/psql*/bin",          // Void
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/Library/PostgreSQL/*/bin",
    "/opt/local/lib/postgresql*/bin", // MacPorts
    "/run/current-system/sw/bin",     // NixOS
    "/usr/local/pgsql/bin",           // built from source
    "/usr/local/bin",
    "/usr/bin", // Fedora, Arch
];

/// The folder that the configuration names; people also name the one above `bin`.
pub(super) fn named(folder: &Path) -> Vec<PathBuf> {
    let below = folder.join("bin");
    if !folder.join("postgres").is_file() && below.join("postgres").is_file() {
        return vec![below];
    }
    vec![folder.to_owned()]
}

/// The folders of `PATH` that hold `postgres`, then what the `pg_config` on `PATH` names.
pub(super) fn on_path(path: Option<&OsStr>) -> Vec<PathBuf> {
    let entries: Vec<PathBuf> = path
        .map(std::env::split_paths)
        .into_iter()
        .flatten()
        .collect();
    let with_server = entries
        .iter()
        .filter(|folder| folder.join("postgres").is_file());
    let mut folders: Vec<PathBuf> = with_server.cloned().collect();
    folders.extend(
        entries
            .iter()
            .find_map(|folder| ask_pg_config(&folder.join("pg_config"))),
    );
    distinct(folders)
}

/// The folders that match the patterns. One that is there for a version of `PostgreSQL` but holds no
/// server (only the client package is installed) is worth a line in the error message.
pub(super) fn usual(patterns: &[&str]) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for pattern in patterns {
        let for_a_version = pattern.contains('*');
        folders.extend(expand(pattern).into_iter().filter(|folder| {
            folder.join("postgres").is_file() || (for_a_version && folder.is_dir())
        }));
    }
    distinct(folders)
}

fn ask_pg_config(pg_config: &Path) -> Option<PathBuf> {
    if !pg_config.is_file() {
        return None;
    }
    let asked = Command::new(pg_config)
        .arg("--bindir")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let folder = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    folder.is_dir().then_some(folder)
}

/// Expands the one component of the pattern that has a `*`.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or((".", before));
    let (suffix, rest) = after.split_once('/').unwrap_or((after, ""));
    let Ok(entries) = fs::read_dir(Path::new(parent)) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| name.starts_with(prefix) && name.ends_with(suffix))
        .map(|name| Path::new(parent).join(name).join(rest))
        .collect()
}

/// Removes folders that are another one by a symbolic link, and keeps the order.
fn distinct(mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    folders.retain(|folder| seen.insert(fs::canonicalize(folder).unwrap_or(folder.clone())));
    folders
}
