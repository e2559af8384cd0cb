//! A database with the adapter on top of it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use adapters_postgres::{Database, DatabaseOptions, PgTransactor};
use app::{
    ports::{IdGenerator, Outcome, StorageError, Transactor, UnitOfWork},
    testing::{FixedClock, NOW, stored_key, stored_organization},
    transaction::CommandBus,
};
use domain::{
    customers::Customer,
    ids::OrganizationId,
    invoicing::Invoice,
    platform::{ApiKey, Organization, OrganizationFacts},
};
use embedded_postgres::testing::Pooler;
use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Admin, Held, SPEC, migrated_database, piece, pieces::Writing, reached_at};

/// Ids in the order of a counter, above those that tests choose.
#[derive(Default)]
pub(crate) struct CountedIds(AtomicU64);

impl IdGenerator for CountedIds {
    fn new_id(&self) -> Uuid {
        let count = u128::from(self.0.fetch_add(1, Ordering::SeqCst));
        Uuid::from_u128((0x019a_0000_0000_7000_8000 << 48) + count)
    }
}

/// A database, and what the application uses it through. Patient, since the machine may be busy.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) database: Database,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) ids: Arc<CountedIds>,
    pub(crate) transactor: Arc<PgTransactor>,
    pub(crate) bus: CommandBus,
}

impl World {
    /// With organization 1 and its key in it.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, with other options.
    pub(crate) async fn with(change: impl FnOnce(&mut DatabaseOptions)) -> Self {
        let world = Self::at(migrated_database().await, change);
        world.populate().await;
        world
    }

    /// The same behind a pooler.
    pub(crate) async fn behind(pooler: &Pooler, change: impl FnOnce(&mut DatabaseOptions)) -> Self {
        let url = migrated_database().await;
        let world = Self::at(url.clone(), |options| {
            options.url = pooler.address_of(&url);
            options.direct_url = Some(url);
            change(options);
        });
        world.populate().await;
        world
    }

    /// The same without anything in between: for what is about the sessions of the server.
    pub(crate) async fn directly(change: impl FnOnce(&mut DatabaseOptions)) -> Self {
        let url = migrated_database().await;
        let world = Self::at(url.clone(), |options| {
            options.url = url;
            options.direct_url = None;
            change(options);
        });
        world.populate().await;
        world
    }

    async fn populate(&self) {
        self.found(stored_organization()).await;
        let stored = self.write(|uow| {
            async move { uow.api_keys().insert(&ApiKey::restore(stored_key())).await }.boxed()
        });
        stored.await.unwrap();
    }

    /// On a database that is there.
    pub(crate) fn at(url: String, change: impl FnOnce(&mut DatabaseOptions)) -> Self {
        let mut options = reached_at(url.clone());
        options.acquire_timeout = Duration::from_secs(30);
        options.lock_timeout = Duration::from_secs(20);
        options.statement_timeout = Duration::from_secs(30);
        options.query_deadline = Duration::from_secs(30);
        change(&mut options);
        let database = Database::open(options).unwrap();
        let clock = FixedClock::at(NOW);
        let kept = Duration::from_hours(24);
        let transactor = Arc::new(PgTransactor::new(database.clone(), clock.clone(), kept));
        Self {
            url,
            database,
            clock,
            ids: Arc::default(),
            bus: CommandBus::new(transactor.clone(), []),
            transactor,
        }
    }

    pub(crate) async fn admin(&self) -> Admin {
        Admin::connect(&self.url).await
    }

    /// Stores an organization.
    pub(crate) async fn found(&self, organization: Organization) {
        let stored = self.write(move |uow| {
            let organization = organization.clone();
            async move { uow.organizations().insert(&organization).await }.boxed()
        });
        stored.await.unwrap();
    }

    /// Stores another organization.
    pub(crate) async fn found_another(&self, id: OrganizationId) {
        let facts = stored_organization().facts().clone();
        self.found(Organization::restore(OrganizationFacts { id, ..facts }))
            .await;
    }

    /// Runs a piece of work in a transaction, which is kept when it succeeds.
    pub(crate) async fn write<T, F>(&self, piece: F) -> Result<T, StorageError>
    where
        T: Send,
        F: for<'u> FnMut(&'u mut (dyn UnitOfWork + 'u)) -> BoxFuture<'u, Result<T, StorageError>>
            + Send,
    {
        let mut writing = Writing::new(piece);
        self.transactor.run(SPEC, &mut writing).await?;
        writing.result.unwrap()
    }

    /// Runs a piece of work, and leaves its transaction open.
    pub(crate) async fn hold<F>(&self, mut work: F) -> Held
    where
        F: for<'u> FnMut(&'u mut (dyn UnitOfWork + 'u)) -> BoxFuture<'u, ()> + Send + 'static,
    {
        let (end, ended) = oneshot::channel();
        let (done, is_done) = oneshot::channel();
        let (mut ended, mut done) = (Some(ended), Some(done));
        let mut held = piece(move |uow| {
            let (ended, done) = (ended.take().unwrap(), done.take().unwrap());
            let working = work(uow);
            async move {
                working.await;
                done.send(()).unwrap();
                ended.await.unwrap_or(Outcome::Rollback)
            }
            .boxed()
        });
        let transactor = self.transactor.clone();
        let running = tokio::spawn(async move { transactor.run(SPEC, &mut held).await });
        is_done.await.unwrap();
        Held { end, running }
    }

    pub(crate) async fn store_customer(&self, customer: &Customer) {
        let customer = customer.clone();
        let stored = self.write(move |uow| {
            let customer = customer.clone();
            async move { uow.customers().insert(&customer).await }.boxed()
        });
        stored.await.unwrap();
    }

    pub(crate) async fn store_invoices(&self, invoices: Vec<Invoice>) {
        let invoices = Arc::new(invoices);
        let stored = self.write(move |uow| {
            let invoices = Arc::clone(&invoices);
            async move {
                for invoice in invoices.iter() {
                    uow.invoices().insert(invoice).await?;
                }
                Ok(())
            }
            .boxed()
        });
        stored.await.unwrap();
    }
}
