//! `cargo xtask layers`: the map of `ARCHITECTURE.md`, enforced.
//!
//! The compiler refuses cycles and unknown crates; this refuses edges that compile but point the wrong way.

mod edges;
mod lockfile;
mod sql;

use std::fs;

use anyhow::{Context, ensure};

use crate::{process, sources};

/// Checks edges, Cargo.lock and the place of SQL, and reports everything that is wrong at once.
pub(crate) fn execute() -> anyhow::Result<()> {
    let root = process::root();
    let crates = edges::crates_of(&process::metadata()?)?;
    let lockfile = fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;

    let mut wrong = edges::violations(&crates);
    wrong.extend(lockfile::violations(&lockfile));
    wrong.extend(sql::violations(&sources::load(&root)?));

    for violation in &wrong {
        eprintln!("{violation}");
    }
    ensure!(wrong.is_empty(), "{} violations of the layers", wrong.len());
    println!("layers: {} crates, every edge allowed", crates.len());
    Ok(())
}
