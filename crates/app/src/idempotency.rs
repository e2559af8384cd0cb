//! Carries out a command once per key: the answer is stored in the command's own transaction.
//!
//! A refusal is an answer too. Its transaction is rolled back, so it is remembered in one of its own right afterwards;
//! whoever was quicker in between decides what all further calls are answered.

use std::sync::Arc;

use crate::{
    ports::{Claim, Fingerprint, Isolation, KeyScope, StorageError, UnitOfWork},
    transaction::{CommandBus, CommandHandler},
};

/// What the caller is told, spelt out, and whether a repeated call is to be told the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The answer in the caller's own encoding.
    pub bytes: Vec<u8>,
    /// Whether it is the outcome of the request, and not of the circumstances it came in.
    pub is_final: bool,
}

/// Spells out what came of a command.
pub trait Render<O, E>: Send + Sync + 'static {
    /// The answer to give.
    fn render(&self, result: Result<&O, &E>) -> Answer;
}

impl<O, E, F> Render<O, E> for F
where
    F: Fn(Result<&O, &E>) -> Answer + Send + Sync + 'static,
{
    fn render(&self, result: Result<&O, &E>) -> Answer {
        self(result)
    }
}

/// A key, and what it is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// The key.
    pub scope: KeyScope,
    /// What is asked for under it.
    pub fingerprint: Fingerprint,
}

/// A command under a key.
pub struct Keyed<C, R> {
    /// The key.
    pub key: KeyUse,
    /// The command.
    pub command: C,
    /// How its outcome is spelt out.
    pub render: R,
}

/// The answer, and whether it is of this call or of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The command was carried out now.
    Fresh(Vec<u8>),
    /// It had been carried out before.
    Replayed(Vec<u8>),
}

/// Why a keyed command was not answered.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// The key belongs to another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The first request under the key is not answered yet.
    #[error("the first request with this idempotency key is still in progress")]
    InProgress,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Executes a command under a key: however often it is called, there is one effect and one answer.
pub async fn execute_once<H, C, R>(
    bus: &CommandBus,
    handler: Arc<H>,
    keyed: Keyed<C, R>,
) -> Result<Reply, OnceError>
where
    H: CommandHandler<C>,
    H::Output: 'static,
    H::Error: 'static,
    C: Send + Sync + 'static,
    R: Render<H::Output, H::Error>,
{
    let key = keyed.key.clone();
    match bus.execute(Arc::new(Once(handler)), keyed).await {
        Ok(reply) => Ok(reply),
        Err(Stopped::Key(why)) => Err(why),
        Err(Stopped::Refused(answer)) if answer.is_final => {
            let refusal = Refusal {
                key,
                answer: answer.bytes,
            };
            bus.execute(Arc::new(RememberRefusal), refusal).await
        }
        Err(Stopped::Refused(answer)) => Ok(Reply::Fresh(answer.bytes)),
    }
}

/// The answer that is kept under a key, if there is one, and it is that to the same request. Nothing is carried out.
pub async fn recall(bus: &CommandBus, key: KeyUse) -> Result<Option<Vec<u8>>, StorageError> {
    bus.execute(Arc::new(Recall), key).await
}

/// Looks for an answer that is kept.
struct Recall;

impl CommandHandler<KeyUse> for Recall {
    type Output = Option<Vec<u8>>;
    type Error = StorageError;

    const NAME: &'static str = "recall_answer";

    async fn handle(
        &self,
        key: &KeyUse,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        let keys = uow.idempotency_keys();
        match keys.claim(&key.scope, &key.fingerprint).await? {
            Claim::Replay(answer) => Ok(Some(answer)),
            Claim::First | Claim::InProgress | Claim::Mismatch => Ok(None),
        }
    }
}

/// Wraps a handler so that each key has one effect.
struct Once<H>(Arc<H>);

enum Stopped {
    Key(OnceError),
    Refused(Answer),
}

impl From<StorageError> for Stopped {
    fn from(error: StorageError) -> Self {
        Self::Key(OnceError::Storage(error))
    }
}

impl From<OnceError> for Stopped {
    fn from(error: OnceError) -> Self {
        Self::Key(error)
    }
}

impl<H, C, R> CommandHandler<Keyed<C, R>> for Once<H>
where
    H: CommandHandler<C>,
    C: Send + Sync + 'static,
    R: Render<H::Output, H::Error>,
{
    type Output = Reply;
    type Error = Stopped;

    const NAME: &'static str = H::NAME;
    const ISOLATION: Isolation = H::ISOLATION;

    async fn handle(
        &self,
        keyed: &Keyed<C, R>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Reply, Stopped> {
        if let Some(replayed) = replay(&keyed.key, uow).await? {
            return Ok(replayed);
        }
        let answer = match self.0.handle(&keyed.command, uow).await {
            Ok(output) => keyed.render.render(Ok(&output)),
            Err(error) => return Err(Stopped::Refused(keyed.render.render(Err(&error)))),
        };
        let KeyUse { scope, fingerprint } = &keyed.key;
        let keys = uow.idempotency_keys();
        keys.remember(scope, fingerprint, &answer.bytes).await?;
        Ok(Reply::Fresh(answer.bytes))
    }
}

struct Refusal {
    key: KeyUse,
    answer: Vec<u8>,
}

struct RememberRefusal;

impl CommandHandler<Refusal> for RememberRefusal {
    type Output = Reply;
    type Error = OnceError;

    const NAME: &'static str = "remember_refusal";

    async fn handle(
        &self,
        refusal: &Refusal,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Reply, OnceError> {
        if let Some(replayed) = replay(&refusal.key, uow).await? {
            return Ok(replayed);
        }
        let KeyUse { scope, fingerprint } = &refusal.key;
        let keys = uow.idempotency_keys();
        keys.remember(scope, fingerprint, &refusal.answer).await?;
        Ok(Reply::Fresh(refusal.answer.clone()))
    }
}

async fn replay(key: &KeyUse, uow: &mut dyn UnitOfWork) -> Result<Option<Reply>, OnceError> {
    let keys = uow.idempotency_keys();
    match keys.claim(&key.scope, &key.fingerprint).await? {
        Claim::First => Ok(None),
        Claim::Replay(answer) => Ok(Some(Reply::Replayed(answer))),
        Claim::InProgress => Err(OnceError::InProgress),
        Claim::Mismatch => Err(OnceError::KeyReused),
    }
}

#[cfg(test)]
mod tests;
