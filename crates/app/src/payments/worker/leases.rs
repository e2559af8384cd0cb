//! What a worker has in hand, and the leases on it.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{PaymentWorker, tally};
use crate::ports::{LeaseRequest, WorkKey};

/// Something in hand: done with when it is dropped, whatever became of it.
pub(super) struct InHand {
    pub(super) worker: std::sync::Arc<PaymentWorker>,
    pub(super) id: Uuid,
}

impl Drop for InHand {
    fn drop(&mut self) {
        self.worker.done().push(self.id);
    }
}

impl PaymentWorker {
    /// Those that neither this worker nor another one is at; this one is, from now on. Without leases, storage alone decides
    /// about the others. Each time has a token of its own: whoever comes late does not let go of what was taken up again.
    pub(super) async fn take_in_hand(&self, keys: Vec<WorkKey>) -> Vec<WorkKey> {
        let token = self.parts.ids.new_id();
        let keys = self.reserve(keys, token);
        let Some(leases) = self.parts.leases.as_ref().filter(|_| !keys.is_empty()) else {
            return keys;
        };
        let ids: Vec<Uuid> = keys.iter().map(WorkKey::id).collect();
        match leases.take(self.request(&ids, token)).await {
            Ok(granted) => {
                let (ours, others): (Vec<_>, Vec<_>) = keys
                    .into_iter()
                    .partition(|key| granted.contains(&key.id()));
                let mut in_hand = self.in_hand();
                for key in others {
                    in_hand.remove(&key.id());
                }
                ours
            }
            Err(why) => {
                let why: &dyn std::error::Error = &why;
                tracing::debug!(error = why, "going on without leases");
                tally::count_unleased();
                keys
            }
        }
    }

    pub(super) async fn extend_leases(&self) {
        let Some(leases) = &self.parts.leases else {
            return;
        };
        let all: Vec<Uuid> = self.in_hand().keys().copied().collect();
        for (token, ids) in self.by_token(&all) {
            match leases.extend(self.request(&ids, token)).await {
                Ok(extended) => tally::count_lost_leases(ids.len() - extended.len()),
                Err(_away) => tally::count_unleased(),
            }
        }
    }

    /// Lets others have what is done with. A lease that cannot be let go of ends by itself.
    pub(super) async fn let_go(&self, ids: &[Uuid]) {
        if let Some(leases) = &self.parts.leases {
            for (token, ids) in self.by_token(ids) {
                let released = leases.release(&ids, token).await;
                released.unwrap_or_else(|_away| tally::count_unleased());
            }
        }
        let mut in_hand = self.in_hand();
        for id in ids {
            in_hand.remove(id);
        }
    }

    /// Lets go of what is done with.
    pub(super) async fn let_go_of_done(&self) {
        let done = std::mem::take(&mut *self.done());
        self.let_go(&done).await;
    }

    fn reserve(&self, keys: Vec<WorkKey>, token: Uuid) -> Vec<WorkKey> {
        let mut in_hand = self.in_hand();
        let is_free = |key: &WorkKey| match in_hand.entry(key.id()) {
            std::collections::hash_map::Entry::Occupied(_) => false,
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(token);
                true
            }
        };
        keys.into_iter().filter(is_free).collect()
    }

    fn by_token(&self, ids: &[Uuid]) -> BTreeMap<Uuid, Vec<Uuid>> {
        let in_hand = self.in_hand();
        let mut groups = BTreeMap::<Uuid, Vec<Uuid>>::new();
        for id in ids {
            if let Some(token) = in_hand.get(id) {
                groups.entry(*token).or_default().push(*id);
            }
        }
        groups
    }

    const fn request<'a>(&self, work: &'a [Uuid], token: Uuid) -> LeaseRequest<'a> {
        LeaseRequest {
            work,
            token,
            lasts: self.terms.lease,
        }
    }
}
