//! Redeeming a gift for many who come at once, each under a key: one transaction.

use std::sync::Arc;

use super::{
    pending_gift::PendingGift,
    redeem_gift::{Asked, Register, redeem_at_once},
};
use crate::{
    idempotency::{Answer, OnceError, Reply},
    ports::{Claim, Clock, IdGenerator, KeyedAnswer, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Redeem these gifts, which are of one organization and one code, under keys that are all different.
pub(super) struct RedeemGifts(pub(super) Vec<Arc<PendingGift>>);

/// Redeems them. Each is answered by itself; an error is that of all.
pub(super) struct RedeemGiftsHandler {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn IdGenerator>,
}

/// What one of them is told.
pub(super) type Replied = Result<Reply, OnceError>;

impl CommandHandler<RedeemGifts> for RedeemGiftsHandler {
    type Output = Vec<Replied>;
    type Error = StorageError;

    const NAME: &'static str = "redeem_gifts";

    async fn handle(
        &self,
        RedeemGifts(gifts): &RedeemGifts,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Vec<Replied>, StorageError> {
        let keys: Vec<_> = gifts.iter().map(|it| it.keyed.key.clone()).collect();
        let claims = uow.idempotency_keys().claim_all(&keys).await?;
        let is_first = |(_, claim): &(&Arc<PendingGift>, &Claim)| matches!(claim, Claim::First);
        let first: Vec<_> = gifts.iter().zip(&claims).filter(is_first).collect();
        let first: Vec<_> = first.into_iter().map(|(gift, _)| gift.as_ref()).collect();
        let answers = self.answers(&first, uow).await?;

        let mut fresh = answers.into_iter();
        let reply = |claim| match claim {
            Claim::First => fresh
                .next()
                .map(|it| Reply::Fresh(it.bytes))
                .ok_or_else(untold),
            Claim::Replay(answer) => Ok(Reply::Replayed(answer)),
            Claim::InProgress => Err(OnceError::InProgress),
            Claim::Mismatch => Err(OnceError::KeyReused),
        };
        Ok(claims.into_iter().map(reply).collect())
    }
}

impl RedeemGiftsHandler {
    /// Redeems those whose keys were never used, and remembers what they are answered.
    async fn answers(
        &self,
        gifts: &[&PendingGift],
        uow: &mut dyn UnitOfWork,
    ) -> Result<Vec<Answer>, StorageError> {
        let asked = gifts.iter().map(|it| Asked {
            command: &it.keyed.command,
            cause: it.cause,
        });
        let asked: Vec<_> = asked.collect();
        let register = Register {
            now: self.clock.now(),
            ids: self.ids.as_ref(),
        };
        let redeemed = redeem_at_once(&asked, register, uow).await?;
        let render = |(gift, result): (&&PendingGift, &Result<_, _>)| gift.render(result.as_ref());
        let answers: Vec<_> = gifts.iter().zip(&redeemed).map(render).collect();
        let last_words = gifts.iter().zip(&answers).filter(|(_, it)| it.is_final);
        let keyed = last_words.map(|(gift, answer)| KeyedAnswer {
            scope: gift.keyed.key.scope.clone(),
            fingerprint: gift.keyed.key.fingerprint,
            answer: answer.bytes.clone(),
        });
        let keyed: Vec<_> = keyed.collect();
        if !keyed.is_empty() {
            uow.idempotency_keys().remember_all(keyed).await?;
        }
        Ok(answers)
    }
}

/// One answer for each whose key was free.
fn untold() -> OnceError {
    StorageError::Unavailable("a gift was redeemed and not answered".into()).into()
}
