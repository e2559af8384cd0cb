//! The test programs that know the faults.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::list::Fault;
use crate::{
    process,
    test::{APART, FEATURES},
};

/// Each package with its test program.
const TARGETS: [(&str, &str); 4] = [
    ("tests", "faults"),
    ("server", "binary"),
    ("adapters-postgres", "it"),
    ("adapters-providers", "it"),
];

/// A test program.
pub(super) struct Program {
    package: &'static str,
    path: PathBuf,
    /// Where cargo would run it.
    folder: PathBuf,
}

/// All of them, built together with the binary that they run.
pub(super) struct Programs(Vec<Program>);

impl Programs {
    /// Builds them as `cargo xtask test` does, so that nothing is compiled twice.
    pub(super) fn build() -> anyhow::Result<Self> {
        let mut cargo = process::cargo();
        cargo.args(["build", "--workspace", "--bins", "--tests", "--features"]);
        let features = format!("{FEATURES},{APART}");
        cargo.args([&features, "--message-format", "json-render-diagnostics"]);
        let output = cargo.stderr(std::process::Stdio::inherit()).output()?;
        ensure!(output.status.success(), "the tests cannot be built");
        let messages = String::from_utf8_lossy(&output.stdout);
        let messages: Vec<Value> = messages
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let found = TARGETS.map(|target| Program::among(&messages, target));
        let programs: anyhow::Result<Vec<_>> = found.into_iter().collect();
        Ok(Self(programs?))
    }

    /// The test of this name, ready to be run; and its name in its program.
    pub(super) fn command(&self, test: &str) -> anyhow::Result<Command> {
        let (package, name) = test.split_once('/').unwrap_or(("tests", test));
        let program = self.0.iter().find(|program| program.package == package);
        let program = program.with_context(|| format!("no test program of {package}"))?;
        let mut command = process::as_from_shell(&program.path);
        command
            .current_dir(&program.folder)
            .args([name, "--exact", "--nocapture"]);
        Ok(command)
    }

    /// The faults with their tests, and after them the tests of faults that the list does not know.
    pub(super) fn with_unlisted(
        &self,
        faults: &[Fault],
    ) -> anyhow::Result<Vec<(&'static str, String)>> {
        let listed = faults.iter().flat_map(|(fault, tests)| {
            let test = |test: &&str| (*fault, (*test).to_owned());
            tests.iter().map(test)
        });
        let mut all: Vec<(&'static str, String)> = listed.collect();
        let faults = self.0.first().context("no test program of faults")?;
        let told = process::output_of(Command::new(&faults.path).arg("--list"))
            .context("the tests of faults cannot be listed")?;
        let names = told.lines().filter_map(|line| line.strip_suffix(": test"));
        for name in names {
            if !all.iter().any(|(_, test)| test == name) {
                all.push(("", name.to_owned()));
            }
        }
        Ok(all)
    }
}

impl Program {
    fn among(
        messages: &[Value],
        (package, target): (&'static str, &'static str),
    ) -> anyhow::Result<Self> {
        let is_it = |message: &&Value| {
            let manifest = message["manifest_path"].as_str().unwrap_or_default();
            let folder = Path::new(manifest).parent().and_then(Path::file_name);
            message["reason"] == "compiler-artifact"
                && message["target"]["kind"][0] == "test"
                && message["target"]["name"] == target
                && folder.is_some_and(|folder| folder == package)
        };
        let message = messages.iter().find(is_it);
        let message = message.with_context(|| format!("{package} has no tests {target}"))?;
        let text = |name: &str| message[name].as_str().map(PathBuf::from);
        let manifest = text("manifest_path").unwrap_or_default();
        Ok(Self {
            package,
            path: text("executable").context("a test program has a path")?,
            folder: manifest.parent().map(Path::to_owned).unwrap_or_default(),
        })
    }
}
