//! Accounts, and what is read of the ledger.

mod balances;
mod commands;
mod constraints;
mod entries;
mod plans;
mod transfers;
mod trial_balance;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use app::{
    ledger::{
        AccountState, ChangeAccount, ChangeAccountError, ChangeAccountHandler, OpenAccount,
        OpenAccountError, OpenAccountHandler, Party, PostWithinError, Postings, TransferRequest,
        post_within,
    },
    paging::{Limit, Listing, PageNumber, Position, Window},
    ports::{Clock, IdGenerator},
    testing::{FixedClock, NOW, ORGANIZATION, caller},
};
use domain::{
    ids::{AccountId, TransferId},
    ledger::{
        AccountChange, AccountOpening, AccountOwner, OverdraftLimit, PostedTransfer, SystemAccount,
        TransferAmount,
    },
    values::Metadata,
    version::Precondition,
};
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::support::{World, at, currency, deposit, name, transfer};

/// Ids that tell the time of a clock, as those of the service do.
struct TimedIds {
    clock: Arc<FixedClock>,
    count: AtomicU64,
}

impl IdGenerator for TimedIds {
    fn new_id(&self) -> Uuid {
        let milliseconds = u128::try_from(self.clock.now().as_millisecond()).unwrap();
        let count = self.count.fetch_add(1, Ordering::SeqCst);
        Uuid::from_u128((milliseconds << 80) | (0x7000_8000 << 48) | u128::from(count))
    }
}

/// A database with accounts that were opened in it.
struct Bank {
    world: World,
    ids: Arc<TimedIds>,
}

impl Bank {
    async fn new() -> Self {
        Self::over(World::new().await)
    }

    fn over(world: World) -> Self {
        let ids = Arc::new(TimedIds {
            clock: world.clock.clone(),
            count: AtomicU64::new(0),
        });
        Self { world, ids }
    }

    fn wait(&self, seconds: i64) {
        self.world.clock.advance(SignedDuration::from_secs(seconds));
    }

    async fn open_with(
        &self,
        change: impl FnOnce(&mut OpenAccount),
    ) -> Result<AccountState, OpenAccountError> {
        let handler = OpenAccountHandler::new(self.world.clock.clone(), self.ids.clone());
        let mut command = OpenAccount {
            caller: caller(),
            opening: AccountOpening {
                owner: AccountOwner::parse("ada").unwrap(),
                name: name("Ada's wallet"),
                currency: currency("USD"),
                overdraft_limit: OverdraftLimit::NONE,
                metadata: Metadata::default(),
            },
            initial_balance: None,
        };
        change(&mut command);
        self.world.bus.execute(Arc::new(handler), command).await
    }

    /// Opens an account that begins with so much.
    async fn open(&self, initial_minor: i64) -> AccountId {
        let amount = TransferAmount::from_minor(initial_minor).ok();
        let opened = self.open_with(|it| it.initial_balance = amount).await;
        opened.unwrap().facts.id
    }

    async fn change(
        &self,
        id: AccountId,
        change: AccountChange,
    ) -> Result<AccountState, ChangeAccountError> {
        let handler = ChangeAccountHandler::new(self.world.clock.clone(), self.ids.clone());
        let command = ChangeAccount {
            caller: caller(),
            id,
            precondition: Precondition::Any,
            change,
        };
        self.world.bus.execute(Arc::new(handler), command).await
    }

    /// Posts a transfer in a transaction of its own.
    async fn post(&self, request: TransferRequest) -> PostedTransfer {
        let (ids, now) = (Arc::clone(&self.ids), self.world.clock.now());
        let posted = self.world.write(move |uow| {
            let (ids, request) = (Arc::clone(&ids), request.clone());
            async move {
                let postings = Postings {
                    organization_id: ORGANIZATION,
                    now,
                    ids: ids.as_ref(),
                };
                match post_within(&[request], postings, uow).await {
                    Ok(posted) => Ok(posted),
                    Err(PostWithinError::Storage(error)) => Err(error),
                    Err(PostWithinError::Rejected(why)) => unreachable!("{why}"),
                }
            }
            .boxed()
        });
        posted.await.unwrap().remove(0)
    }

    async fn deposit(&self, to: AccountId, minor: i64) -> TransferId {
        let request = TransferRequest {
            destination: Party::Account(to),
            ..deposit(0, minor)
        };
        self.post(request).await.order.id
    }

    async fn transfer(&self, from: AccountId, to: AccountId, minor: i64) -> TransferId {
        let request = TransferRequest {
            source: Party::Account(from),
            destination: Party::Account(to),
            ..transfer(0, 0, minor)
        };
        self.post(request).await.order.id
    }

    /// The id of a system account in USD.
    async fn system(&self, system: &SystemAccount) -> AccountId {
        let sql = format!("SELECT id FROM accounts WHERE system = '{system}' AND currency = 'USD'");
        AccountId::from_uuid(self.world.admin().await.value(&sql).await)
    }
}

fn after(position: Option<Position>, rows: i64) -> Window {
    Window::After {
        position,
        limit: Limit::new(rows).unwrap(),
    }
}

/// Reads a list to its end, in pieces of so many rows.
async fn in_pieces<T, F>(rows: i64, read: impl Fn(Window) -> F) -> Vec<T>
where
    F: Future<Output = Listing<T>>,
{
    let mut all = Vec::new();
    let mut position = None;
    loop {
        let piece = read(after(position, rows)).await;
        assert!(piece.rows.len() <= usize::try_from(rows).unwrap());
        all.extend(piece.rows);
        position = piece.next;
        if position.is_none() {
            return all;
        }
    }
}

/// So many seconds after [`NOW`].
fn instant(seconds: i64) -> Timestamp {
    at(NOW) + SignedDuration::from_secs(seconds)
}

/// A page of so many rows.
fn page(number: u32, rows: i64) -> Window {
    let size = Limit::new(rows).unwrap();
    let number = PageNumber::new(number, size).unwrap();
    Window::Page { number, size }
}

/// How many rows a list is said to have in all.
fn total<T>(page: &Listing<T>) -> usize {
    usize::try_from(page.total.unwrap().rows).unwrap()
}
