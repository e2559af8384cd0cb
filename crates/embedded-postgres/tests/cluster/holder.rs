//! Another process that holds a cluster: the example `holder`, which cargo builds beside the tests.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

const MARK: &str = "holder: ";

/// What the other process is to do.
pub(crate) enum Task<'a> {
    /// Start a cluster in the folder and hold it until told to end.
    Start(&'a Path),
    /// Start a temporary cluster and hold it until told to end.
    Temporary,
    /// Start a shared test server in a static, and return from the test right away.
    SharedAndExit,
}

/// The other process. It is killed when this value is dropped.
pub(crate) struct Holder {
    process: Child,
    _stdin: ChildStdin,
    /// `Ok`: the postmaster's process id and the folder of the database files; `Err`: why not.
    pub(crate) outcome: Result<(u32, String), String>,
}

impl Holder {
    pub(crate) fn run(task: &Task<'_>) -> Self {
        Self::spawn(Command::new(program()), task)
    }

    /// Runs a copy of the program as another user.
    pub(crate) fn run_as(uid: u32, program: &Path, task: &Task<'_>) -> Self {
        let mut command = Command::new(program);
        command.uid(uid).gid(uid).current_dir("/");
        Self::spawn(command, task)
    }

    fn spawn(mut command: Command, task: &Task<'_>) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut stdin = process.stdin.take().unwrap();
        let order = match task {
            Task::Start(folder) => format!("start {}", folder.display()),
            Task::Temporary => "temporary".to_owned(),
            Task::SharedAndExit => "shared".to_owned(),
        };
        writeln!(stdin, "{order}").unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut lines = output.lines().map_while(Result::ok);
        let report = lines
            .find_map(|line| line.split_once(MARK).map(|(_, report)| report.to_owned()))
            .unwrap_or_else(|| "error it ended without a report".to_owned());
        let outcome = match report.split_once(' ').unwrap() {
            ("error", message) => Err(message.to_owned()),
            (pid, folder) => Ok((pid.parse().unwrap(), folder.to_owned())),
        };
        Self {
            process,
            _stdin: stdin,
            outcome,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// SIGKILL, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Waits until it has ended by itself.
    pub(crate) fn wait(&mut self) {
        self.process.wait().unwrap();
    }

    fn end(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.end();
    }
}

/// The example's binary: `target/<profile>/examples/holder`, where this one is in `target/<profile>/deps`.
pub(crate) fn program() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let profile = this.parent().and_then(Path::parent).unwrap();
    profile.join("examples").join("holder")
}
