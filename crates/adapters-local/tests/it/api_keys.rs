//! API keys from memory.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use adapters_local::{CachedApiKeyQueries, KeyMemoryLimits};
use app::{
    paging::{Listing, Window},
    ports::{AggregateKind, ApiKeyQueries, CommitListener, StorageError, Touched},
};
use async_trait::async_trait;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeyFacts, KeyHash, KeyName, Scope, Scopes},
    version::Version,
};
use jiff::Timestamp;
use tokio::sync::Semaphore;
use uuid::Uuid;

const HASH: KeyHash = KeyHash([7; 32]);
const KEY: Uuid = Uuid::from_u128(7);

fn key() -> ApiKeyFacts {
    ApiKeyFacts {
        id: ApiKeyId::from_uuid(KEY),
        organization_id: OrganizationId::from_uuid(Uuid::nil()),
        name: KeyName::parse("a key").unwrap(),
        scopes: Scopes::new([Scope::All]).unwrap(),
        shown_prefix: String::new(),
        hash: HASH,
        created_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        revoked_at: None,
        version: Version::FIRST,
    }
}

/// Stored keys, with a gate that queries have to pass after they have read.
struct Storage {
    key: Mutex<ApiKeyFacts>,
    gate: Semaphore,
    queries: AtomicUsize,
    is_down: AtomicBool,
}

impl Storage {
    fn with_gate_for(queries: usize) -> Arc<Self> {
        Arc::new(Self {
            key: Mutex::new(key()),
            gate: Semaphore::new(queries),
            queries: AtomicUsize::new(0),
            is_down: AtomicBool::new(false),
        })
    }

    fn revoke(&self) {
        self.key.lock().unwrap().revoked_at = Some(Timestamp::UNIX_EPOCH);
    }

    fn queries(&self) -> usize {
        self.queries.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl ApiKeyQueries for Storage {
    async fn find_by_hash(&self, hash: KeyHash) -> Result<Option<Arc<ApiKeyFacts>>, StorageError> {
        self.queries.fetch_add(1, Ordering::SeqCst);
        let read = self.key.lock().unwrap().clone();
        self.gate.acquire().await.unwrap().forget();
        if self.is_down.load(Ordering::SeqCst) {
            return Err(StorageError::Unavailable("down".into()));
        }
        Ok((hash == HASH).then(|| Arc::new(read)))
    }

    async fn find(
        &self,
        _: OrganizationId,
        _: ApiKeyId,
    ) -> Result<Option<ApiKeyFacts>, StorageError> {
        Ok(None)
    }

    async fn list(
        &self,
        _: OrganizationId,
        _: Window,
    ) -> Result<Listing<ApiKeyFacts>, StorageError> {
        Err(StorageError::Contended { attempts: 1 })
    }
}

fn remembering(storage: &Arc<Storage>) -> Arc<CachedApiKeyQueries> {
    let storage: Arc<dyn ApiKeyQueries> = storage.clone();
    Arc::new(CachedApiKeyQueries::new(
        storage,
        KeyMemoryLimits::default(),
    ))
}

fn touched(kind: AggregateKind) -> Touched {
    Touched {
        kind,
        organization_id: OrganizationId::from_uuid(Uuid::nil()),
        id: KEY,
        version: Version::new(2),
    }
}

async fn is_revoked(keys: &CachedApiKeyQueries) -> bool {
    let found = keys.find_by_hash(HASH).await.unwrap();
    found.unwrap().revoked_at.is_some()
}

async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_key_and_an_unknown_hash_are_read_once() {
    let storage = Storage::with_gate_for(2);
    let keys = remembering(&storage);

    for _ in 0..10 {
        assert!(keys.find_by_hash(HASH).await.unwrap().is_some());
        assert!(keys.find_by_hash(KeyHash([8; 32])).await.unwrap().is_none());
    }

    assert_eq!(storage.queries(), 2);
}

#[tokio::test]
async fn many_who_ask_at_once_cost_one_query_though_the_first_of_them_goes_away() {
    let storage = Storage::with_gate_for(0);
    let keys = remembering(&storage);
    let asking: Vec<_> = (0..200)
        .map(|_| {
            let keys = keys.clone();
            tokio::spawn(async move { keys.find_by_hash(HASH).await })
        })
        .collect();
    settle().await;

    asking[0].abort();
    storage.gate.add_permits(1);
    for asked in asking.into_iter().skip(1) {
        assert!(asked.await.unwrap().unwrap().is_some());
    }

    assert_eq!(storage.queries(), 1);
}

#[tokio::test]
async fn a_key_revoked_here_opens_nothing_from_then_on() {
    let storage = Storage::with_gate_for(10);
    let keys = remembering(&storage);
    assert!(!is_revoked(&keys).await);

    storage.revoke();
    assert!(!is_revoked(&keys).await);
    keys.committed(&[touched(AggregateKind::ApiKey)]).await;

    assert!(is_revoked(&keys).await);
}

#[tokio::test]
async fn a_query_that_read_before_the_revocation_does_not_bring_the_key_back() {
    let storage = Storage::with_gate_for(0);
    let keys = remembering(&storage);
    let slow = tokio::spawn({
        let keys = keys.clone();
        async move { is_revoked(&keys).await }
    });
    settle().await;

    storage.revoke();
    keys.committed(&[touched(AggregateKind::ApiKey)]).await;
    storage.gate.add_permits(2);

    assert!(!slow.await.unwrap());
    assert!(is_revoked(&keys).await);
    assert!(is_revoked(&keys).await);
}

#[tokio::test]
async fn other_changes_make_nobody_forget() {
    let storage = Storage::with_gate_for(10);
    let keys = remembering(&storage);
    is_revoked(&keys).await;

    keys.committed(&[touched(AggregateKind::Invoice)]).await;
    is_revoked(&keys).await;

    assert_eq!(storage.queries(), 1);
}

#[tokio::test]
async fn what_is_remembered_answers_while_the_storage_is_down_and_the_rest_is_an_error() {
    let storage = Storage::with_gate_for(10);
    let keys = remembering(&storage);
    is_revoked(&keys).await;

    storage.is_down.store(true, Ordering::SeqCst);
    let known = keys.find_by_hash(HASH).await;
    let other = keys.find_by_hash(KeyHash([8; 32])).await;

    assert!(known.unwrap().is_some());
    assert!(matches!(other, Err(StorageError::Unavailable(_))));
}
