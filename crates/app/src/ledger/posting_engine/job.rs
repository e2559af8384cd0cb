//! What the engine is asked for.

use std::{slice, sync::Arc};

use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{
        Folio, PostedTransfer, Rejection, SystemAccount, TransferAmount, TransferDetails,
        TransferKind, TransferOrder,
    },
    values::Currency,
};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::{
    idempotency::{KeyUse, OnceError, Reply},
    payments::InternalPayment,
    ports::{StorageError, SystemAccountOf},
    traces::Span,
};

/// One side of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// An account of a client's.
    Account(AccountId),
    /// A system account of the same organization, made when it is first needed.
    System(SystemAccount),
}

/// A transfer to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRequest {
    /// What sort of transfer it is.
    pub kind: TransferKind,
    /// What is to be lowered.
    pub source: Party,
    /// What is to be raised.
    pub destination: Party,
    /// By how much.
    pub amount: TransferAmount,
    /// What both have to be in.
    pub currency: Currency,
    /// What it is for.
    pub details: TransferDetails,
}

impl TransferRequest {
    pub(in crate::ledger) fn parties(&self) -> [&Party; 2] {
        [&self.source, &self.destination]
    }

    pub(in crate::ledger) fn system_account(
        &self,
        party: &Party,
        organization_id: OrganizationId,
    ) -> Option<SystemAccountOf> {
        match party {
            Party::Account(_) => None,
            Party::System(system) => Some(SystemAccountOf::new(
                organization_id,
                system.clone(),
                self.currency,
            )),
        }
    }

    /// The system accounts that it touches.
    pub(in crate::ledger) fn systems(
        &self,
        organization_id: OrganizationId,
    ) -> Vec<SystemAccountOf> {
        let account = |party| self.system_account(party, organization_id);
        self.parties().into_iter().filter_map(account).collect()
    }

    pub(in crate::ledger) fn order(
        &self,
        id: TransferId,
        organization_id: OrganizationId,
        [source, destination]: [Folio; 2],
    ) -> TransferOrder {
        TransferOrder {
            id,
            organization_id,
            kind: self.kind,
            source,
            destination,
            amount: self.amount,
            currency: self.currency,
            details: self.details.clone(),
        }
    }
}

/// Transfers that are asked for at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// All of them or none.
    Together(Vec<TransferRequest>),
    /// Each for itself.
    Each(Vec<TransferRequest>),
    /// The transfer of a payment, which is written with it.
    Payment(Arc<InternalPayment>),
}

impl Ask {
    /// The transfers.
    pub fn requests(&self) -> &[TransferRequest] {
        match self {
            Self::Together(requests) | Self::Each(requests) => requests,
            Self::Payment(payment) => slice::from_ref(payment.transfer()),
        }
    }
}

/// What became of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All were posted, or none: then those that could not be, by their places in the list. So it is told of a payment, too.
    Together(Result<Vec<PostedTransfer>, Vec<(usize, Rejection)>>),
    /// What became of each.
    Each(Vec<Result<PostedTransfer, Rejection>>),
}

impl Verdict {
    /// What became of a transfer that was asked for alone.
    pub fn single(&self) -> Option<Result<&PostedTransfer, &Rejection>> {
        match self {
            Self::Together(Ok(transfers)) => transfers.first().map(Ok),
            Self::Together(Err(rejections)) => rejections.first().map(|(_, why)| Err(why)),
            Self::Each(results) => results.first().map(Result::as_ref),
        }
    }

    /// Why those were rejected that were.
    pub(super) fn rejections(&self) -> impl Iterator<Item = &Rejection> {
        let (together, each) = match self {
            Self::Together(Err(rejections)) => (rejections.as_slice(), [].as_slice()),
            Self::Together(Ok(_)) => ([].as_slice(), [].as_slice()),
            Self::Each(results) => ([].as_slice(), results.as_slice()),
        };
        let together = together.iter().map(|(_, why)| why);
        together.chain(each.iter().filter_map(|result| result.as_ref().err()))
    }

    /// Those that were posted.
    pub(super) fn into_posted(self) -> impl Iterator<Item = PostedTransfer> {
        let (together, each) = match self {
            Self::Together(Ok(posted)) => (posted, Vec::new()),
            Self::Together(Err(_)) => (Vec::new(), Vec::new()),
            Self::Each(results) => (Vec::new(), results),
        };
        together.into_iter().chain(each.into_iter().flatten())
    }
}

/// Spells out what became of them, as it is to be remembered under the key. It is always the last word.
pub type RenderVerdict = Box<dyn Fn(&Verdict) -> Vec<u8> + Send + Sync>;

/// Transfers to be posted once, under a key of the client's.
pub struct PostTransfers {
    /// The key: its organization is whose accounts they have to be.
    pub key: KeyUse,
    /// What is asked for.
    pub ask: Ask,
    /// How it is answered.
    pub render: RenderVerdict,
}

/// Why transfers were not answered.
#[derive(Debug, thiserror::Error)]
pub enum PostingError {
    /// Too many are waiting already.
    #[error("too many transfers are waiting to be posted")]
    Overloaded,
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopping,
    /// The key stands in the way, or the storage failed.
    #[error(transparent)]
    Key(#[from] OnceError),
}

impl From<StorageError> for PostingError {
    fn from(error: StorageError) -> Self {
        Self::Key(OnceError::Storage(error))
    }
}

/// What the caller hears.
pub(super) type Replied = Result<Reply, PostingError>;

/// Somebody who waits.
pub(super) struct Waiter {
    pub(super) reply: oneshot::Sender<Replied>,
    /// Its place in the queue.
    pub(super) _place: OwnedSemaphorePermit,
}

impl Waiter {
    /// Whoever has stopped waiting does not hear it.
    pub(super) fn tell(self, replied: Replied) {
        let _gone = self.reply.send(replied);
    }
}

/// Transfers on their way, and whoever waits for them.
pub(super) struct Job {
    pub(super) asked: PostTransfers,
    pub(super) waiter: Waiter,
    /// Goes on until it is answered.
    pub(super) span: Span,
    /// Those who asked under the same key before it was posted.
    pub(super) followers: Vec<Job>,
}

impl Job {
    pub(super) fn organization_id(&self) -> OrganizationId {
        self.asked.key.scope.organization_id
    }

    pub(super) fn requests(&self) -> &[TransferRequest] {
        self.asked.ask.requests()
    }

    /// The system accounts that it touches.
    pub(super) fn systems(&self) -> impl Iterator<Item = SystemAccountOf> {
        let of_request = |request: &TransferRequest| request.systems(self.organization_id());
        self.requests().iter().flat_map(of_request)
    }

    /// The accounts that no other batch may be deciding on.
    pub(super) fn accounts(&self) -> impl Iterator<Item = AccountId> {
        let parties = self.requests().iter().flat_map(TransferRequest::parties);
        parties.filter_map(|party| match party {
            Party::Account(id) => Some(*id),
            Party::System(_) => None,
        })
    }
}
