//! What is to be done about a payout that may have come back.

use domain::payments::{Payment, PaymentFacts, PaymentStatus};
use jiff::Timestamp;

use super::super::{Errand, Question, order_of_payment};
use crate::ports::{StorageError, WorkKey};

/// What is to be done about one.
pub(super) enum Doubt {
    /// The provider is asked.
    Ask(Box<Errand>),
    /// It is under way, or some of it is being taken back: that has to end first.
    Wait,
    /// There is nothing left that could come back.
    Baseless,
}

/// What is to be done about a payout. One that cannot be read waits for a person, so that the others do not wait with it.
pub(super) fn doubt_of_found(
    (key, lost_at): (WorkKey, Timestamp),
    found: Result<Option<Payment>, StorageError>,
) -> Result<Doubt, StorageError> {
    match found {
        Ok(Some(payment)) => Ok(doubt_of(key, payment.facts(), lost_at)),
        Ok(None) => Ok(Doubt::Baseless),
        Err(why @ StorageError::Corrupt { .. }) => {
            let why: &dyn std::error::Error = &why;
            tracing::error!(payment = %key.id(), error = why, "a payout that may have come back cannot be read");
            Ok(Doubt::Wait)
        }
        Err(why) => Err(why),
    }
}

fn doubt_of(key: WorkKey, payment: &PaymentFacts, lost_at: Timestamp) -> Doubt {
    if payment.status().is_running() || payment.refunding_minor > 0 {
        return Doubt::Wait;
    }
    let is_over =
        matches!(payment.status(), PaymentStatus::Refunded) || !payment.status().has_moved();
    let order = order_of_payment(payment).filter(|_| !is_over);
    order.map_or(Doubt::Baseless, |order| {
        Doubt::Ask(Box::new(Errand {
            key,
            version: payment.version,
            presumed_lost_at: lost_at,
            question: Question::LookUp(payment.progress.reference.clone()),
            cause: None,
            order,
        }))
    })
}
