//! The release before the newest migration, built to run beside this one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};

use crate::process;

/// The test that runs it.
pub(super) const TEST: &str = "upgrade::";
/// Where the test finds it.
pub(super) const VARIABLE: &str = "TALLYSTICK_PREVIOUS_BINARY";

const FOLDER: &str = "target/faults";

/// Builds the commit before the one that brought the newest migration, unless that was done before.
pub(super) fn build() -> anyhow::Result<PathBuf> {
    let commit = commit()?;
    let folder = process::root().join(FOLDER);
    let (source, kept) = (
        folder.join("previous"),
        folder.join(format!("tallystick-{commit}")),
    );
    if kept.is_file() {
        return Ok(kept);
    }
    println!("Building {commit}, which does not know the newest migration yet");
    fs::create_dir_all(&folder)?;
    forget(&source);
    let mut checkout = git();
    checkout.args(["worktree", "add", "--force", "--detach"]);
    process::run(checkout.arg(&source).arg(&commit))?;
    let built = compile(&source, &folder.join("build"));
    forget(&source);
    fs::copy(built?, &kept).context("cannot keep the binary of the previous release")?;
    Ok(kept)
}

fn commit() -> anyhow::Result<String> {
    let mut log = git();
    log.args(["log", "--max-count=1", "--diff-filter=A", "--format=%H^"]);
    log.args(["--", "migrations"]);
    let newest = process::output_of(&mut log).context("git does not know the migrations")?;
    ensure!(!newest.is_empty(), "no commit has brought a migration");
    let mut parse = git();
    parse.args(["rev-parse", "--verify", &newest]);
    process::output_of(&mut parse).context("there is nothing before the newest migration")
}

/// In a target folder of its own: cargo takes the crates of two checkouts in one folder for each other.
fn compile(source: &Path, target: &Path) -> anyhow::Result<PathBuf> {
    let mut cargo = process::cargo();
    cargo.current_dir(source);
    cargo.args(["build", "--package", "server", "--target-dir"]);
    process::run(cargo.arg(target))?;
    Ok(target.join("debug/tallystick"))
}

fn forget(source: &Path) {
    let mut remove = git();
    remove.args(["worktree", "remove", "--force"]).arg(source);
    // There is none, as a rule.
    let _ = process::output_of(&mut remove);
}

fn git() -> Command {
    process::as_from_shell("git")
}
