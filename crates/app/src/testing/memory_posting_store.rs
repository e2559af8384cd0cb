//! A store of the posting engine that lives in memory, and fails when it is told to.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{
    ids::AccountId,
    ledger::{
        AccountStatus, Folio, OverdraftLimit, PostedTransfer, Shard, Standing, SystemAccount,
    },
    values::Currency,
    version::Version,
};
use uuid::Uuid;

use super::{ORGANIZATION, builders::valid, out_of_reach};
use crate::ports::{
    BatchWritten, CarriedOutPayment, Decide, KeyScope, KeyedAnswer, PostingBatch, PostingStore,
    StorageError, SystemAccountOf,
};

/// A page of an ordinary account of [`ORGANIZATION`], in USD, with nothing held and no overdraft.
pub fn standing(account: u128, balance_minor: i64) -> Standing {
    Standing {
        folio: Folio::whole(AccountId::from_uuid(Uuid::from_u128(account))),
        organization_id: ORGANIZATION,
        currency: valid(Currency::parse("USD")),
        status: AccountStatus::Active,
        overdraft_limit: OverdraftLimit::NONE,
        balance_minor,
        held_minor: 0,
        last_sequence: 0,
        last_entry_at: jiff::Timestamp::UNIX_EPOCH,
        version: Version::FIRST,
    }
}

/// How a write is to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It is written, but nobody hears of it.
    AnswerLost,
    /// It is not written, and nobody knows.
    NotWritten,
    /// Somebody keeps a page locked.
    Locked(Folio),
    /// It cannot be written while this page is in it.
    Unwritable(Folio),
}

/// What is stored.
#[derive(Default)]
pub struct Stored {
    /// How the pages stand.
    pub standings: HashMap<Folio, Standing>,
    /// Those of them that nobody can read any more.
    pub unreadable: BTreeSet<Folio>,
    /// The transfers, in the order in which they were written.
    pub transfers: Vec<PostedTransfer>,
    /// The payments that came with them.
    pub payments: Vec<CarriedOutPayment>,
    /// The answers.
    pub answers: HashMap<KeyScope, KeyedAnswer>,
    /// The system accounts.
    pub systems: BTreeMap<SystemAccountOf, AccountId>,
    /// How many batches were written.
    pub batches: usize,
    /// How often a batch was to be written.
    pub tries: usize,
    /// How many of the next questions for answers get no reply.
    pub unheard: usize,
    /// How the next writes go wrong.
    pub mishaps: VecDeque<Mishap>,
}

/// The store.
#[derive(Default)]
pub struct MemoryPostingStore(Mutex<Stored>);

impl MemoryPostingStore {
    /// A store with these pages.
    pub fn with(standings: impl IntoIterator<Item = Standing>) -> Arc<Self> {
        let store = Self::default();
        store.see(|stored| {
            let by_folio = standings.into_iter().map(|it| (it.folio, it));
            stored.standings = by_folio.collect();
        });
        Arc::new(store)
    }

