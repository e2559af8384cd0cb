//! The ids of system accounts, which never change.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{PoisonError, RwLock},
};

use domain::ids::AccountId;

use super::EngineParts;
use crate::ports::{StorageError, SystemAccountOf};

/// Those of a batch.
pub(super) type Systems = HashMap<SystemAccountOf, AccountId>;

/// More are forgotten, and looked up again.
const REMEMBERED_MAX: usize = 50_000;

/// Those that were looked up before.
#[derive(Default)]
pub(super) struct KnownSystems(RwLock<Systems>);

impl KnownSystems {
    /// The ids of these accounts. Those that are not known are looked up, and made where they are not there.
    pub(super) async fn look_up(
        &self,
        wanted: impl Iterator<Item = SystemAccountOf>,
        parts: &EngineParts,
    ) -> Result<Systems, StorageError> {
        let wanted: BTreeSet<_> = wanted.collect();
        let mut found = self.known(wanted.iter());
        let missing: Vec<_> = wanted
            .into_iter()
            .filter(|account| !found.contains_key(account))
            .map(|account| (account, AccountId::from_uuid(parts.ids.new_id())))
            .collect();
        if !missing.is_empty() {
            let ids = parts.store.system_accounts(&missing).await?;
            let accounts = missing.into_iter().map(|(account, _)| account);
            let learnt: Systems = accounts.zip(ids).collect();
            self.learn(&learnt);
            found.extend(learnt);
        }
        Ok(found)
    }

    /// Those of these accounts that are known.
    pub(super) fn known<'a>(&self, wanted: impl Iterator<Item = &'a SystemAccountOf>) -> Systems {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        wanted
            .filter_map(|account| Some((account.clone(), *known.get(account)?)))
            .collect()
    }

    /// Forgets all of them.
    pub(super) fn forget(&self) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.clear();
    }

    fn learn(&self, learnt: &Systems) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() > REMEMBERED_MAX {
            known.clear();
        }
        known.extend(learnt.iter().map(|(account, id)| (account.clone(), *id)));
    }
}
