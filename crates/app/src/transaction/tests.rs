use std::{sync::Mutex, time::Duration};

use domain::version::Version;
use futures_util::FutureExt;
use tokio::sync::{Notify, mpsc};
use tracing_subscriber::util::SubscriberInitExt;

use super::*;
use crate::{
    ports::{AggregateKind, MockCommitListener, Touched},
    testing::{FakeTransactor, FakeUnitOfWork, INVOICE, ORGANIZATION},
};

mod listeners;

const PATIENCE: Duration = Duration::from_secs(10);

/// A use case that does what the test says.
struct Doing<F>(F);

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("no")]
    No,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl<F, R> CommandHandler<u32> for Doing<F>
where
    F: Fn(u32) -> R + Send + Sync + 'static,
    R: Future<Output = Result<u32, Refusal>> + Send,
{
    type Output = u32;
    type Error = Refusal;

    const NAME: &'static str = "doing";
    const ISOLATION: Isolation = Isolation::Serializable;

    async fn handle(&self, command: &u32, _uow: &mut dyn UnitOfWork) -> Result<u32, Refusal> {
        (self.0)(*command).await
    }
}

fn touched() -> Vec<Touched> {
    vec![Touched {
        kind: AggregateKind::Invoice,
        organization_id: ORGANIZATION,
        id: INVOICE.as_uuid(),
        version: Version::FIRST,
    }]
}

fn committing() -> FakeTransactor {
    FakeTransactor::over(FakeUnitOfWork::default()).touching(touched())
}

/// Hears of one commit, and of what it changed.
fn hearing_once() -> Arc<dyn CommitListener> {
    let mut listener = MockCommitListener::new();
    listener
        .expect_committing()
        .withf(|ahead| ahead == touched())
        .return_const(());
    listener
        .expect_committed()
        .once()
        .withf(|heard| heard == touched())
        .return_const(());
    Arc::new(listener)
}

/// Fails the test when it hears of anything.
fn hearing_nothing() -> Arc<dyn CommitListener> {
    Arc::new(MockCommitListener::new())
}

#[tokio::test]
async fn a_command_that_succeeds_is_committed_and_every_listener_hears_of_it() {
    let transactor = committing().shared();
    let bus = CommandBus::new(transactor.clone(), [hearing_once(), hearing_once()]);
    let doubling = Arc::new(Doing(|n| async move { Ok(2 * n) }));

    let done = bus.execute(doubling, 21).await;

    assert_eq!(done.unwrap(), 42);
    assert_eq!(transactor.tally(), (1, 1, 0));
}

#[tokio::test]
async fn the_transaction_is_opened_as_the_use_case_needs_it() {
    let transactor = committing().shared();
    let bus = CommandBus::new(transactor.clone(), []);

    bus.execute(Arc::new(Doing(|n| async move { Ok(n) })), 1)
        .await
        .unwrap();

    let spec = TransactionSpec {
        name: "doing",
        isolation: Isolation::Serializable,
    };
    assert_eq!(transactor.specs(), [spec]);
}

#[tokio::test]
async fn a_command_that_is_refused_is_rolled_back_and_nobody_hears_of_it() {
    let transactor = committing().shared();
    let bus = CommandBus::new(transactor.clone(), [hearing_nothing()]);
    let refusing = Arc::new(Doing(|_| async { Err(Refusal::No) }));

    let refused = bus.execute(refusing, 1).await;

    assert!(matches!(refused, Err(Refusal::No)));
    assert_eq!(transactor.tally(), (1, 0, 1));
}

#[tokio::test]
async fn a_lost_race_is_run_again_from_the_start_and_heard_of_once() {
    let transactor = committing().losing(2).shared();
    let bus = CommandBus::new(transactor.clone(), [hearing_once()]);
    let runs = Arc::new(Mutex::new(Vec::new()));
    let counting = Arc::new(Doing({
        let runs = runs.clone();
        move |n| {
            let mut runs = runs.lock().unwrap();
            runs.push(n);
            std::future::ready(Ok(u32::try_from(runs.len()).unwrap()))
        }
    }));

    let done = bus.execute(counting, 7).await;

    assert_eq!(done.unwrap(), 3);
    assert_eq!(*runs.lock().unwrap(), [7, 7, 7]);
    assert_eq!(transactor.tally(), (3, 1, 0));
}

#[tokio::test]
async fn a_commit_that_changed_nothing_is_not_heard_of() {
    let transactor = FakeTransactor::over(FakeUnitOfWork::default()).shared();
    let bus = CommandBus::new(transactor.clone(), [hearing_nothing()]);

    let done = bus
        .execute(Arc::new(Doing(|n| async move { Ok(n) })), 1)
        .await;

    assert!(done.is_ok());
    assert_eq!(transactor.tally(), (1, 1, 0));
}

