//! The command line that `PostgreSQL` is started with, and its access rules.

use std::{
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::Path,
};

use crate::{cluster::ClusterOptions, placement::Placement};

/// The arguments of `postgres`. They win over the cluster's own `postgresql.conf`, so that nothing
/// left in there takes away durability or privacy; the caller's settings come last and win over all.
pub(crate) fn arguments(placement: &Placement, options: &ClusterOptions) -> Vec<OsString> {
    let addresses = match options.tcp {
        Some(_) => "127.0.0.1",
        None => "",
    };
    let mut arguments = vec![OsString::from("-D"), placement.cluster().into_os_string()];
    let mut set = |name: &str, value: &OsStr| {
        let mut setting = OsString::from(name);
        setting.push("=");
        setting.push(value);
        arguments.extend([OsString::from("-c"), setting]);
    };
    set("listen_addresses", addresses.as_ref());
    set("port", options.port().to_string().as_ref());
    set("unix_socket_directories", &quoted(placement.socket()));
    set("unix_socket_permissions", "0700".as_ref());
    set("hba_file", placement.access_rules().as_os_str());
    set("logging_collector", "off".as_ref());
    set("log_destination", "stderr".as_ref());
    // Some messages are recognised when a start fails.
    set("lc_messages", "C".as_ref());
    set("timezone", "UTC".as_ref());
    set("log_timezone", "UTC".as_ref());
    set("fsync", "on".as_ref());
    set("full_page_writes", "on".as_ref());
    set("synchronous_commit", "on".as_ref());
    for (name, value) in &options.settings {
        set(name, value.as_ref());
    }
    arguments
}

/// Writes who may connect: over the socket anyone who can enter its private folder, also for copies; over TCP, if
/// that was asked for, local programs that know the password.
pub(crate) fn write_access_rules(
    placement: &Placement,
    options: &ClusterOptions,
) -> io::Result<()> {
    let mut rules = String::from("local all all trust\nlocal replication all trust\n");
    if options.tcp.is_some() {
        rules.push_str("host all all 127.0.0.1/32 scram-sha-256\n");
    }
    fs::write(placement.access_rules(), rules)?;
    placement
        .account()
        .own_file(&fs::File::open(placement.access_rules())?)
}

/// Whether the postmaster that runs on this cluster was started with exactly these arguments, by
/// the note that it leaves in its data directory.
pub(crate) fn was_started_with(cluster: &Path, arguments: &[OsString]) -> bool {
    let mut expected = Vec::new();
    for argument in arguments {
        expected.extend_from_slice(b" \"");
        expected.extend_from_slice(argument.as_bytes());
        expected.push(b'"');
    }
    fs::read(cluster.join("postmaster.opts"))
        .is_ok_and(|noted| noted.trim_ascii_end().ends_with(&expected))
}

/// The setting is a list separated by commas; quotes make any path one element of it.
fn quoted(folder: &Path) -> OsString {
    let mut quoted = vec![b'"'];
    for byte in folder.as_os_str().as_bytes() {
        if *byte == b'"' {
            quoted.push(b'"');
        }
        quoted.push(*byte);
    }
    quoted.push(b'"');
    OsString::from_vec(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_commas_and_quotes_stays_one_element() {
        assert_eq!(quoted(Path::new("/a,b \"c")), "\"/a,b \"\"c\"");
    }

    #[test]
    fn the_note_of_the_postmaster_tells_whether_the_arguments_are_the_same() {
        let cluster = tempfile::tempdir().unwrap();
        let note = "/usr/lib/postgresql/15/bin/postgres \"-D\" \"/data\" \"-c\" \"port=5432\"\n";
        fs::write(cluster.path().join("postmaster.opts"), note).unwrap();
        let arguments = ["-D", "/data", "-c", "port=5432"].map(OsString::from);
        let others = ["-D", "/data", "-c", "port=5433"].map(OsString::from);

        assert!(was_started_with(cluster.path(), &arguments));
        assert!(!was_started_with(cluster.path(), &others));
    }
}
