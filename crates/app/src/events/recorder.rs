//! Puts what an aggregate did into the outbox.

use domain::{
    customers::Customer,
    event::{DomainEvent, Happening},
    ids::EventId,
    invoicing::Invoice,
    ledger::{Account, Hold},
    payments::{Payment, Refund},
    platform::{ApiKey, Organization},
    version::Version,
    vouchers::{Campaign, Redemption, Voucher, VoucherBlock},
    wallets::User,
    webhooks::Webhook,
};
use jiff::Timestamp;

use crate::{
    platform::Caller,
    ports::{IdGenerator, StorageError, UnitOfWork},
};

/// An aggregate that tells what happened to it.
pub trait Eventful {
    /// Its version: that which the last event took it to.
    fn version(&self) -> Version;
    /// When it last changed: when what it tells happened.
    fn changed_at(&self) -> Timestamp;
    /// What happened to it, in order, each event one version further.
    fn take_happenings(&mut self) -> Vec<Happening>;
}

macro_rules! eventful {
    ($($aggregate:ident => $happening:ident),+) => {$(
        impl Eventful for $aggregate {
            fn version(&self) -> Version {
                self.facts().version
            }

            fn changed_at(&self) -> Timestamp {
                self.facts().changed_at()
            }

            fn take_happenings(&mut self) -> Vec<Happening> {
                self.take_events().into_iter().map(Happening::$happening).collect()
            }
        }
    )+};
}
eventful!(Organization => Organization, ApiKey => ApiKey, Customer => Customer, Invoice => Invoice,
    Account => Account, Hold => Hold, Payment => Payment, Refund => Refund, User => User, Webhook => Webhook, Campaign => Campaign,
    Voucher => Voucher, Redemption => Redemption, VoucherBlock => VoucherBlock);

/// Records events on behalf of a caller.
pub struct Recorder<'a> {
    caller: &'a Caller,
    ids: &'a dyn IdGenerator,
}

impl<'a> Recorder<'a> {
    /// A recorder for one command.
    pub const fn new(caller: &'a Caller, ids: &'a dyn IdGenerator) -> Self {
        Self { caller, ids }
    }

    /// Appends what happened to an aggregate of the caller's organization.
    pub async fn record(
        &self,
        aggregate: &mut (impl Eventful + Send),
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let events = self.events_of(aggregate);
        uow.outbox().append(events, &self.caller.actor).await
    }

    /// What happened to an aggregate of the caller's organization, for somebody else to append.
    pub(crate) fn events_of(&self, aggregate: &mut impl Eventful) -> Vec<DomainEvent> {
        let happenings = aggregate.take_happenings();
        let count = i64::try_from(happenings.len()).unwrap_or_default();
        let occurred_at = aggregate.changed_at();
        let first = aggregate.version().as_i64() - count + 1;
        (first..)
            .zip(happenings)
            .map(|(version, what)| DomainEvent {
                id: EventId::from_uuid(self.ids.new_id()),
                organization_id: self.caller.organization_id,
                version: Version::new(version),
                occurred_at,
                what,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
