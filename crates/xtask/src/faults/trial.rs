//! One fault, tried out.

use std::{fs, path::Path, time::Instant};

use serde_json::Value;

use super::{previous, programs::Programs};
use crate::process;

/// What came of it.
pub(super) struct Trial {
    pub(super) fault: &'static str,
    pub(super) test: String,
    pub(super) seconds: u64,
    /// What the test has counted; null if it counts nothing.
    pub(super) counted: Value,
    has_passed: bool,
}

impl Trial {
    /// Runs the test. What it prints is shown if it fails.
    pub(super) fn run(
        programs: &Programs,
        (fault, test): (&'static str, &str),
        previous: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let folder = process::root().join("target/faults");
        fs::create_dir_all(&folder)?;
        let report = folder.join("report.json");
        // One of an earlier test, perhaps.
        let _ = fs::remove_file(&report);
        let mut command = programs.command(test)?;
        command.env("TALLYSTICK_FAULT_REPORT", &report);
        if let Some(binary) = previous {
            command.env(previous::VARIABLE, binary);
        }
        let begun = Instant::now();
        let output = command.output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let has_passed = output.status.success() && said.contains("1 passed");
        if !has_passed {
            eprintln!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
        }
        let counted = fs::read_to_string(&report).unwrap_or_default();
        Ok(Self {
            fault,
            test: test.to_owned(),
            seconds: begun.elapsed().as_secs(),
            counted: serde_json::from_str(&counted).unwrap_or_default(),
            has_passed,
        })
    }

    pub(super) fn has_passed(&self) -> bool {
        self.has_passed
    }

    pub(super) fn verdict(&self) -> &'static str {
        if self.has_passed { "ok" } else { "FAILED" }
    }

    /// In a line, while the others are still to come.
    pub(super) fn line(&self) -> String {
        format!("{} ... {} ({} s)", self.test, self.verdict(), self.seconds)
    }
}
