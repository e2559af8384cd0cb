//! Holds: money that is reserved for somebody, and taken or let go later.

mod facts;

use jiff::Timestamp;

pub use self::facts::{HoldFacts, HoldStatus, HoldTerm};
use super::{TransferAmount, TransferOrder};
use crate::ids::{PaymentId, TransferId};

/// What happened to a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldEvent {
    /// The money was reserved.
    Created(HoldFacts),
    /// It was taken, let go, or nobody came for it.
    Resolved(HoldFacts),
}

/// Why a hold was not resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldRefusal {
    /// It is already.
    #[error("the hold is {} already", status.code())]
    Resolved {
        /// How.
        status: HoldStatus,
    },
    /// A payment has reserved the money, and resolves the hold itself.
    #[error("the hold belongs to payment {payment_id}, which takes it or lets it go")]
    OfPayment {
        /// Which one.
        payment_id: PaymentId,
    },
    /// Its time is over.
    #[error("the hold has expired at {at:.6}")]
    Expired {
        /// When.
        at: Timestamp,
    },
    /// Its time is not over yet.
    #[error("the hold can be taken until {until:.6}")]
    NotExpired {
        /// Until when.
        until: Timestamp,
    },
    /// More was to be taken than is held.
    #[error("{held_minor} minor units are held, {asked_minor} were to be taken")]
    MoreThanHeld {
        /// What is held, in minor units.
        held_minor: i64,
        /// What was to be taken, in minor units.
        asked_minor: i64,
    },
}

/// A hold. It is resolved once.
#[derive(Debug, Clone, PartialEq)]
pub struct Hold {
    facts: HoldFacts,
    events: Vec<HoldEvent>,
}

impl Hold {
    /// Notes that the money was reserved.
    pub fn place(facts: HoldFacts) -> Self {
        Self {
            events: vec![HoldEvent::Created(facts.clone())],
            facts,
        }
    }

    /// Rebuilds a stored hold. For storage adapters only: no rule is checked.
    pub const fn restore(facts: HoldFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
        }
    }

    /// Takes an amount of what is held, all of it without one: the transfer to be posted once all of it is let go.
    pub fn capture(
        &mut self,
        amount: Option<TransferAmount>,
        transfer_id: TransferId,
        now: Timestamp,
    ) -> Result<TransferOrder, HoldRefusal> {
        self.refuse_unless_pending()?;
        let at = self.end()?;
        if now >= at {
            return Err(HoldRefusal::Expired { at });
        }
        let amount = amount.unwrap_or(self.facts.amount);
        if amount > self.facts.amount {
            return Err(HoldRefusal::MoreThanHeld {
                held_minor: self.facts.amount.as_minor(),
                asked_minor: amount.as_minor(),
            });
        }
        let captured = HoldStatus::Captured {
            amount,
            transfer_id,
            at: now,
        };
        self.resolve(captured, now);
        Ok(TransferOrder {
            amount,
            ..self.facts.as_order(transfer_id)
        })
    }

    /// Takes all of it for the payment that has reserved it.
    pub fn pay(&mut self, transfer_id: TransferId, now: Timestamp) -> Result<(), HoldRefusal> {
        self.refuse_unless_pending()?;
        let amount = self.facts.amount;
        let captured = HoldStatus::Captured {
            amount,
            transfer_id,
            at: now,
        };
        self.resolve(captured, now);
        Ok(())
    }

    /// Lets it go, since the payment that has reserved it does not need it.
    pub fn give_up(&mut self, now: Timestamp) -> Result<(), HoldRefusal> {
        self.refuse_unless_pending()?;
        self.resolve(HoldStatus::Voided { at: now }, now);
        Ok(())
    }

    /// Lets it go.
    pub fn void(&mut self, now: Timestamp) -> Result<(), HoldRefusal> {
        self.refuse_unless_pending()?;
        self.end()?;
        self.resolve(HoldStatus::Voided { at: now }, now);
        Ok(())
    }

    /// Lets it go because its time is over.
    pub fn expire(&mut self, now: Timestamp) -> Result<(), HoldRefusal> {
        self.refuse_unless_pending()?;
        let until = self.end()?;
        if now < until {
            return Err(HoldRefusal::NotExpired { until });
        }
        self.resolve(HoldStatus::Expired { at: now }, now);
        Ok(())
    }

    /// What is known of it.
    pub const fn facts(&self) -> &HoldFacts {
        &self.facts
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<HoldEvent> {
        std::mem::take(&mut self.events)
    }

    /// When its time is over; a refusal if that is not for anybody but a payment to say.
    const fn end(&self) -> Result<Timestamp, HoldRefusal> {
        match self.facts.term {
            HoldTerm::Until(at) => Ok(at),
            HoldTerm::WhilePaying(payment_id) => Err(HoldRefusal::OfPayment { payment_id }),
        }
    }

    fn refuse_unless_pending(&self) -> Result<(), HoldRefusal> {
        match self.facts.status {
            HoldStatus::Pending => Ok(()),
            status @ (HoldStatus::Captured { .. }
            | HoldStatus::Voided { .. }
            | HoldStatus::Expired { .. }) => Err(HoldRefusal::Resolved { status }),
        }
    }

    fn resolve(&mut self, status: HoldStatus, now: Timestamp) {
        self.facts.status = status;
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        self.events.push(HoldEvent::Resolved(self.facts.clone()));
    }
}

#[cfg(test)]
mod tests;
