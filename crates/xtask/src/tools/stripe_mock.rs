//! Stripe's own stand-in for its API, for the tests: built by Go, which fetches and checks it, and kept for the next time.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, ensure};

use super::Tool;
use crate::process;

/// What the tests look for, below the top of the repository.
const FOLDER: &str = ".cache/stripe-mock";
const VERSION: &str = "v0.203.0";
/// Names the version that is there; written last.
const MARK: &str = "version";

/// Makes sure that it is there. Where it cannot be had, says so: the tests go on without.
pub(crate) fn prepare(may_install: bool) {
    let folder = process::root().join(FOLDER);
    if is_there(&folder) {
        return;
    }
    let built = super::ensure(&[Tool::Go], may_install).and_then(|()| build(&folder));
    if let Err(error) = built {
        println!(
            "stripe-mock cannot be had here: {error:#}\nWhat is sent to Stripe is checked against the contract that the tests have \
             recorded."
        );
    }
}

fn is_there(folder: &Path) -> bool {
    fs::read_to_string(folder.join(MARK)).is_ok_and(|there| there == VERSION)
}

fn build(folder: &Path) -> anyhow::Result<()> {
    println!("Building stripe-mock {VERSION} with Go");
    if folder.exists() {
        fs::remove_dir_all(folder).context("cannot remove the old stripe-mock")?;
    }
    fs::create_dir_all(folder)?;
    let go = super::find_program("go").context("there is no Go")?;
    let mut go = Command::new(go);
    go.arg("install")
        .arg(format!("github.com/stripe/stripe-mock@{VERSION}"))
        .env("GOBIN", folder);
    process::run(&mut go)?;
    let program = folder.join("stripe-mock");
    ensure!(
        program.is_file(),
        "Go ended well, and there is no stripe-mock"
    );
    fs::write(folder.join(MARK), VERSION).context("cannot keep stripe-mock")
}
