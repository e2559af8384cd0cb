//! Redemptions of one gift that are decided together: in the order in which they came, each on what those before it have left.

use domain::{
    actor::Actor,
    event::DomainEvent,
    ids::{OrganizationId, RedemptionId},
    ledger::{
        SystemAccount, TransferAmount, TransferDetails, TransferKind, TransferOrder,
        TransferReference,
    },
    values::Currency,
    vouchers::{
        Benefit, NewRedemption, Redemption, RedemptionFacts, RedemptionTarget, Request, Till,
        VoucherKind,
    },
};
use jiff::Timestamp;

use super::{RedeemError, RedeemGift, RedeemGiftError, RedeemedGift};
use crate::{
    events::Recorder,
    ledger::{BookWithin, Party, Postings, TransferRequest},
    ports::{IdGenerator, StorageError, UnitOfWork},
    traces::{self, TraceContext},
};

/// What became of each.
type Redeemed = Vec<Result<RedeemedGift, RedeemGiftError>>;

/// When gifts are redeemed, and with which ids.
#[derive(Clone, Copy)]
pub(in crate::vouchers) struct Register<'a> {
    pub(in crate::vouchers) now: Timestamp,
    pub(in crate::vouchers) ids: &'a dyn IdGenerator,
}

/// A gift that somebody wants to redeem, and what has caused that.
#[derive(Clone, Copy)]
pub(in crate::vouchers) struct Asked<'a> {
    pub(in crate::vouchers) command: &'a RedeemGift,
    pub(in crate::vouchers) cause: Option<TraceContext>,
}

/// Redeems gifts that MUST all be of one organization and one code, and tells what became of each, in their order. What is
/// refused writes nothing, and takes nothing from the others.
pub(in crate::vouchers) async fn redeem_at_once(
    asked: &[Asked<'_>],
    register: Register<'_>,
    uow: &mut dyn UnitOfWork,
) -> Result<Redeemed, StorageError> {
    let commands = || asked.iter().map(|it| it.command);
    let Some(first) = commands().next() else {
        return Ok(Vec::new());
    };
    let (owner, code) = (first.caller.organization_id, &first.code);
    let names: Vec<_> = commands().flat_map(|it| it.holder.names()).collect();
    let Some(till) = uow.voucher_tills().open(owner, code, &names).await? else {
        let unknown = |it: &RedeemGift| Err(RedeemError::NotFound(it.code.clone()).into());
        return Ok(commands().map(unknown).collect());
    };
    let kind = till.campaign().terms.kind;
    if kind != VoucherKind::Gift {
        let other = |_| Err(RedeemError::OtherKind(kind).into());
        return Ok(commands().map(other).collect());
    }
    let worth = worth(&till)?;
    let request = register.request(worth);
    // Counts only grow: whoever is refused now would be refused in turn as well, and nobody's account is locked for that.
    let offers: Vec<_> = commands()
        .map(|it| till.offer(&it.holder, &request))
        .collect();
    let hopeful = commands().zip(&offers).filter(|(_, it)| it.is_ok());
    let requests: Vec<_> = hopeful.map(|(it, _)| transfer(it, worth)).collect();
    let (book, orders) = BookWithin::open(&requests, register.postings(owner), uow).await?;
    let mut counter = Counter {
        register,
        request,
        till,
        book,
        redemptions: Vec::new(),
        events: Vec::new(),
    };
    let mut orders = orders.into_iter();
    let each = asked.iter().zip(offers).map(|(asked, offer)| {
        offer.map_err(RedeemError::from)?;
        let missing = || StorageError::Unavailable("a transfer was ordered and not told".into());
        counter.redeem(*asked, orders.next().ok_or_else(missing)?)
    });
    let redeemed = each.collect();
    counter.write(uow).await?;
    Ok(redeemed)
}

impl<'a> Register<'a> {
    /// A gift is for all that it is worth.
    fn request(&self, (amount, currency): (TransferAmount, Currency)) -> Request {
        Request {
            currency,
            total_minor: amount.as_minor(),
            left_minor: amount.as_minor(),
            now: self.now,
        }
    }

    fn postings(&self, organization_id: OrganizationId) -> Postings<'a> {
        Postings {
            organization_id,
            now: self.now,
            ids: self.ids,
        }
    }
}

