//! Starting other programs, and showing what they say while reading it.

use std::{
    env,
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{ChildStdout, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

use anyhow::{Context, ensure};

/// What `cargo run` sets for *this* package. Build scripts of others (ring's) ask cargo to watch these variables, so handing
/// them on would rebuild half of the tree at every change between `cargo xtask …` and plain cargo.
const CARGO_RUN_VARIABLES: [&str; 6] = [
    "CARGO_PKG_",
    "CARGO_MANIFEST_",
    "CARGO_BIN_",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// How long a pipe may be silent before it is asked whether its writer is still there.
const STILL_OPEN: Duration = Duration::from_millis(200);

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or(here.clone(), PathBuf::from)
}

/// The cargo that started this program, in the workspace's folder, as if called from a shell.
pub(crate) fn cargo() -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut cargo = as_from_shell(program);
    if in_ci() {
        // Nobody builds twice in CI; incremental data would only cost time and space.
        cargo.env("CARGO_INCREMENTAL", "0");
    }
    cargo
}

/// A program, in the workspace's folder, without what cargo has told this one about itself.
pub(crate) fn as_from_shell(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in env::vars_os() {
        let name_text = name.to_string_lossy();
        if CARGO_RUN_VARIABLES
            .iter()
            .any(|prefix| name_text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    command
}

/// Whether this is a run by a CI system (`CI=true`).
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| matches!(value.as_str(), "true" | "1"))
}

/// The command as a person would type it.
pub(crate) fn as_typed(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program
        .file_stem()
        .map_or_else(String::new, |name| name.to_string_lossy().into());
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program)
        .chain(arguments)
        .map(|word| quoted(&word))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=/.:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Runs it with the terminal as its own; an exit code other than 0 is an error.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let typed = as_typed(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start `{typed}`"))?;
    ensure!(status.success(), "`{typed}` failed ({status})");
    Ok(())
}

/// Runs it and hands every line of its standard output to `see`, after showing it. Standard error goes straight through.
/// Answers whether it succeeded.
pub(crate) fn run_watched(
    command: &mut Command,
    mut see: impl FnMut(&str),
) -> anyhow::Result<bool> {
    let typed = as_typed(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{typed}`"))?;
    let lines = lines_of(child.stdout.take().context("no standard output to read")?);
    loop {
        match lines.recv_timeout(STILL_OPEN) {
            Ok(line) => {
                // A closed terminal must not stop the tests half-way.
                let _ = std::io::stdout().write_all(&line);
                see(&String::from_utf8_lossy(&line));
            }
            // Whoever holds the pipe open after its end (a server that a test has left behind) is not waited for.
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    return Ok(status.success());
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(child.wait()?.success()),
        }
    }
}

fn lines_of(output: ChildStdout) -> Receiver<Vec<u8>> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        while output
            .read_until(b'\n', &mut line)
            .is_ok_and(|read| read > 0)
        {
            if sender.send(std::mem::take(&mut line)).is_err() {
                break;
            }
        }
    });
    lines
}

/// What it prints on standard output; nothing if it cannot start or fails.
pub(crate) fn output_of(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What `cargo metadata` says of the workspace's own crates.
pub(crate) fn metadata() -> anyhow::Result<serde_json::Value> {
    let mut cargo = cargo();
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let printed = output_of(&mut cargo).context("cargo metadata failed")?;
    serde_json::from_str(&printed).context("cargo metadata printed no JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("/usr/bin/sh");
        command.args(["-c", "echo it's", "a=b"]);

        let typed = as_typed(&command);

        assert_eq!(typed, r"sh -c 'echo it'\''s' a=b");
    }

    #[test]
    fn lines_are_seen_and_the_exit_code_is_told() {
        let mut seen = Vec::new();

        let succeeded = run_watched(
            Command::new("sh").args(["-c", "echo one; echo two; exit 3"]),
            |line| {
                seen.push(line.trim().to_owned());
            },
        );

        assert!(!succeeded.unwrap());
        assert_eq!(seen, ["one", "two"]);
    }

    #[test]
    fn a_process_that_is_left_behind_is_not_waited_for() {
        let mut left_behind = String::new();

        let succeeded = run_watched(
            Command::new("sh").args(["-c", "sleep 600 & echo $!"]),
            |line| left_behind = line.trim().to_owned(),
        );

        assert!(succeeded.unwrap());
        let ended = output_of(Command::new("kill").arg(&left_behind));
        assert!(ended.is_some(), "it was still there");
    }
}
