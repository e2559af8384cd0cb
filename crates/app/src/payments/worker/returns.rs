//! Payouts that may have come back: the provider is asked, and what it says is written down.

use std::sync::Arc;

use domain::payments::ProviderName;
use jiff::Timestamp;
use uuid::Uuid;

use super::{PaymentWorker, line::Line, rounds::UnderWay, seat::Seat, tally};
use crate::{
    payments::{
        BookReturnedPayout, BookReturnedPayoutError, DoubtPayouts, Errand, Report, ReturnBooked,
    },
    ports::{Sighting, StorageError},
};

/// How many are asked about at once, of each provider. There are few, and payments wait for the same seats.
const TOGETHER_MAX: usize = 4;

impl PaymentWorker {
    /// Asks about what is due.
    pub(super) async fn doubt_payouts(self: &Arc<Self>, under_way: &mut UnderWay) {
        for (name, line) in &self.lines {
            if let Err(why) = self.doubt_payouts_of(under_way, (name, line)).await {
                let why: &dyn std::error::Error = &why;
                tracing::warn!(
                    error = why,
                    "no payouts can be looked at again at the moment"
                );
            }
        }
    }

    async fn doubt_payouts_of(
        self: &Arc<Self>,
        under_way: &mut UnderWay,
        (name, line): (&ProviderName, &Arc<Line>),
    ) -> Result<(), StorageError> {
        let now = self.parts.clock.now();
        let limit = i64::try_from(TOGETHER_MAX).unwrap_or(i64::MAX);
        let keys = self.parts.queries.list_suspected(name, now, limit).await?;
        let mut seats = line.take_seats(keys.len());
        if seats.is_empty() {
            return Ok(());
        }
        let command = DoubtPayouts {
            keys: keys.into_iter().take(seats.len()).collect(),
            lost_after: self.terms.lost_after,
        };
        for errand in self.parts.bus.execute(self.doubt.clone(), command).await? {
            let Some(seat) = seats.pop() else { break };
            let worker = Arc::clone(self);
            under_way.spawn(async move { worker.ask_again(errand, seat).await });
        }
        Ok(())
    }

    /// Asks whether the money is back, and writes down what the provider says. What cannot be written down is asked again:
    /// it is due again as soon as this worker is presumed to be gone.
    async fn ask_again(&self, errand: Errand, mut seat: Seat) {
        let asked_at = self.parts.clock.now();
        if !self.is_in_time(&errand, asked_at) {
            return;
        }
        let Report::LookedUp(sighting) = self.ask(&errand, &mut seat).await else {
            return;
        };
        drop(seat);
        self.room.notify_one();
        let key = errand.key;
        let command = BookReturnedPayout {
            key,
            asked_at,
            sighting,
        };
        match self.parts.bus.execute(self.book.clone(), command).await {
            Ok(ReturnBooked::Booked) => {
                tracing::warn!(payment = %key.id(), "a payout has come back, and was booked back");
                tally::count_returned();
            }
            Ok(ReturnBooked::NotReturned | ReturnBooked::PutOff | ReturnBooked::Settled) => {}
            Err(why) => self.complain_of_return(&errand, (asked_at, &why)).await,
        }
    }

    async fn complain_of_return(
        &self,
        errand: &Errand,
        (asked_at, why): (Timestamp, &BookReturnedPayoutError),
    ) {
        complain(errand.key.id(), why);
        if let BookReturnedPayoutError::Unbooked(_)
        | BookReturnedPayoutError::Storage(StorageError::Corrupt { .. }) = why
        {
            tally::count_unbooked();
            let command = BookReturnedPayout {
                key: errand.key,
                asked_at,
                sighting: Sighting::NotAsked,
            };
            // If it cannot be put off either, as one that cannot be read, it is due again in a while all the same.
            let _put_off = self.parts.bus.execute(self.book.clone(), command).await;
        }
    }
}

fn complain(payment: Uuid, why: &BookReturnedPayoutError) {
    let why: &dyn std::error::Error = why;
    tracing::error!(%payment, error = why, "a payout has come back that cannot be booked back");
}
