//! Where the binary under test is.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// The binary `tallystick` that was built in the same profile as these tests.
fn path() -> PathBuf {
    let test = std::env::current_exe().expect("a running program has a path");
    // target/<profile>/deps/<test>
    let profile = test
        .ancestors()
        .nth(2)
        .expect("tests are built into target/<profile>/deps");
    let binary = profile.join("tallystick");
    assert!(
        binary.is_file(),
        "{} is missing: build it with `cargo build --package server`",
        binary.display()
    );
    binary
}

/// A command line of the binary, free of the settings that the surroundings have for a service of their own.
pub fn command() -> Command {
    command_of(None)
}

/// The same of another binary.
pub(crate) fn command_of(other: Option<&Path>) -> Command {
    static PATH: LazyLock<PathBuf> = LazyLock::new(path);
    let mut command = Command::new(other.unwrap_or_else(|| PATH.as_path()));
    for (name, _) in environment() {
        if name.to_string_lossy().starts_with("TALLYSTICK_") {
            command.env_remove(name);
        }
    }
    command
}

/// The binary of the release before the newest migration, where `cargo xtask faults` has built it.
pub fn previous_binary() -> Option<PathBuf> {
    variable("TALLYSTICK_PREVIOUS_BINARY").map(PathBuf::from)
}

/// The name of the image under test, where `cargo xtask image` has built one.
pub fn image_under_test() -> Option<String> {
    variable("TALLYSTICK_IMAGE")?.into_string().ok()
}

/// A variable of the surroundings.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    environment()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value)
}

fn environment() -> impl Iterator<Item = (OsString, OsString)> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests start processes, which inherit it"
    )]
    std::env::vars_os()
}
