//! Holds, reversals, and transfers without an engine.

use std::sync::Arc;

use app::{
    ledger::{
        CaptureHold, CaptureHoldError, CaptureHoldHandler, ExpireHolds, ExpireHoldsHandler,
        ExpiredHolds, PlaceHold, PlaceHoldError, PlaceHoldHandler, PostWithinError, Postings,
        ReverseTransfer, ReverseTransferError, ReverseTransferHandler, TransferRequest, VoidHold,
        VoidHoldError, VoidHoldHandler, post_within,
    },
    ports::{Clock, HoldPlace},
    testing::{ORGANIZATION, caller},
};
use domain::{
    ids::{HoldId, TransferId},
    ledger::{HoldFacts, PostedTransfer, TransferAmount, TransferDetails},
};
use futures_util::FutureExt;
use jiff::SignedDuration;

use super::{Admin, World, account, currency};

/// A hold of so much in USD on one account for another, for an hour.
pub(crate) fn hold(source: u128, destination: u128, minor: i64) -> PlaceHold {
    PlaceHold {
        caller: caller(),
        account_id: account(source),
        destination_account_id: account(destination),
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: currency("USD"),
        details: TransferDetails::default(),
        expires_in: SignedDuration::from_hours(1),
    }
}

impl World {
    pub(crate) async fn place(&self, command: PlaceHold) -> Result<HoldFacts, PlaceHoldError> {
        let handler = PlaceHoldHandler::new(self.clock.clone(), self.ids.clone());
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn capture(
        &self,
        id: HoldId,
        minor: Option<i64>,
    ) -> Result<HoldFacts, CaptureHoldError> {
        let handler = CaptureHoldHandler::new(self.clock.clone(), self.ids.clone());
        let command = CaptureHold {
            caller: caller(),
            id,
            amount: minor.map(|minor| TransferAmount::from_minor(minor).unwrap()),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn void(&self, id: HoldId) -> Result<HoldFacts, VoidHoldError> {
        let handler = VoidHoldHandler::new(self.clock.clone(), self.ids.clone());
        let command = VoidHold {
            caller: caller(),
            id,
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    pub(crate) async fn expire(&self, batch: i64) -> ExpiredHolds {
        self.expire_after(None, batch).await
    }

    pub(crate) async fn expire_after(&self, after: Option<HoldPlace>, batch: i64) -> ExpiredHolds {
        let handler = ExpireHoldsHandler::new(self.clock.clone(), self.ids.clone());
        let command = ExpireHolds { batch, after };
        self.bus.execute(Arc::new(handler), command).await.unwrap()
    }

    /// Batch after batch, to the end. Says how many were let go.
    pub(crate) async fn expire_all(&self, batch: i64) -> usize {
        let (mut count, mut after) = (0, None);
        loop {
            let expired = self.expire_after(after, batch).await;
            count += expired.count;
            match expired.next {
                Some(next) => after = Some(next),
                None => return count,
            }
        }
    }

    pub(crate) async fn reverse(
        &self,
        id: TransferId,
    ) -> Result<PostedTransfer, ReverseTransferError> {
        let handler = ReverseTransferHandler::new(self.clock.clone(), self.ids.clone());
        let command = ReverseTransfer {
            caller: caller(),
            id,
            reasons: TransferDetails::default(),
        };
        self.bus.execute(Arc::new(handler), command).await
    }

    /// Posts a transfer in a transaction of its own, without an engine.
    pub(crate) async fn post_within(
        &self,
        request: TransferRequest,
    ) -> Result<TransferId, PostWithinError> {
        let posted = self.write(|uow| {
            let (request, ids) = (request.clone(), self.ids.clone());
            let now = self.clock.now();
            async move {
                let postings = Postings {
                    organization_id: ORGANIZATION,
                    now,
                    ids: ids.as_ref(),
                };
                match post_within(&[request], postings, uow).await {
                    Err(PostWithinError::Storage(error)) => Err(error),
                    done => Ok(done.map(|posted| posted[0].order.id)),
                }
            }
            .boxed()
        });
        posted.await?
    }
}

impl Admin {
    /// What is on an account, and what of that is held.
    pub(crate) async fn balance_of(&self, number: u128) -> (i64, i64) {
        let sums = format!(
            "SELECT balance_minor, held_minor FROM account_standings WHERE account_id = '{}'",
            account(number)
        );
        let row = &self.rows(&sums).await[0];
        (row.get(0), row.get(1))
    }

    /// What is on the system accounts of this name, in a currency.
    pub(crate) async fn system_balance(&self, system: &str, currency: &str) -> i64 {
        self.value(&format!(
            "SELECT coalesce(sum(s.balance_minor), 0)::bigint
               FROM accounts AS a JOIN account_standings AS s ON s.account_id = a.id
              WHERE a.system = '{system}' AND a.currency = '{currency}'"
        ))
        .await
    }
}
