//! System accounts that transactions have come across. They are never deleted, and their ids never change.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use app::ports::SystemAccountOf;
use domain::ids::AccountId;

/// More are forgotten, and looked up again.
const REMEMBERED_MAX: usize = 50_000;

/// What the transactions of a transactor have in common.
#[derive(Debug, Default)]
pub(crate) struct KnownSystems(RwLock<HashMap<SystemAccountOf, AccountId>>);

impl KnownSystems {
    /// The ids of these, in the order asked, if all of them are known.
    pub(super) fn find_all(
        &self,
        wanted: &[(SystemAccountOf, AccountId)],
    ) -> Option<Vec<AccountId>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let find = |(account, _): &(SystemAccountOf, AccountId)| known.get(account).copied();
        wanted.iter().map(find).collect()
    }

    /// Forgets all of them.
    pub(super) fn forget(&self) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.clear();
    }

    /// Remembers one that was there before the transaction that has found it.
    pub(super) fn learn(&self, account: SystemAccountOf, id: AccountId) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED_MAX {
            known.clear();
        }
        known.insert(account, id);
    }
}

/// Those that a transaction has come across itself.
#[derive(Debug, Default)]
pub(crate) struct MetSystems {
    /// Made by it: nobody else may hear of them before it is committed, and it may yet be undone.
    made: Vec<AccountId>,
}

impl MetSystems {
    /// Takes note of what was found where these were wanted, each under a fresh id in case it had to be made.
    pub(super) fn note(
        &mut self,
        wanted: &[(SystemAccountOf, AccountId)],
        found: &[AccountId],
        known: &KnownSystems,
    ) {
        for ((account, fresh), id) in wanted.iter().zip(found) {
            if id == fresh {
                self.made.push(*id);
            } else if !self.made.contains(id) {
                known.learn(account.clone(), *id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use app::testing::ORGANIZATION;
    use domain::{ledger::SystemAccount, values::Currency};
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(number))
    }

    fn wanted(fresh: u128) -> [(SystemAccountOf, AccountId); 1] {
        let euro = Currency::parse("EUR").unwrap();
        let account = SystemAccountOf::new(ORGANIZATION, SystemAccount::Receivables, euro);
        [(account, id(fresh))]
    }

    #[test]
    fn one_that_was_there_is_known_to_those_that_follow() {
        let (known, mut met) = (KnownSystems::default(), MetSystems::default());

        met.note(&wanted(1), &[id(7)], &known);

        assert_eq!(known.find_all(&wanted(2)), Some(vec![id(7)]));
    }

    #[test]
    fn what_was_forgotten_is_looked_up_again() {
        let (known, mut met) = (KnownSystems::default(), MetSystems::default());
        met.note(&wanted(1), &[id(7)], &known);

        known.forget();

        assert_eq!(known.find_all(&wanted(2)), None);
    }

    #[test]
    fn one_that_a_transaction_has_made_is_known_to_nobody_else() {
        let (known, mut met) = (KnownSystems::default(), MetSystems::default());

        met.note(&wanted(1), &[id(1)], &known);
        met.note(&wanted(2), &[id(1)], &known);

        assert_eq!(known.find_all(&wanted(3)), None);
    }
}
