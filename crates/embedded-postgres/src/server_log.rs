//! `PostgreSQL`'s log file.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use crate::{account::Account, error::StartError};

/// A log larger than this is put aside when the server starts; one older one is kept.
const SIZE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// How much of the end is shown in an error message.
const TAIL_LINES: usize = 20;
const TAIL_BYTES: u64 = 16 * 1024;

/// The log file, and where the present attempt to start began in it.
#[derive(Debug)]
pub(crate) struct ServerLog {
    path: PathBuf,
    start: u64,
}

impl ServerLog {
    /// Opens the log, and makes or rotates it first where needed.
    pub(crate) fn open(path: PathBuf, account: &Account) -> Result<Self, StartError> {
        let prepare = || -> io::Result<()> {
            if fs::metadata(&path).is_ok_and(|log| log.len() > SIZE_BYTES_MAX) {
                fs::rename(&path, path.with_extension("log.1"))?;
            }
            account.own_file(&append(&path)?)
        };
        prepare().map_err(StartError::folder("open the log", &path))?;
        let mut log = Self { path, start: 0 };
        log.begin_attempt();
        Ok(log)
    }

    /// From now on, only what is written later counts.
    pub(crate) fn begin_attempt(&mut self) {
        self.start = fs::metadata(&self.path).map_or(0, |log| log.len());
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A descriptor for `PostgreSQL` to write to.
    pub(crate) fn writer(&self) -> io::Result<File> {
        append(&self.path)
    }

    /// The last lines of the present attempt.
    pub(crate) fn tail(&self) -> String {
        let text = self.read().unwrap_or_else(|error| error.to_string());
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
    }

    fn read(&self) -> io::Result<String> {
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(
            self.start.max(length.saturating_sub(TAIL_BYTES)),
        ))?;
        let mut bytes = Vec::new();
        file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}
