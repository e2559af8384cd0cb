//! The schemas of what Kubernetes takes, for the tests of the chart: as `PyPI` has them, kept for the next time.

use std::{fs, path::Path, process::Command};

use anyhow::Context;

use super::Tool;
use crate::process;

/// What the tests look for, below the top of the repository: a file for each release of Kubernetes.
const FOLDER: &str = ".cache/kubernetes-schemas";
const PACKAGE: &str = "kubernetes-validate==1.37.0";
/// The oldest release that the chart admits, and the newest that the package knows.
const RELEASES: [&str; 2] = ["1.29.0", "1.37.0"];
/// Names the package that is there; written last.
const MARK: &str = "version";

/// Takes the definitions of a release out of the package: `<wheel> <release> <file>`.
const EXTRACT: &str = "import sys, zipfile; wheel, release, target = sys.argv[1:]; \
    name = f'kubernetes_validate/kubernetes-json-schema/v{release}-local-strict/_definitions.json'; \
    open(target, 'wb').write(zipfile.ZipFile(wheel).read(name))";

/// Makes sure that they are there. Where they cannot be had, says so: the tests go on without.
pub(crate) fn prepare(may_install: bool) {
    let folder = process::root().join(FOLDER);
    if is_there(&folder) {
        return;
    }
    let fetched = super::ensure(&[Tool::Python], may_install).and_then(|()| fetch(&folder));
    if let Err(error) = fetched {
        println!(
            "The schemas of Kubernetes cannot be had here: {error:#}\nThe chart is not held against them."
        );
    }
}

fn is_there(folder: &Path) -> bool {
    fs::read_to_string(folder.join(MARK)).is_ok_and(|there| there == PACKAGE)
}

fn fetch(folder: &Path) -> anyhow::Result<()> {
    println!("Fetching the schemas of Kubernetes ({PACKAGE}) with pip");
    if folder.exists() {
        fs::remove_dir_all(folder).context("cannot remove the old schemas")?;
    }
    let work = folder.join("work");
    fs::create_dir_all(&work)?;
    let venv = work.join("venv");
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let python = venv.join("bin/python");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "download", "--quiet"]).args([
        "--disable-pip-version-check",
        "--no-deps",
        "--dest",
    ]);
    process::run(pip.arg(&work).arg(PACKAGE))?;
    let wheel = wheel_in(&work).context("pip ended well, and there is no package")?;
    for release in RELEASES {
        let mut extract = Command::new(&python);
        extract.args(["-c", EXTRACT]).arg(&wheel).arg(release);
        process::run(extract.arg(folder.join(format!("{release}.json"))))?;
    }
    fs::remove_dir_all(&work).context("cannot tidy up")?;
    fs::write(folder.join(MARK), PACKAGE).context("cannot keep the schemas")
}

fn wheel_in(folder: &Path) -> Option<std::path::PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let mut paths = entries.map(|entry| entry.path());
    paths.find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}