#[tokio::test]
async fn a_commit_that_did_not_happen_is_an_error_and_nobody_hears_of_it() {
    let out_of_reach = FakeTransactor::default().shared();
    let bus = CommandBus::new(out_of_reach, [hearing_nothing()]);

    let failed = bus
        .execute(Arc::new(Doing(|n| async move { Ok(n) })), 1)
        .await;

    let Err(Refusal::Storage(why)) = failed else {
        panic!("{failed:?}");
    };
    assert!(matches!(why, StorageError::Unavailable(_)));
}

/// Loses the answer to every commit.
struct Doubtful;

#[async_trait]
impl Transactor for Doubtful {
    async fn run(
        &self,
        _spec: TransactionSpec,
        work: &mut dyn Work,
    ) -> Result<Vec<Touched>, StorageError> {
        work.attempt(&mut FakeUnitOfWork::default()).await;
        work.in_doubt(touched());
        Err(StorageError::Unavailable("the answer was lost".into()))
    }
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_an_error_and_yet_heard_of() {
    let bus = CommandBus::new(Arc::new(Doubtful), [hearing_once()]);

    let failed = bus
        .execute(Arc::new(Doing(|n| async move { Ok(n) })), 1)
        .await;

    assert!(matches!(failed, Err(Refusal::Storage(_))));
}

/// Says that it did what it was asked to, and did not.
struct Idle;

#[async_trait]
impl Transactor for Idle {
    async fn run(
        &self,
        _spec: TransactionSpec,
        _work: &mut dyn Work,
    ) -> Result<Vec<Touched>, StorageError> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn a_command_that_was_never_run_is_an_error() {
    let bus = CommandBus::new(Arc::new(Idle), [hearing_nothing()]);

    let failed = bus
        .execute(Arc::new(Doing(|n| async move { Ok(n) })), 1)
        .await;

    assert!(matches!(failed, Err(Refusal::Storage(_))));
}

#[tokio::test]
async fn a_use_case_that_panics_is_an_error_and_not_the_end_of_its_caller() {
    let transactor = committing().shared();
    let bus = CommandBus::new(transactor.clone(), [hearing_nothing()]);
    let broken = Arc::new(Doing(|n| async move { Ok(1 / (n - 1)) }));

    let failed = bus.execute(broken, 1).await;

    assert!(matches!(failed, Err(Refusal::Storage(_))));
    assert_eq!(transactor.tally(), (1, 0, 0));
}

#[tokio::test]
async fn a_command_is_carried_to_its_end_and_heard_of_although_its_caller_has_gone() {
    let transactor = committing().shared();
    let (tell, mut heard) = mpsc::unbounded_channel();
    let mut listener = MockCommitListener::new();
    listener.expect_committing().return_const(());
    listener.expect_committed().once().returning(move |it| {
        tell.send(it.to_vec()).unwrap();
    });
    let listener: Arc<dyn CommitListener> = Arc::new(listener);
    let bus = CommandBus::new(transactor.clone(), [listener]);
    let gate = Arc::new(Notify::new());
    let waiting = Arc::new(Doing({
        let gate = gate.clone();
        move |n| {
            let gate = gate.clone();
            async move {
                gate.notified().await;
                Ok(n)
            }
        }
    }));

    let mut execution = Box::pin(bus.execute(waiting, 1));
    let answered = (&mut execution).now_or_never();
    assert!(answered.is_none());
    drop(execution);
    gate.notify_one();

    let heard = tokio::time::timeout(PATIENCE, heard.recv()).await;
    assert_eq!(heard.unwrap().unwrap(), touched());
    assert_eq!(transactor.tally(), (1, 1, 0));
}

#[tokio::test]
async fn what_a_use_case_logs_is_part_of_what_its_caller_does() {
    let _recording = tracing_subscriber::registry().set_default();
    let request = tracing::info_span!("request");
    let seen = Arc::new(Mutex::new(None));
    let looking = Arc::new(Doing({
        let seen = seen.clone();
        move |n| {
            *seen.lock().unwrap() = tracing::Span::current().id();
            std::future::ready(Ok(n))
        }
    }));

    CommandBus::new(committing().shared(), [])
        .execute(looking, 1)
        .instrument(request.clone())
        .await
        .unwrap();

    assert!(request.id().is_some());
    assert_eq!(*seen.lock().unwrap(), request.id());
}
