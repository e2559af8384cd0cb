//! A private Python environment: nothing is installed into the user's.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;

use crate::process;

const REQUIREMENTS: &str = "tests/contract/requirements.txt";

/// The folder of programs in `<work>/venv`, which is made anew when the requirements have changed.
pub(super) fn programs(work: &Path) -> anyhow::Result<PathBuf> {
    let venv = work.join("venv");
    let requirements = process::root().join(REQUIREMENTS);
    let wanted = fs::read_to_string(&requirements).context(REQUIREMENTS)?;
    // Written last, so that an interrupted installation is not taken for a whole one.
    let stamp = venv.join("requirements-installed.txt");
    if fs::read_to_string(&stamp).unwrap_or_default() != wanted {
        fs::create_dir_all(work)?;
        process::run(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&venv),
        )?;
        let mut pip = Command::new(venv.join("bin/python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]);
        process::run(pip.arg(&requirements))?;
        fs::write(&stamp, wanted)?;
    }
    Ok(venv.join("bin"))
}
