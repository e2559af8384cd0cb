//! Which process, if any, runs a cluster.

use std::{fs, io, os::unix::ffi::OsStrExt, path::Path};

use rustix::{
    io::Errno,
    process::{Pid, test_kill_process},
};

const PID_FILE: &str = "postmaster.pid";

/// The postmaster that runs the cluster, by the pid file and the table of processes.
pub(crate) fn running_postmaster(cluster: &Path) -> Option<Pid> {
    recorded_pid(cluster).filter(|pid| is_postmaster_of(*pid, cluster))
}

/// Removes what a dead postmaster left behind where `PostgreSQL` itself would stumble over it.
///
/// It takes a pid file seriously as soon as the process id in it is in use, which after a restart
/// of a container is likely: ids are small there and soon given to someone else. A pid file whose
/// process is gone is left alone, since `PostgreSQL` finds orphaned back ends by it.
///
/// Must only be called while the folder is locked and no postmaster runs on it.
pub(crate) fn remove_stale_files(cluster: &Path, socket: &Path) -> io::Result<()> {
    if recorded_pid(cluster).is_some_and(is_in_use) {
        fs::remove_file(cluster.join(PID_FILE))?;
    }
    for entry in fs::read_dir(socket)? {
        let entry = entry?;
        if entry.file_name().as_bytes().starts_with(b".s.PGSQL.") {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether this process is a living postmaster of this cluster, and not another program that was
/// given the same process id, nor a dead one that nobody has waited for.
///
/// We start `postgres` with the cluster's path as an argument, and a postmaster keeps its command
/// line (its children overwrite theirs).
pub(crate) fn is_postmaster_of(pid: Pid, cluster: &Path) -> bool {
    let expected = cluster.as_os_str().as_bytes();
    if Path::new("/proc/self/cmdline").exists() {
        let command_line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        return command_line
            .split(|byte| *byte == 0)
            .any(|argument| argument == expected);
    }
    let listed = std::process::Command::new("ps")
        .args(["-ww", "-o", "args=", "-p", &pid.to_string()])
        .output();
    listed.is_ok_and(|listed| {
        let mut windows = listed.stdout.windows(expected.len());
        windows.any(|window| window == expected)
    })
}

/// The process id as an unsigned number, as the standard library has it.
pub(crate) fn number(pid: Pid) -> u32 {
    pid.as_raw_nonzero().get().cast_unsigned()
}

fn recorded_pid(cluster: &Path) -> Option<Pid> {
    let text = fs::read_to_string(cluster.join(PID_FILE)).ok()?;
    // A negative number is the id of a stand-alone back end.
    let number: i32 = text.lines().next()?.trim().parse().ok()?;
    Pid::from_raw(number.abs())
}

fn is_in_use(pid: Pid) -> bool {
    !matches!(test_kill_process(pid), Err(Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_pid_file(cluster: &Path, pid: u32) {
        fs::write(cluster.join(PID_FILE), format!("{pid}\n/data\n")).unwrap();
    }

    #[test]
    fn another_program_with_the_recorded_id_is_not_a_postmaster() {
        let cluster = tempfile::tempdir().unwrap();
        write_pid_file(cluster.path(), std::process::id());

        assert_eq!(running_postmaster(cluster.path()), None);
    }

    #[test]
    fn a_pid_file_with_the_id_of_another_program_is_removed_and_so_are_old_sockets() {
        let cluster = tempfile::tempdir().unwrap();
        let socket = tempfile::tempdir().unwrap();
        write_pid_file(cluster.path(), std::process::id());
        fs::write(socket.path().join(".s.PGSQL.5432.lock"), "1\n").unwrap();

        remove_stale_files(cluster.path(), socket.path()).unwrap();

        assert!(!cluster.path().join(PID_FILE).exists());
        assert_eq!(fs::read_dir(socket.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_pid_file_whose_process_is_gone_is_left_to_postgresql() {
        let cluster = tempfile::tempdir().unwrap();
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        write_pid_file(cluster.path(), ended.id());
        ended.wait().unwrap();

        remove_stale_files(cluster.path(), cluster.path()).unwrap();

        assert!(cluster.path().join(PID_FILE).exists());
    }
}
