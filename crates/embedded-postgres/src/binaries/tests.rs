use std::{fs, os::unix::fs::PermissionsExt};

use rstest::rstest;
use tempfile::TempDir;

use super::*;

/// Makes a folder with an `initdb` and a `postgres` that only tells its version.
fn install(parent: &Path, name: &str, version: &str) -> PathBuf {
    let folder = parent.join(name).join("bin");
    fs::create_dir_all(&folder).unwrap();
    for program in ["postgres", "initdb"] {
        let file = folder.join(program);
        fs::write(
            &file,
            format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n"),
        )
        .unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

fn pattern(root: &TempDir) -> String {
    format!("{}/pg-*/bin", root.path().display())
}

#[rstest]
#[case("postgres (PostgreSQL) 15.8 (Debian 15.8-0+deb12u1)", Some(15))]
#[case("postgres (PostgreSQL) 9.6.24\n", Some(9))]
#[case("postgres (PostgreSQL) 18beta1", Some(18))]
#[case("postgres (EnterpriseDB) 15", None)]
#[case("", None)]
fn the_major_version_is_read_from_what_postgres_says(
    #[case] said: &str,
    #[case] expected: Option<u32>,
) {
    assert_eq!(parse_major(said), expected);
}

#[test]
fn the_newest_of_the_usual_folders_is_taken() {
    let root = TempDir::new().unwrap();
    install(root.path(), "pg-9", "9.6.24");
    install(root.path(), "pg-15", "15.8");
    let newest = install(root.path(), "pg-17", "17.2");

    let found = find_among(&SearchHints::default(), &[&pattern(&root)]).unwrap();

    assert_eq!((found.folder(), found.major()), (newest.as_path(), 17));
}

#[test]
fn a_folder_on_path_comes_before_the_usual_ones() {
    let root = TempDir::new().unwrap();
    install(root.path(), "pg-17", "17.2");
    let on_path = install(root.path(), "mine", "16.1");
    let hints = SearchHints {
        path: Some(on_path.clone().into_os_string()),
        ..SearchHints::default()
    };

    let found = find_among(&hints, &[&pattern(&root)]).unwrap();

    assert_eq!(found.folder(), on_path);
}

#[test]
fn pg_config_on_path_leads_to_the_programs() {
    let root = TempDir::new().unwrap();
    let programs = install(root.path(), "elsewhere", "16.1");
    let pg_config = root.path().join("pg_config");
    fs::write(
        &pg_config,
        format!("#!/bin/sh\necho {}\n", programs.display()),
    )
    .unwrap();
    fs::set_permissions(&pg_config, fs::Permissions::from_mode(0o755)).unwrap();
    let hints = SearchHints {
        path: Some(root.path().into()),
        ..SearchHints::default()
    };

    let found = find_among(&hints, &[]).unwrap();

    assert_eq!(found.folder(), programs);
}

#[test]
fn a_cluster_gets_the_programs_of_its_own_version() {
    let root = TempDir::new().unwrap();
    let fitting = install(root.path(), "pg-15", "15.8");
    install(root.path(), "pg-17", "17.2");
    let data_dir = root.path().join("data");
    fs::create_dir_all(data_dir.join("postgres")).unwrap();
    fs::write(data_dir.join("postgres/PG_VERSION"), "15\n").unwrap();
    let hints = SearchHints {
        data_dir: Some(data_dir),
        ..SearchHints::default()
    };

    let found = find_among(&hints, &[&pattern(&root)]).unwrap();

    assert_eq!(found.folder(), fitting);
}

#[test]
fn the_named_folder_may_be_the_one_above_bin() {
    let root = TempDir::new().unwrap();
    let programs = install(root.path(), "pg-16", "16.1");
    let hints = SearchHints {
        folder: Some(root.path().join("pg-16")),
        ..SearchHints::default()
    };

    let found = Binaries::find(&hints).unwrap();

    assert_eq!(found.folder(), programs);
}

#[test]
fn a_named_folder_without_postgresql_is_not_replaced_by_another() {
    let root = TempDir::new().unwrap();
    install(root.path(), "pg-17", "17.2");
    let hints = SearchHints {
        folder: Some(root.path().join("empty")),
        ..SearchHints::default()
    };

    let refused = find_among(&hints, &[&pattern(&root)]).unwrap_err();

    assert!(
        refused
            .to_string()
            .contains("empty: the server programs `postgres` and `initdb` are not there")
    );
}

#[test]
fn the_message_says_what_was_seen_how_to_install_and_what_else_works() {
    let root = TempDir::new().unwrap();
    let old = install(root.path(), "pg-13", "13.4");
    let client_only = root.path().join("pg-16/bin");
    fs::create_dir_all(&client_only).unwrap();
    let tools = root.path().join("tools");
    fs::create_dir(&tools).unwrap();
    fs::write(tools.join("apk"), "").unwrap();
    let hints = SearchHints {
        path: Some(tools.into_os_string()),
        ..SearchHints::default()
    };

    let message = find_among(&hints, &[&pattern(&root)])
        .unwrap_err()
        .to_string();

    assert!(message.starts_with("no PostgreSQL 15 or newer was found on this machine\n"));
    for expected in [
        format!("{}: PostgreSQL 13 is too old", old.display()),
        format!("{}: the server programs", client_only.display()),
        "apk add postgresql".to_owned(),
        "TALLYSTICK_PG_BIN=".to_owned(),
        "TALLYSTICK_DATABASE__URL=postgres://".to_owned(),
    ] {
        assert!(message.contains(&expected), "{expected} not in:\n{message}");
    }
}
