//! What the engine does where others post to the same accounts.

use async_trait::async_trait;
use domain::{
    ids::AccountId,
    ledger::{Folio, Standing},
};
use tokio::{
    sync::{Semaphore, mpsc},
    time::Instant,
};

use super::{super::dispatcher::ALONE_MAX, *};
use crate::{
    ports::{
        BatchWritten, Decide, KeyedAnswer, PostingBatch, PostingStore, StorageError,
        SystemAccountOf,
    },
    testing::standing,
};

/// For what takes no time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A store whose writes wait until they are let through, and tell when they are begun.
struct Gated {
    store: Arc<MemoryPostingStore>,
    gate: Semaphore,
    begun: mpsc::UnboundedSender<Begun>,
}

/// A write that is begun.
struct Begun {
    at: Instant,
    has_read: bool,
}

impl Gated {
    async fn begin(&self, has_read: bool) {
        let at = Instant::now();
        self.begun.send(Begun { at, has_read }).unwrap();
        self.gate.acquire().await.unwrap().forget();
    }
}

#[async_trait]
impl PostingStore for Gated {
    async fn load(&self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError> {
        self.store.load(folios).await
    }

    async fn write(&self, batch: &PostingBatch) -> Result<BatchWritten, StorageError> {
        self.begin(false).await;
        self.store.write(batch).await
    }

    async fn write_locked(
        &self,
        folios: &[Folio],
        decide: &mut Decide<'_>,
    ) -> Result<BatchWritten, StorageError> {
        self.begin(true).await;
        self.store.write_locked(folios, decide).await
    }

    async fn answers(&self, keys: &[KeyScope]) -> Result<Vec<KeyedAnswer>, StorageError> {
        self.store.answers(keys).await
    }

    async fn busy(&self, folios: &[Folio]) -> Result<Vec<Folio>, StorageError> {
        self.store.busy(folios).await
    }

    async fn system_accounts(
        &self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError> {
        self.store.system_accounts(accounts).await
    }
}

/// An engine over accounts 1 to 9, whose writes pass the gate as often as it is told.
struct Scene {
    engine: PostingEngine,
    store: Arc<Gated>,
    begun: mpsc::UnboundedReceiver<Begun>,
}

impl Scene {
    fn new() -> Self {
        let (told, begun) = mpsc::unbounded_channel();
        let store = Arc::new(Gated {
            store: MemoryPostingStore::with((1..=9).map(|account| standing(account, 100))),
            gate: Semaphore::new(0),
            begun: told,
        });
        let parts = EngineParts {
            store: store.clone(),
            clock: FixedClock::at(NOW),
            ids: Arc::new(SequentialIds::default()),
        };
        let (engine, running) = PostingEngine::start(parts, settings());
        tokio::spawn(running);
        Self {
            engine,
            store,
            begun,
        }
    }

    fn let_through(&self, writes: usize) {
        self.store.gate.add_permits(writes);
    }

    /// Posts from account 1, as often as that takes.
    async fn post(&mut self, name: &str) -> Vec<Begun> {
        self.let_through(2);
        let answer = ask_each(&self.engine, name, transfer(1, 2, 1)).await;
        assert_eq!(answer.unwrap(), "posted");
        self.store.gate.forget_permits(2);
        std::iter::from_fn(|| self.begun.try_recv().ok()).collect()
    }

    /// Somebody else posts to account 1.
    fn interfere(&self) {
        self.store.store.see(|stored| {
            let page = stored.standings.get_mut(&standing(1, 0).folio).unwrap();
            page.version = page.version.next();
        });
    }

    /// Asks for two transfers of different accounts at once. Tells how much later the second write is begun, while the
    /// first is not let through.
    async fn between_two(&mut self) -> Duration {
        ask_each(&self.engine, "one", transfer(3, 4, 1));
        let one = self.begun.recv().await.unwrap();
        ask_each(&self.engine, "other", transfer(5, 6, 1));
        let other = self.begun.recv().await.unwrap();
        other.at - one.at
    }
}

fn reads(writes: &[Begun]) -> Vec<bool> {
    writes.iter().map(|begun| begun.has_read).collect()
}

#[tokio::test]
async fn nothing_that_is_remembered_is_relied_on_for_some_batches_after_it_was_out_of_date() {
    let mut scene = Scene::new();
    let at_first = scene.post("first").await;
    scene.interfere();

    let disappointed = scene.post("second").await;
    let mut later = Vec::new();
    for n in 0..9 {
        later.extend(scene.post(&format!("later {n}")).await);
    }

    assert_eq!(reads(&at_first), [false]);
    assert_eq!(reads(&disappointed), [false, true]);
    assert_eq!(reads(&later)[..8], [true; 8]);
    assert_eq!(reads(&later)[8..], [false]);
}

#[tokio::test]
async fn batches_of_different_accounts_are_written_at_once() {
    let mut between = Vec::new();

    // On a busy machine one or the other takes a while by itself.
    for _ in 0..20 {
        between.push(Scene::new().between_two().await);
    }

    assert!(between.iter().any(|it| *it < ALONE_MAX), "{between:?}");
}

#[tokio::test]
async fn where_others_post_to_the_same_accounts_a_batch_is_alone_until_it_waits_for_somebody() {
    let mut scene = Scene::new();
    scene.post("first").await;
    scene.interfere();
    scene.post("second").await;

    let later = scene.between_two().await;

    assert!(later >= ALONE_MAX, "{later:?}");
}

#[tokio::test]
async fn however_many_wait_for_one_account_the_others_do_not() {
    let mut scene = Scene::new();
    ask_each(&scene.engine, "stuck", transfer(1, 2, 1));
    scene.begun.recv().await.unwrap();
    for number in 0..2_500 {
        ask_each(
            &scene.engine,
            &format!("behind {number}"),
            transfer(1, 2, 1),
        );
    }
    let waiting = scene.engine.waiting();
    while waiting.count() < 2_501 {
        tokio::task::yield_now().await;
    }

    ask_each(&scene.engine, "other", transfer(5, 6, 1));
    let meanwhile = tokio::time::timeout(PATIENCE, scene.begun.recv()).await;

    assert!(meanwhile.is_ok(), "the other one waits for the first");
}

#[tokio::test]
async fn those_who_wait_are_counted_also_while_the_storage_does_not_answer() {
    let mut scene = Scene::new();
    let waiting = scene.engine.waiting();
    let asked: Vec<_> = (0..10)
        .map(|number| ask_each(&scene.engine, &format!("{number}"), transfer(1, 2, 1)))
        .collect();
    scene.begun.recv().await.unwrap();
    while waiting.count() < 10 {
        tokio::task::yield_now().await;
    }

    scene.let_through(10);
    for answer in asked {
        assert_eq!(answer.await.unwrap(), "posted");
    }

    assert_eq!(waiting.count(), 0);
}
