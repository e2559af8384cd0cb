//! Posting: the one function that decides whether money moves.

use std::collections::HashMap;

use jiff::Timestamp;

use super::{
    AccountStatus, Entry, Folio, PostedTransfer, Posting, Rejection, Standing, TransferAmount,
    TransferOrder,
};

/// The accounts of a batch, as they stand after what was posted so far.
#[derive(Debug, Default, Clone)]
pub struct Book {
    standings: HashMap<Folio, Standing>,
}

impl Book {
    /// A book of these accounts.
    pub fn new(standings: impl IntoIterator<Item = Standing>) -> Self {
        let by_folio = |standing: Standing| (standing.folio, standing);
        Self {
            standings: standings.into_iter().map(by_folio).collect(),
        }
    }

    /// Posts an order, or says why not; then nothing has changed. Orders are decided one after the other, each seeing
    /// what those before it have moved.
    pub fn post(&mut self, order: &TransferOrder, now: Timestamp) -> Result<Posting, Rejection> {
        if order.source.account_id == order.destination.account_id {
            return Err(Rejection::SameAccount);
        }
        let amount_minor = order.amount.as_minor();
        let source = self.party(order.source, order)?;
        let destination = self.party(order.destination, order)?;
        refuse_to_overspend(source, amount_minor)?;
        let posting = Posting {
            source: next_entry(source, -amount_minor)?,
            destination: next_entry(destination, amount_minor)?,
            posted_at: now.max(source.last_entry_at).max(destination.last_entry_at),
        };
        self.enter(&posting.source, posting.posted_at);
        self.enter(&posting.destination, posting.posted_at);
        Ok(posting)
    }

    /// Posts all of these orders or none: those that cannot be posted are told with their places in the list, and then
    /// nothing has changed.
    pub fn post_all(
        &mut self,
        orders: &[TransferOrder],
        now: Timestamp,
    ) -> Result<Vec<Posting>, Vec<(usize, Rejection)>> {
        let mut tentative = self.excerpt(orders);
        let mut postings = Vec::with_capacity(orders.len());
        let mut rejections = Vec::new();
        for (place, order) in orders.iter().enumerate() {
            match tentative.post(order, now) {
                Ok(posting) => postings.push(posting),
                Err(rejection) => rejections.push((place, rejection)),
            }
        }
        if rejections.is_empty() {
            self.standings.extend(tentative.standings);
            Ok(postings)
        } else {
            Err(rejections)
        }
    }

    /// Reserves what an order would move on its source, or says why not; then nothing has changed.
    pub fn reserve(&mut self, order: &TransferOrder) -> Result<(), Rejection> {
        if order.source.account_id == order.destination.account_id {
            return Err(Rejection::SameAccount);
        }
        let amount_minor = order.amount.as_minor();
        let source = self.party(order.source, order)?;
        self.party(order.destination, order)?;
        refuse_to_overspend(source, amount_minor)?;
        self.hold(order.source, amount_minor);
        Ok(())
    }

    /// Reserves what an order would move on its source, whoever it is for; or says why not, and then nothing has changed.
    pub fn set_aside(&mut self, order: &TransferOrder) -> Result<(), Rejection> {
        let amount_minor = order.amount.as_minor();
        refuse_to_overspend(self.party(order.source, order)?, amount_minor)?;
        self.hold(order.source, amount_minor);
        Ok(())
    }

    /// Whether a page could take part in an order.
    pub fn admits(&self, folio: Folio, order: &TransferOrder) -> Result<(), Rejection> {
        self.party(folio, order).map(drop)
    }

    /// Lets go of what was reserved on a page. Tells whether it was: where less is held, nothing changes.
    pub fn release(&mut self, folio: Folio, amount: TransferAmount) -> bool {
        let is_held = self
            .standings
            .get(&folio)
            .is_some_and(|standing| standing.held_minor >= amount.as_minor());
        if is_held {
            self.hold(folio, -amount.as_minor());
        }
        is_held
    }

    /// How a page stands now.
    pub fn standing(&self, folio: Folio) -> Option<&Standing> {
        self.standings.get(&folio)
    }

    /// All pages, as they stand now.
    pub fn standings(&self) -> impl Iterator<Item = &Standing> {
        self.standings.values()
    }

    /// The pages that these orders are about.
    fn excerpt(&self, orders: &[TransferOrder]) -> Self {
        let folios = orders
            .iter()
            .flat_map(|order| [order.source, order.destination]);
        Self::new(folios.filter_map(|folio| self.standings.get(&folio).copied()))
    }

    /// A page that can take part in an order.
    fn party(&self, folio: Folio, order: &TransferOrder) -> Result<&Standing, Rejection> {
        let id = folio.account_id;
        let standing = self
            .standings
            .get(&folio)
            .filter(|standing| standing.organization_id == order.organization_id)
            .ok_or(Rejection::AccountNotFound(id))?;
        match standing.status {
            AccountStatus::Closed => Err(Rejection::AccountClosed(id)),
            AccountStatus::Frozen if !order.kind.is_settlement() => {
                Err(Rejection::AccountFrozen(id))
            }
            AccountStatus::Active | AccountStatus::Frozen
                if standing.currency != order.currency =>
            {
                Err(Rejection::CurrencyMismatch {
                    account_id: id,
                    expected: order.currency,
                    actual: standing.currency,
                })
            }
            AccountStatus::Active | AccountStatus::Frozen => Ok(standing),
        }
    }

    /// What is available is at most twice what JSON carries, so what is held cannot overflow.
    fn hold(&mut self, folio: Folio, minor: i64) {
        if let Some(standing) = self.standings.get_mut(&folio) {
            standing.held_minor += minor;
            standing.version = standing.version.next();
        }
    }

    fn enter(&mut self, entry: &Entry, at: Timestamp) {
        if let Some(standing) = self.standings.get_mut(&entry.folio) {
            standing.balance_minor = entry.balance_after_minor;
            standing.last_sequence = entry.sequence;
            standing.last_entry_at = at;
            standing.version = standing.version.next();
        }
    }
}

impl PostedTransfer {
    /// An order and what was decided of it.
    pub const fn new(order: TransferOrder, posting: Posting) -> Self {
        Self { order, posting }
    }
}

fn refuse_to_overspend(source: &Standing, amount_minor: i64) -> Result<(), Rejection> {
    match source.available_minor() {
        Some(available_minor) if available_minor < i128::from(amount_minor) => {
            Err(Rejection::InsufficientFunds {
                account_id: source.folio.account_id,
                currency: source.currency,
                available_minor,
                needed_minor: amount_minor,
            })
        }
        Some(_) | None => Ok(()),
    }
}

/// The next entry of a page.
fn next_entry(standing: &Standing, amount_minor: i64) -> Result<Entry, Rejection> {
    let balance_after_minor = standing
        .balance_minor
        .checked_add(amount_minor)
        .filter(|balance| balance.abs() <= standing.folio.balance_minor_max())
        .ok_or(Rejection::AmountOutOfRange(standing.folio.account_id))?;
    Ok(Entry {
        folio: standing.folio,
        sequence: standing.last_sequence + 1,
        amount_minor,
        balance_after_minor,
    })
}

#[cfg(test)]
mod tests;
