//! Holding money inside a bigger use case: what a payment reserves, takes and lets go.

use domain::{
    ids::{AccountId, HoldId, PaymentId, TransferId},
    ledger::{
        Book, Folio, Hold, HoldFacts, HoldRefusal, HoldStatus, HoldTerm, PostedTransfer,
        SystemAccount, TransferAmount, TransferDetails, TransferOrder,
    },
    values::Currency,
    version::Version,
};

use super::{
    Desk, PostWithinError, TransferRequest,
    let_go::{let_go, not_held},
    post_within::{lock, standings_batch},
};
use crate::ports::{StorageError, SystemAccountOf, UnitOfWork};

/// Money of an account that a payment needs for the world outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// The hold that it becomes.
    pub id: HoldId,
    /// On which account.
    pub account_id: AccountId,
    /// For which system account.
    pub system: SystemAccount,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// For which payment.
    pub payment_id: PaymentId,
}

/// Reserves money for as long as a payment is under way.
pub async fn reserve_within(
    reservation: &Reservation,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    let facts = reservation.facts(desk, uow).await?;
    let order = asked_about(&facts);
    let before = lock([order.source].into_iter(), uow).await?;
    let mut book = Book::new(before.iter().copied());
    book.set_aside(&order)?;

    let mut hold = Hold::place(facts);
    uow.journal().write(standings_batch(&before, &book)).await?;
    uow.holds().insert(&hold).await?;
    Ok(desk.recorder().record(&mut hold, uow).await?)
}

/// Refuses when an account could not take part in a payment, without reserving anything. The account stays locked until the
/// transaction ends.
pub async fn admit_within(
    reservation: &Reservation,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), PostWithinError> {
    let facts = reservation.facts_for(AccountId::from_uuid(desk.ids.new_id()), desk);
    let order = asked_about(&facts);
    let before = lock([order.source].into_iter(), uow).await?;
    Ok(Book::new(before).admits(order.source, &order)?)
}

/// Lets go of what a payment has reserved, and posts these transfers with it, of which the first is what takes it.
pub async fn capture_within(
    id: HoldId,
    requests: &[TransferRequest],
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<PostedTransfer>, PostWithinError> {
    let mut hold = find(id, desk, uow).await?;
    let postings = desk.postings();
    let orders = postings.orders(requests, uow).await?;
    let own = Folio::whole(hold.facts().account_id);
    let sides = |order: &TransferOrder| [order.source, order.destination];
    let before = lock(orders.iter().flat_map(sides).chain([own]), uow).await?;
    let mut book = Book::new(before.iter().copied());
    if !book.release(own, hold.facts().amount) {
        return Err(not_held(&hold).into());
    }
    let posted = postings.post(orders, &mut book)?;
    let capture = posted.first().map(|it| it.order.id);
    let capture = capture.unwrap_or_else(|| TransferId::from_uuid(id.as_uuid()));
    hold.pay(capture, desk.now).map_err(out_of_step)?;

    let batch = postings.batch(posted.clone(), &before, &book);
    uow.journal().write(batch).await?;
    uow.holds().update(&hold).await?;
    desk.recorder().record(&mut hold, uow).await?;
    Ok(posted)
}

/// Lets go of what a payment has reserved.
pub async fn release_within(
    id: HoldId,
    desk: Desk<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<(), StorageError> {
    let mut hold = find(id, desk, uow).await?;
    hold.give_up(desk.now).map_err(out_of_step)?;
    if !let_go(std::slice::from_ref(&hold), uow).await?.is_empty() {
        return Err(not_held(&hold));
    }
    desk.recorder().record(&mut hold, uow).await
}

impl Reservation {
    async fn facts(
        &self,
        desk: Desk<'_>,
        uow: &mut dyn UnitOfWork,
    ) -> Result<HoldFacts, StorageError> {
        let owner = desk.caller.organization_id;
        let wanted = SystemAccountOf::new(owner, self.system.clone(), self.currency);
        let fresh = AccountId::from_uuid(desk.ids.new_id());
        let found = uow.journal().system_accounts(&[(wanted, fresh)]).await?;
        Ok(self.facts_for(found.first().copied().unwrap_or(fresh), desk))
    }

    fn facts_for(&self, destination_account_id: AccountId, desk: Desk<'_>) -> HoldFacts {
        HoldFacts {
            id: self.id,
            organization_id: desk.caller.organization_id,
            account_id: self.account_id,
            destination_account_id,
            amount: self.amount,
            currency: self.currency,
            details: TransferDetails::default(),
            status: HoldStatus::Pending,
            term: HoldTerm::WhilePaying(self.payment_id),
            created_at: desk.now,
            updated_at: desk.now,
            version: Version::FIRST,
        }
    }
}

/// It is never posted under this id.
fn asked_about(facts: &HoldFacts) -> TransferOrder {
    facts.as_order(TransferId::from_uuid(facts.id.as_uuid()))
}

async fn find(id: HoldId, desk: Desk<'_>, uow: &mut dyn UnitOfWork) -> Result<Hold, StorageError> {
    let owner = desk.caller.organization_id;
    let found = uow.holds().find_for_update(owner, id).await?;
    found.ok_or_else(|| StorageError::Corrupt {
        entity: "hold",
        source: format!("a payment has reserved money by hold {id}, which is not there").into(),
    })
}

/// A payment and its hold change together.
fn out_of_step(why: HoldRefusal) -> StorageError {
    StorageError::Corrupt {
        entity: "hold",
        source: Box::new(why),
    }
}
