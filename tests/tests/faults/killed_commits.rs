//! A process that is killed between its commit and its next word, with others beside it that share a Redis.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::json;
use tempfile::TempDir;
use tests::{Database, Redis, Setup, Tenant, invoice};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::Notify,
};

use crate::lost_commits::holds_commit;

const BUFFER: usize = 64 * 1024;

/// Stands between the service and its database, and keeps the answer to a COMMIT to itself.
struct Keeper {
    folder: TempDir,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    keeps_answers: AtomicBool,
    is_committed: Notify,
}

impl Keeper {
    fn before(database: &Database) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-keeper-")
            .tempdir_in("/tmp")
            .expect("a temporary folder can be made");
        let server = database.socket();
        let name = server.file_name().expect("a socket has a name");
        let listener = UnixListener::bind(folder.path().join(name)).expect("the folder is ours");
        let state = Arc::<State>::default();
        tokio::spawn(listen(listener, server, Arc::clone(&state)));
        Self { folder, state }
    }
}

async fn listen(listener: UnixListener, server: PathBuf, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let (server, state) = (server.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let server = UnixStream::connect(server)
                .await
                .expect("the database is up");
            // Whichever side has gone, the other notices.
            let _ = pass(client, server, &state).await;
        });
    }
}

async fn pass(
    mut client: UnixStream,
    mut server: UnixStream,
    state: &State,
) -> std::io::Result<()> {
    let (mut up, mut down) = (vec![0; BUFFER], vec![0; BUFFER]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let request = &up[..read?];
                if request.is_empty() {
                    return Ok(());
                }
                server.write_all(request).await?;
                if holds_commit(request) && state.keeps_answers.load(Ordering::Relaxed) {
                    loop {
                        let length = server.read(&mut down).await?;
                        if length == 0 || holds_commit(&down[..length]) {
                            break;
                        }
                    }
                    state.is_committed.notify_one();
                    // Until the service has gone.
                    while client.read(&mut up).await? > 0 {}
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let answer = &down[..read?];
                if answer.is_empty() {
                    return Ok(());
                }
                client.write_all(answer).await?;
            }
        }
    }
}

#[tokio::test]
async fn what_was_committed_by_a_process_that_is_killed_is_what_others_answer() {
    let (redis, database) = (Redis::start().await, Database::fresh().await);
    let setup = |database| Setup::on(database).with("REDIS__URL", redis.url());
    let bystander = setup(&database).start().await;
    let tenant = Tenant::on(&database).await;
    let keeper = Keeper::before(&database);
    let behind_it = setup(&database.by_way_of(keeper.folder.path()));
    let killed = behind_it.in_role("api").start().await;
    let (writer, reader) = (tenant.at(&killed), tenant.at(&bystander));
    let path = format!("/invoices/{}", writer.create("/invoices", &invoice()).await);
    for _ in 0..2 {
        assert_eq!(reader.get(&path).await.expect(200)["version"], 1);
    }

    keeper.state.keeps_answers.store(true, Ordering::Relaxed);
    let change = json!({"notes": "new"});
    let changing = writer
        .patch(&path, &change)
        .idempotency_key("once")
        .attempt();
    let killing = async {
        keeper.state.is_committed.notified().await;
        killed.kill();
    };
    let (unanswered, ()) = tokio::join!(changing, killing);

    assert!(unanswered.is_err());
    assert_eq!(reader.get(&path).await.expect(200)["notes"], "new");
    let again = reader.patch(&path, &change).idempotency_key("once").await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.expect(200)["notes"], "new");
    assert_eq!(reader.get(&path).await.expect(200)["version"], 2);
}
