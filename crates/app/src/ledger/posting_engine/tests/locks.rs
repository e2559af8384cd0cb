//! What becomes of others while somebody keeps accounts locked.

use async_trait::async_trait;
use domain::ledger::{Folio, Standing};
use tokio::sync::{Semaphore, mpsc};

use super::*;
use crate::{
    ports::{
        BatchWritten, Decide, KeyedAnswer, PostingBatch, PostingStore, StorageError,
        SystemAccountOf,
    },
    testing::{Mishap, standing},
};

/// For what takes no time.
const PATIENCE: Duration = Duration::from_secs(20);

/// A store in which somebody keeps pages locked until they are let go of.
struct Locking {
    store: Arc<MemoryPostingStore>,
    locked: Vec<Folio>,
    released: Semaphore,
    waiting: mpsc::UnboundedSender<()>,
}

impl Locking {
    async fn wait_for(&self, mut folios: impl Iterator<Item = Folio>) {
        if folios.any(|folio| self.locked.contains(&folio)) {
            self.waiting.send(()).unwrap();
            let _let_go_of = self.released.acquire().await;
        }
    }
}

#[async_trait]
impl PostingStore for Locking {
    async fn load(&self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError> {
        self.store.load(folios).await
    }

    async fn write(&self, batch: &PostingBatch) -> Result<BatchWritten, StorageError> {
        let changed = batch.changes.iter().map(|change| change.after.folio);
        self.wait_for(changed).await;
        self.store.write(batch).await
    }

    async fn write_locked(
        &self,
        folios: &[Folio],
        decide: &mut Decide<'_>,
    ) -> Result<BatchWritten, StorageError> {
        self.wait_for(folios.iter().copied()).await;
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

#[tokio::test]
async fn while_all_lanes_wait_for_locks_others_are_let_pass() {
    let (told, mut waiting) = mpsc::unbounded_channel();
    let store = Arc::new(Locking {
        store: MemoryPostingStore::with((1..=9).map(|account| standing(account, 100))),
        locked: [1, 3].map(|account| standing(account, 0).folio).into(),
        released: Semaphore::new(0),
        waiting: told,
    });
    let parts = EngineParts {
        store: store.clone(),
        clock: FixedClock::at(NOW),
        ids: Arc::new(SequentialIds::default()),
    };
    let two_lanes = EngineSettings {
        lanes: 2,
        ..settings()
    };
    let (engine, running) = PostingEngine::start(parts, two_lanes);
    tokio::spawn(running);
    let mut held_up = Vec::new();
    for (name, account) in [("a", 1), ("b", 3)] {
        held_up.push(ask_each(&engine, name, transfer(account, account + 1, 1)));
        waiting.recv().await.unwrap();
    }

    let other = ask_each(&engine, "c", transfer(5, 6, 1));
    let other = tokio::time::timeout(PATIENCE, other).await;
    let again = ask_each(&engine, "d", transfer(6, 7, 1));
    let again = tokio::time::timeout(PATIENCE, again).await;
    store.released.close();

    assert_eq!(other.unwrap().unwrap(), "posted");
    assert_eq!(again.unwrap().unwrap(), "posted");
    for held_up in held_up {
        assert_eq!(held_up.await.unwrap(), "posted");
    }
}

#[tokio::test]
async fn an_account_that_was_found_locked_is_tried_by_itself_and_trusted_again() {
    let store = MemoryPostingStore::with((1..=4).map(|account| standing(account, 100)));
    let locked = Mishap::Locked(standing(1, 0).folio);
    store.see(|stored| stored.mishaps.push_back(locked));
    let engine = engine_over(&store, settings());

    let ask = |name, from| ask_each(&engine, name, transfer(from, from + 1, 1));

    let found = ask("a", 1).await.unwrap();
    let (suspected, other) = (ask("b", 1), ask("c", 3));
    let (suspected, other) = (suspected.await.unwrap(), other.await.unwrap());
    store.see(|stored| stored.mishaps.clear());
    let mut free = Vec::new();
    for name in ["d", "e"] {
        free.push(ask(name, 1).await.unwrap());
    }

    let contended = "gave up after 1 attempts because of concurrent writers";
    assert_eq!([found, suspected], [contended; 2]);
    assert_eq!(other, "posted");
    assert_eq!(free, ["posted"; 2]);
}
