//! Making a new cluster.

use std::{
    fs::{self, File},
    io,
    process::Output,
    time::Duration,
};

use tokio::process::Command;

use crate::{
    binaries::Binaries,
    cluster::{ClusterOptions, SUPERUSER},
    error::StartError,
    placement::{Placement, make_private_folder},
};

/// `PostgreSQL` 17 has a C.UTF-8 of its own that is the same everywhere.
const BUILTIN_LOCALE: &[&str] = &[
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
];
const SYSTEM_LOCALE: &[&str] = &["--locale=C.UTF-8"];
/// For systems whose C library has no C.UTF-8. The encoding is UTF-8 all the same.
const PLAIN_LOCALE: &[&str] = &["--locale=C"];

/// Makes sure that there is a cluster that the binaries can run; makes one when there is none.
///
/// A new cluster gets its name only when it is complete and on the disk, so an interruption at any
/// moment leaves either no cluster or a whole one.
pub(crate) async fn ensure_cluster(
    placement: &Placement,
    options: &ClusterOptions,
) -> Result<(), StartError> {
    let cluster = placement.cluster();
    match fs::read_to_string(cluster.join("PG_VERSION")) {
        Ok(version) => check_version(placement, version.trim(), options.binaries.major()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let occupied = fs::read_dir(&cluster).is_ok_and(|mut entries| entries.next().is_some());
            if occupied {
                return Err(StartError::NotACluster { folder: cluster });
            }
            make_cluster(placement, options).await
        }
        Err(error) => Err(StartError::folder("read the version of", &cluster)(error)),
    }
}

fn check_version(placement: &Placement, cluster: &str, binaries: u32) -> Result<(), StartError> {
    if cluster == binaries.to_string() {
        return Ok(());
    }
    Err(StartError::VersionMismatch {
        folder: placement.cluster(),
        cluster: cluster.to_owned(),
        binaries,
    })
}

async fn make_cluster(placement: &Placement, options: &ClusterOptions) -> Result<(), StartError> {
    let (cluster, staging) = (placement.cluster(), placement.staging());
    tracing::info!(folder = %cluster.display(), "initialising a PostgreSQL cluster");
    let preferred = if options.binaries.major() >= 17 {
        BUILTIN_LOCALE
    } else {
        SYSTEM_LOCALE
    };
    let mut output = initdb(placement, options, preferred).await?;
    if !output.status.success() {
        output = initdb(placement, options, PLAIN_LOCALE).await?;
    }
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(StartError::Initialise {
            status: output.status,
            output: String::from_utf8_lossy(&said).trim().to_owned(),
        });
    }
    fs::rename(&staging, &cluster).map_err(StartError::folder("move into its place", &staging))?;
    let home = placement.home();
    File::open(home)
        .and_then(|home| home.sync_all())
        .map_err(StartError::folder("write to the disk", home))
}

async fn initdb(
    placement: &Placement,
    options: &ClusterOptions,
    locale: &[&str],
) -> Result<Output, StartError> {
    let staging = placement.staging();
    match fs::remove_dir_all(&staging) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StartError::folder("remove the unfinished", &staging)(error));
        }
        _ => {}
    }
    make_private_folder(&staging, placement.account())?;
    let mut command = placement
        .account()
        .command(&program(&options.binaries), &staging);
    command
        .arg("-D")
        .arg(&staging)
        .args(["-U", SUPERUSER, "--encoding=UTF8", "--auth=trust"])
        .args(["--no-instructions"])
        .args(locale);
    if options.disposable {
        command.arg("--no-sync");
    }
    run(command, options.start_limit)
        .await?
        .map_err(|source| StartError::NotRunnable {
            program: program(&options.binaries),
            uid: placement.account().uid(),
            source,
        })
}

fn program(binaries: &Binaries) -> std::path::PathBuf {
    binaries.program("initdb")
}

async fn run(
    command: std::process::Command,
    limit: Duration,
) -> Result<io::Result<Output>, StartError> {
    let output = Command::from(command).kill_on_drop(true).output();
    tokio::time::timeout(limit, output)
        .await
        .map_err(|_| StartError::InitialiseTooSlow { limit })
}
