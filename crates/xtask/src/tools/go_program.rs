//! Programs that judge what we do, for the tests: built by Go, which fetches and checks their sources, and kept for the
//! next time.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

use super::Tool;
use crate::process;

/// What the tests look for, below the top of the repository: a folder for each.
const FOLDER: &str = ".cache";
/// Names the version that is there; written last.
const MARK: &str = "version";

/// A program in Go.
struct GoProgram {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    /// What is not tested where it cannot be had.
    without: &'static str,
}

const ALL: [GoProgram; 3] = [
    GoProgram {
        name: "stripe-mock",
        package: "github.com/stripe/stripe-mock",
        version: "v0.203.0",
        without: "What is sent to Stripe is checked against the contract that the tests have recorded.",
    },
    GoProgram {
        name: "helm",
        package: "helm.sh/helm/v3/cmd/helm",
        version: "v3.18.6",
        without: "The chart is not rendered.",
    },
    // What `docker compose` reads its files with. Its program is called `cmd`.
    GoProgram {
        name: "compose-go",
        package: "github.com/compose-spec/compose-go/v2/cmd",
        version: "v2.9.0",
        without: "The compose file is read by our own tests only.",
    },
];

/// Makes sure that they are there. Where one cannot be had, says so: the tests go on without.
pub(crate) fn prepare_all(may_install: bool) {
    for program in ALL.iter().filter(|program| !program.is_there()) {
        let built = super::ensure(&[Tool::Go], may_install).and_then(|()| program.build());
        if let Err(error) = built {
            println!(
                "{} cannot be had here: {error:#}\n{}",
                program.name, program.without
            );
        }
    }
}

impl GoProgram {
    fn folder(&self) -> PathBuf {
        process::root().join(FOLDER).join(self.name)
    }

    fn is_there(&self) -> bool {
        fs::read_to_string(self.folder().join(MARK)).is_ok_and(|there| there == self.version)
    }

    fn build(&self) -> anyhow::Result<()> {
        let Self { name, version, .. } = self;
        println!("Building {name} {version} with Go");
        let folder = self.folder();
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove the old {name}"))?;
        }
        fs::create_dir_all(&folder)?;
        let go = super::find_program("go").context("there is no Go")?;
        let mut go = Command::new(go);
        go.arg("install")
            .arg(format!("{}@{version}", self.package))
            .env("GOBIN", &folder);
        process::run(&mut go)?;
        ensure!(
            folder.join(self.built_as()).is_file(),
            "Go ended well, and there is no {name}"
        );
        fs::write(folder.join(MARK), version).with_context(|| format!("cannot keep {name}"))
    }

    /// Go calls a program like the last folder of its package.
    fn built_as(&self) -> &Path {
        Path::new(self.package)
            .file_name()
            .map_or(Path::new(self.name), Path::new)
    }
}
