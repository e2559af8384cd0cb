//! The lock that keeps a second server off a data folder.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

use crate::error::StartError;

const FILE_NAME: &str = "lock";

/// A locked folder. The kernel lets go of the lock when this process ends in whatever way.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: File,
}

impl FolderLock {
    /// Locks the folder, or says who holds it.
    pub(crate) fn acquire(folder: &Path) -> Result<Self, StartError> {
        let path = folder.join(FILE_NAME);
        let mut file = open(&path).map_err(StartError::folder("open the lock file", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StartError::FolderInUse {
                    folder: folder.to_owned(),
                    holder: read_holder(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => {
                return Err(StartError::folder("lock", &path)(source));
            }
        }
        write_holder(&mut file).map_err(StartError::folder("write", &path))?;
        Ok(Self { file })
    }

    /// The file that carries the lock.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Unlocking by hand, since a child that is just being spawned may hold a copy of the
        // descriptor for a moment longer.
        let emptied = self.file.set_len(0);
        let unlocked = self.file.unlock();
        if let Err(error) = emptied.and(unlocked) {
            tracing::warn!(%error, "the data folder's lock was not released in an orderly way");
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o644)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}

fn read_holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}
