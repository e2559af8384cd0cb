//! Data folders in all sorts of places, and who may use them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink},
    path::Path,
};

use embedded_postgres::{Cluster, StartError};

use crate::{
    holder::{Holder, Task},
    support::{Workplace, is_root, set_mode, sql, sql_at},
};

/// The user id of `nobody` on most systems; here only a user that is neither root nor we.
const NOBODY: u32 = 65534;

#[tokio::test]
async fn a_path_that_is_too_long_for_a_socket_works() {
    let place = Workplace::new();
    let data_dir = place.path().join("long".repeat(40)).join("data");
    let mut options = place.options_for(&data_dir);
    options.socket_root = place.path().join("s");
    fs::create_dir(&options.socket_root).unwrap();
    let socket_root = options.socket_root.clone();

    let cluster = Cluster::start(options).await.unwrap();

    assert!(cluster.socket_dir().starts_with(&socket_root));
    assert_eq!(
        fs::metadata(cluster.socket_dir())
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
    assert_eq!(sql_at(&cluster.connection_url(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_socket_folder_that_someone_else_made_first_is_refused() {
    let place = Workplace::new();
    let data_dir = place.path().join("long".repeat(40)).join("data");
    let mut options = place.options_for(&data_dir);
    options.socket_root = place.path().join("s");
    fs::create_dir(&options.socket_root).unwrap();
    let cluster = Cluster::start(options.clone()).await.unwrap();
    let socket = cluster.socket_dir().to_owned();
    cluster.stop().await.unwrap();
    fs::remove_dir_all(&socket).unwrap();
    symlink("/tmp", &socket).unwrap();

    let refused = Cluster::start(options).await.unwrap_err();

    assert!(
        matches!(refused, StartError::SocketFolderTaken { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_path_with_awkward_characters_works() {
    let place = Workplace::new();
    let data_dir = place.path().join("it's, \"a\" =dätä: %41 {x}");

    let cluster = Cluster::start(place.options_for(&data_dir)).await.unwrap();

    assert_eq!(sql_at(&cluster.connection_url(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn only_the_owner_can_look_into_the_cluster_and_its_socket() {
    let place = Workplace::new();

    let cluster = Cluster::start(place.options()).await.unwrap();

    for folder in [cluster.files().as_path(), cluster.socket_dir()] {
        let mode = fs::metadata(folder).unwrap().mode() & 0o777;
        assert_eq!(mode, 0o700, "{}", folder.display());
    }
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn root_never_runs_postgresql_as_root() {
    let place = Workplace::new();

    let cluster = Cluster::start(place.options()).await.unwrap();

    let server = fs::metadata(format!("/proc/{}", cluster.postmaster_pid()));
    let owner = fs::metadata(cluster.files()).unwrap().uid();
    assert_ne!(owner, 0);
    assert!(server.is_err() || server.is_ok_and(|server| server.uid() == owner));
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn below_a_closed_folder_the_cluster_is_placed_where_postgresql_can_enter() {
    if !is_root() {
        return;
    }
    let place = Workplace::new();
    let data_dir = closed_folder(&place).join("data");
    let options = place.options_for(&data_dir);

    let cluster = Cluster::start(options.clone()).await.unwrap();

    assert!(cluster.files().starts_with(&options.fallback_root));
    sql(
        &cluster.config(),
        "CREATE TABLE notes AS SELECT 'kept' AS text",
    )
    .await;
    cluster.stop().await.unwrap();
    let cluster = Cluster::start(options.clone()).await.unwrap();
    assert_eq!(
        sql(&cluster.config(), "SELECT text FROM notes").await,
        "kept"
    );
    let refused = Cluster::start(options).await.unwrap_err();
    assert!(
        matches!(refused, StartError::FolderInUse { .. }),
        "{refused}"
    );
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn removing_a_data_folder_begins_anew_also_where_the_cluster_was_placed_elsewhere() {
    if !is_root() {
        return;
    }
    let place = Workplace::new();
    let data_dir = closed_folder(&place).join("data");
    let options = place.options_for(&data_dir);
    let cluster = Cluster::start(options.clone()).await.unwrap();
    let first = cluster.files();
    cluster.stop().await.unwrap();
    fs::remove_dir_all(&data_dir).unwrap();

    let cluster = Cluster::start(options).await.unwrap();

    assert_ne!(cluster.files(), first);
    assert!(
        first.exists(),
        "nothing that may be dear to someone is removed"
    );
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_cluster_behind_a_door_that_was_closed_later_is_not_replaced_by_an_empty_one() {
    if !is_root() {
        return;
    }
    let place = Workplace::new();
    let parent = place.path().join("parent");
    let options = place.options_for(&parent.join("data"));
    Cluster::start(options.clone())
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
    set_mode(&parent, 0o700);

    let refused = Cluster::start(options.clone()).await.unwrap_err();

    assert!(
        matches!(refused, StartError::NotEnterable { .. }),
        "{refused}"
    );
    assert!(!options.fallback_root.exists());
}

#[tokio::test]
async fn a_cluster_that_root_copied_is_given_back_to_postgresql() {
    if !is_root() {
        return;
    }
    let place = Workplace::new();
    let cluster = Cluster::start(place.options()).await.unwrap();
    let files = cluster.files();
    cluster.stop().await.unwrap();
    own_tree_as_root(&files);

    let cluster = Cluster::start(place.options()).await.unwrap();

    assert_eq!(sql(&cluster.config(), "SELECT 1").await, "1");
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_user_who_is_not_root_runs_a_cluster_and_root_can_go_on_with_it() {
    if !is_root() {
        return;
    }
    let place = Workplace::new();
    let program = copy_of_this_program(&place);
    let theirs = place.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    chown(&theirs, Some(NOBODY), Some(NOBODY)).unwrap();
    set_mode(&theirs, 0o700);
    let data_dir = theirs.join("data");

    let holder = Holder::run_as(NOBODY, &program, &Task::Start(&data_dir));
    let (postmaster, files) = holder.outcome.clone().unwrap();
    holder.kill();
    let cluster = Cluster::start(place.options_for(&data_dir)).await.unwrap();

    assert_eq!(fs::metadata(&files).unwrap().uid(), NOBODY);
    assert_eq!(cluster.postmaster_pid(), postmaster, "root took it over");
    cluster.stop().await.unwrap();
    let holder = Holder::run_as(NOBODY, &program, &Task::Start(&data_dir));
    assert!(holder.outcome.is_ok(), "{:?}", holder.outcome);
    holder.kill();
    let cluster = Cluster::start(place.options_for(&data_dir)).await.unwrap();
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_user_who_is_not_root_is_told_that_a_cluster_belongs_to_another() {
    if !is_root() {
        return;
    }
    let place = Workplace::new();
    let program = copy_of_this_program(&place);
    Cluster::start(place.options())
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();

    let holder = Holder::run_as(NOBODY, &program, &Task::Start(&place.data_dir()));

    let message = holder.outcome.clone().unwrap_err();
    assert!(message.contains("belongs to another user"), "{message}");
}

/// A folder that only its owner, root, can enter.
fn closed_folder(place: &Workplace) -> std::path::PathBuf {
    let closed = place.path().join("closed");
    fs::create_dir(&closed).unwrap();
    set_mode(&closed, 0o700);
    closed
}

/// Another user may not be able to enter the folder that this program was built in.
fn copy_of_this_program(place: &Workplace) -> std::path::PathBuf {
    let copy = place.path().join("program");
    fs::copy(crate::holder::program(), &copy).unwrap();
    set_mode(&copy, 0o755);
    copy
}

fn own_tree_as_root(path: &Path) {
    std::os::unix::fs::lchown(path, Some(0), Some(0)).unwrap();
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).unwrap() {
            own_tree_as_root(&entry.unwrap().path());
        }
    }
}
