//! The answer to COMMIT is lost: nobody knows whether it happened, until the request is repeated.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tempfile::TempDir;
use tests::{Client, Database, Generator, Service, Setup, Tenant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
};

use crate::{
    audit::audit,
    crew::Crew,
    load::{Load, Patience},
    transfers::{self, movers, open_accounts},
};

const CLIENTS: usize = 4;
const BUFFER: usize = 64 * 1024;
/// With the end of the statement: BEGIN names an isolation level that starts with the same letters.
const WORD: &[u8] = b"COMMIT\0";

/// No other statement of the service is as long as one that writes transfers.
const POSTING_MIN: usize = 1_000;

/// Stands between the service and its database, and cuts every fifth connection or so when it carries a COMMIT, or transfers
/// that are committed as they are written: before the database has got it, or before the service has got the answer.
pub(crate) struct Cutter {
    folder: TempDir,
    scissors: Arc<Scissors>,
}

#[derive(Default)]
struct Scissors {
    are_open: AtomicBool,
    cuts: AtomicUsize,
}

impl Cutter {
    pub(crate) fn before(database: &Database) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("tallystick-cutter-")
            .tempdir_in("/tmp")
            .expect("a temporary folder can be made");
        let server = database.socket();
        let name = server.file_name().expect("a socket has a name");
        let listener = UnixListener::bind(folder.path().join(name)).expect("the folder is ours");
        let scissors = Arc::<Scissors>::default();
        tokio::spawn(listen(listener, server, Arc::clone(&scissors)));
        Self { folder, scissors }
    }

    /// Where the database is reached through it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Begins to cut, or ends it.
    pub(crate) fn cut(&self, are_open: bool) {
        self.scissors.are_open.store(are_open, Ordering::Relaxed);
    }

    /// How many connections were cut.
    pub(crate) fn cuts(&self) -> usize {
        self.scissors.cuts.load(Ordering::Relaxed)
    }
}

async fn listen(listener: UnixListener, server: PathBuf, scissors: Arc<Scissors>) {
    while let Ok((client, _)) = listener.accept().await {
        let (server, scissors) = (server.clone(), Arc::clone(&scissors));
        tokio::spawn(async move {
            let server = UnixStream::connect(server)
                .await
                .expect("the database is up");
            // Whichever side has gone, the other notices.
            let _ = pass_until_cut(client, server, &scissors).await;
        });
    }
}

async fn pass_until_cut(
    mut client: UnixStream,
    mut server: UnixStream,
    scissors: &Scissors,
) -> std::io::Result<()> {
    let mut dice = Generator::default();
    let (mut up, mut down) = (vec![0; BUFFER], vec![0; BUFFER]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let request = &up[..read?];
                let is_fair = scissors.are_open.load(Ordering::Relaxed)
                    && (holds_commit(request) || request.len() >= POSTING_MIN);
                let chance = if is_fair { dice.below(10) } else { 9 };
                if chance > 0 {
                    server.write_all(request).await?;
                }
                if chance <= 1 {
                    if chance == 1 {
                        // It has got what it was sent when it says anything.
                        server.readable().await?;
                    }
                    scissors.cuts.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                if request.is_empty() {
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let answer = &down[..read?];
                client.write_all(answer).await?;
                if answer.is_empty() {
                    return Ok(());
                }
            }
        }
    }
}

pub(crate) fn holds_commit(bytes: &[u8]) -> bool {
    bytes.windows(WORD.len()).any(|window| window == WORD)
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_happens_once_or_not_at_all() {
    let (database, tenant, cutter) = cut_off_database().await;
    let service = Setup::on(&database.by_way_of(cutter.folder()))
        .start()
        .await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);

    cutter.cut(true);
    load.make_progress(60).await;
    let orders = load.finish().await;

    let cuts = cutter.cuts();
    assert!(cuts > 10, "only {cuts} connections were cut");
    audit(&tenant.at(&service), &database, &orders).await;
}

/// Two servers that share accounts, so that they post both on what they remember and on what they have locked.
pub(crate) struct CutOffPair {
    pub(crate) database: Database,
    pub(crate) accounts: Vec<String>,
    cutter: Cutter,
    tenant: Tenant,
    servers: [Service; 2],
}

impl CutOffPair {
    pub(crate) async fn start() -> Self {
        let (database, tenant, cutter) = cut_off_database().await;
        let setup = || Setup::on(&database.by_way_of(cutter.folder()));
        let servers = [setup().start().await, setup().start().await];
        Self {
            accounts: open_accounts(&tenant.at(&servers[0])).await,
            database,
            cutter,
            tenant,
            servers,
        }
    }

    /// So many, who ask one server or the other.
    pub(crate) fn clients(&self, count: usize) -> impl Iterator<Item = Client> {
        (0..count).map(|number| self.tenant.at(&self.servers[number % 2]))
    }

    /// Cuts until they have been answered so many times.
    pub(crate) async fn hear_of_little<T: Send + 'static>(&self, crew: &Crew<T>, answers: usize) {
        self.cutter.cut(true);
        crew.make_progress(answers).await;
        self.cutter.cut(false);
        let cuts = self.cutter.cuts();
        assert!(cuts > 20, "only {cuts} connections were cut");
    }
}

/// The schema and the organization are made before anything is cut.
async fn cut_off_database() -> (Database, Tenant, Cutter) {
    let database = Database::fresh().await;
    let tenant = {
        let service = Setup::on(&database).start().await;
        Tenant::on(service.database()).await
    };
    let cutter = Cutter::before(&database);
    (database, tenant, cutter)
}

#[tokio::test]
async fn transfers_whose_commit_nobody_hears_of_are_posted_once_by_two_servers() {
    let pair = CutOffPair::start().await;
    let crew = movers(pair.clients(2 * CLIENTS), &pair.accounts);

    pair.hear_of_little(&crew, 300).await;
    let posted = crew.finish().await.into_iter().sum();

    let client = pair.tenant.at(&pair.servers[0]);
    transfers::audit(&client, &pair.database, &pair.accounts, posted).await;
}