    /// Looks at, or changes, what is stored.
    pub fn see<T>(&self, look: impl FnOnce(&mut Stored) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Stored {
    pub(super) fn write(&mut self, batch: &PostingBatch) -> Result<BatchWritten, StorageError> {
        self.tries += 1;
        let mishap = self.mishaps.front().copied();
        match mishap {
            Some(Mishap::NotWritten) => {
                self.mishaps.pop_front();
                return out_of_reach();
            }
            Some(Mishap::Locked(folio)) if touches(batch, folio) => {
                return Err(StorageError::Contended { attempts: 1 });
            }
            Some(Mishap::Unwritable(folio)) if touches(batch, folio) => {
                return Err(StorageError::Corrupt {
                    entity: "row that was to be written",
                    source: "it is not right".into(),
                });
            }
            Some(Mishap::AnswerLost | Mishap::Locked(_) | Mishap::Unwritable(_)) | None => {}
        }
        if batch
            .answers
            .iter()
            .any(|it| self.answers.contains_key(&it.scope))
        {
            return Ok(BatchWritten::KeyTaken);
        }
        let changed = batch.changes.iter().map(|it| &it.before);
        let mut decided_on = changed.chain(&batch.relied_on);
        let is_current = |before: &Standing| {
            let stands = self.standings.get(&before.folio);
            stands.is_some_and(|stands| {
                let last_entry_at = before.last_entry_at;
                *before
                    == Standing {
                        last_entry_at,
                        ..*stands
                    }
            })
        };
        if !decided_on.all(is_current) {
            return Ok(BatchWritten::Stale);
        }
        self.store(batch);
        if mishap == Some(Mishap::AnswerLost) {
            self.mishaps.pop_front();
            return out_of_reach();
        }
        Ok(BatchWritten::Committed)
    }

    fn store(&mut self, batch: &PostingBatch) {
        self.batches += 1;
        let after = batch.changes.iter().map(|it| (it.after.folio, it.after));
        self.standings.extend(after);
        self.transfers
            .extend(batch.lines.iter().map(|it| it.transfer.clone()));
        self.payments.extend(batch.payments.iter().cloned());
        let by_key = |answer: &KeyedAnswer| (answer.scope.clone(), answer.clone());
        self.answers.extend(batch.answers.iter().map(by_key));
    }
}

fn touches(batch: &PostingBatch, folio: Folio) -> bool {
    batch.changes.iter().any(|it| it.after.folio == folio)
}

#[async_trait]
impl PostingStore for MemoryPostingStore {
    async fn load(&self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError> {
        let find = |stored: &mut Stored| {
            let found = folios
                .iter()
                .filter_map(|folio| stored.standings.get(folio));
            found.copied().collect()
        };
        Ok(self.see(find))
    }

    async fn write(&self, batch: &PostingBatch) -> Result<BatchWritten, StorageError> {
        // Others get their turn meanwhile, as they do while a database writes.
        tokio::task::yield_now().await;
        self.see(|stored| stored.write(batch))
    }

    async fn write_locked(
        &self,
        folios: &[Folio],
        decide: &mut Decide<'_>,
    ) -> Result<BatchWritten, StorageError> {
        self.see(|stored| {
            let found = folios
                .iter()
                .filter_map(|folio| stored.standings.get(folio));
            let batch = decide(found.copied().collect());
            batch.map_or(Ok(BatchWritten::Stale), |batch| stored.write(&batch))
        })
    }

    async fn answers(&self, keys: &[KeyScope]) -> Result<Vec<KeyedAnswer>, StorageError> {
        self.see(|stored| {
            if stored.unheard > 0 {
                stored.unheard -= 1;
                return out_of_reach();
            }
            let found = keys.iter().filter_map(|key| stored.answers.get(key));
            Ok(found.cloned().collect())
        })
    }

    async fn busy(&self, folios: &[Folio]) -> Result<Vec<Folio>, StorageError> {
        let locked = self.see(|stored| match stored.mishaps.len() {
            0 | 1 => stored.mishaps.front().copied(),
            // Who keeps it locked lets go, and somebody else comes.
            _ => stored.mishaps.pop_front(),
        });
        let is_locked = |folio: &Folio| locked == Some(Mishap::Locked(*folio));
        Ok(folios.iter().copied().filter(is_locked).collect())
    }

    async fn system_accounts(
        &self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError> {
        Ok(self.see(|stored| {
            let id_of = |(account, fresh): &(SystemAccountOf, AccountId)| {
                stored.system_account(account, *fresh)
            };
            accounts.iter().map(id_of).collect()
        }))
    }
}

impl Stored {
    pub(crate) fn system_account(&mut self, account: &SystemAccountOf, id: AccountId) -> AccountId {
        if let Some(id) = self.systems.get(account) {
            return *id;
        }
        for shard in Shard::all() {
            let folio = Folio {
                account_id: id,
                shard,
            };
            let page = Standing {
                folio,
                currency: valid(Currency::parse(account.currency)),
                overdraft_limit: OverdraftLimit::Unlimited,
                ..standing(0, 0)
            };
            self.standings.insert(folio, page);
        }
        self.systems.insert(account.clone(), id);
        id
    }

    /// What is on a system account of [`ORGANIZATION`] in USD.
    pub fn balance_of(&self, system: SystemAccount) -> i64 {
        let account = SystemAccountOf::new(ORGANIZATION, system, standing(0, 0).currency);
        let id = self.systems.get(&account);
        let pages = self.standings.values();
        pages
            .filter(|page| Some(&page.folio.account_id) == id)
            .map(|page| page.balance_minor)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::contracts::hold_posting_store_to_its_contract;

    #[tokio::test]
    async fn it_does_what_a_store_of_postings_has_to() {
        let store = MemoryPostingStore::with(
            [(1, 1_000), (2, 0), (3, 0)].map(|(n, minor)| standing(n, minor)),
        );

        hold_posting_store_to_its_contract(store.as_ref()).await;
    }
}
