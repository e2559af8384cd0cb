//! A journal for units of work that are made of mocks: it writes to a store in memory.

use std::sync::Arc;

use domain::ledger::Hold;

use super::{FakeUnitOfWork, MemoryPostingStore};
use crate::ports::{BatchWritten, StorageError};

impl FakeUnitOfWork {
    /// Writes transfers to this store at once, and finds them there.
    #[must_use]
    pub fn with_books(mut self, store: &Arc<MemoryPostingStore>) -> Self {
        let journal = &mut self.journal;
        let books = Arc::clone(store);
        journal.expect_system_accounts().returning(move |accounts| {
            Ok(books.see(|stored| {
                let id_of = |(account, fresh): &_| stored.system_account(account, *fresh);
                accounts.iter().map(id_of).collect()
            }))
        });
        let books = Arc::clone(store);
        journal.expect_lock().returning(move |folios| {
            books.see(|stored| {
                if folios.iter().any(|folio| stored.unreadable.contains(folio)) {
                    return Err(StorageError::Corrupt {
                        entity: "standing",
                        source: "it is not right".into(),
                    });
                }
                let found = folios.iter().map(|folio| stored.standings.get(folio));
                Ok(found.flatten().copied().collect())
            })
        });
        let books = Arc::clone(store);
        journal.expect_write().returning(move |batch| {
            match books.see(|stored| stored.write(&batch))? {
                BatchWritten::Committed => Ok(()),
                BatchWritten::Stale | BatchWritten::KeyTaken => {
                    Err(StorageError::Contended { attempts: 1 })
                }
            }
        });
        let books = Arc::clone(store);
        journal.expect_find().returning(move |owner, id| {
            Ok(books.see(|stored| {
                let mut transfers = stored.transfers.iter();
                let is_it = |it: &&domain::ledger::PostedTransfer| {
                    (it.order.organization_id, it.order.id) == (owner, id)
                };
                transfers.find(is_it).cloned()
            }))
        });
        let books = Arc::clone(store);
        journal.expect_is_reversed().returning(move |_, id| {
            Ok(books.see(|stored| {
                let mut transfers = stored.transfers.iter();
                transfers.any(|it| it.order.details.reverses == Some(id))
            }))
        });
        self
    }

    /// Holds a hold, to be found by its organization and its id only.
    #[must_use]
    pub fn with_hold(mut self, stored: Hold) -> Self {
        self.holds
            .expect_find_for_update()
            .returning(move |owner, id| {
                let is_it = (owner, id) == (stored.facts().organization_id, stored.facts().id);
                Ok(is_it.then(|| stored.clone()))
            });
        self
    }
}