/// Where they are decided: nothing is read and nothing written meanwhile.
struct Counter<'a> {
    register: Register<'a>,
    request: Request,
    till: Till,
    book: BookWithin<'a>,
    redemptions: Vec<Redemption>,
    events: Vec<(By, Vec<DomainEvent>)>,
}

/// By whose hand something happens, and in which trace.
type By = (Actor, Option<TraceContext>);

impl Counter<'_> {
    fn redeem(
        &mut self,
        Asked { command, cause }: Asked<'_>,
        order: TransferOrder,
    ) -> Result<RedeemedGift, RedeemGiftError> {
        let offer = self.till.offer(&command.holder, &self.request);
        let offer = offer.map_err(RedeemError::from)?;
        let transfer = self.book.post(order, cause)?;
        self.till.count(&command.holder, offer.amount_minor);

        let target = RedemptionTarget::Account(command.account_id, transfer.order.id);
        let redemption = self.note((command, cause), target);
        Ok(RedeemedGift {
            redemption,
            transfer,
        })
    }

    fn note(
        &mut self,
        (command, cause): (&RedeemGift, Option<TraceContext>),
        target: RedemptionTarget,
    ) -> RedemptionFacts {
        let voucher = self.till.voucher();
        let use_of = NewRedemption {
            voucher_id: voucher.id,
            code: voucher.code.clone(),
            campaign_id: self.till.campaign().id,
            target,
            holder: command.holder.clone(),
            amount_minor: self.request.total_minor,
            currency: self.request.currency,
        };
        let Register { now, ids } = self.register;
        let id = RedemptionId::from_uuid(ids.new_id());
        let owner = command.caller.organization_id;
        let mut redemption = Redemption::redeem(id, owner, use_of, now);
        let events = Recorder::new(&command.caller, ids).events_of(&mut redemption);
        self.tell((command.caller.actor.clone(), cause), events);
        let facts = redemption.facts().clone();
        self.redemptions.push(redemption);
        facts
    }

    /// Keeps what happened, with what happened before by the same hand and in the same trace.
    fn tell(&mut self, by: By, events: Vec<DomainEvent>) {
        match self.events.last_mut().filter(|(before, _)| *before == by) {
            Some((_, before)) => before.extend(events),
            None => self.events.push((by, events)),
        }
    }

    async fn write(self, uow: &mut dyn UnitOfWork) -> Result<(), StorageError> {
        self.book.write(uow).await?;
        let tills = uow.voucher_tills();
        tills.close(&self.till, &self.redemptions).await?;
        for ((actor, cause), events) in self.events {
            let appending = uow.outbox().append(events, &actor);
            traces::within(cause, appending).await?;
        }
        Ok(())
    }
}

/// A gift has an amount: no other terms were stored.
fn worth(till: &Till) -> Result<(TransferAmount, Currency), StorageError> {
    match till.campaign().terms.benefit {
        Benefit::Amount(amount, currency) => Ok((amount, currency)),
        Benefit::Percent(_) => Err(StorageError::Corrupt {
            entity: "campaign",
            source: "a gift without an amount".into(),
        }),
    }
}

/// What brings the money of a gift to its account.
fn transfer(
    command: &RedeemGift,
    (amount, currency): (TransferAmount, Currency),
) -> TransferRequest {
    TransferRequest {
        kind: TransferKind::GiftRedemption,
        source: Party::System(SystemAccount::GiftVouchers),
        destination: Party::Account(command.account_id),
        amount,
        currency,
        details: TransferDetails {
            reference: TransferReference::parse(command.code.as_str()).ok(),
            ..TransferDetails::default()
        },
    }
}
