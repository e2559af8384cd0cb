//! Executing a command for a request, once per `Idempotency-Key` where there is one.

use std::sync::Arc;

use actix_web::http::Method;
use api_shared::{problem::Refusal, seal::Seal};
use app::{
    idempotency::{self, KeyUse, Keyed, Reply},
    ledger::{Ask, PostTransfers, Verdict},
    ports::{IdempotencyKey, KeyScope},
    transaction::CommandHandler,
    vouchers::{KeyedGift, RedeemGift, RedeemedGift},
};

use crate::{
    answer::Answer,
    input::{Request, idempotency_key},
    problem::{
        Problem,
        catalogue::{IDEMPOTENCY_KEY_REQUIRED, INTERNAL_ERROR, INVALID_IDEMPOTENCY_KEY},
    },
};

impl Request {
    /// Executes a command and shows what came of it. Under an `Idempotency-Key` (POST and PATCH) the answer is stored in
    /// the command's own transaction, and a repeated request is given it again.
    pub async fn execute<H, C>(
        &self,
        handler: &Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> Answer + Send + Sync + 'static,
    ) -> Result<Answer, Problem>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        Problem: for<'e> From<&'e H::Error>,
    {
        let handler = Arc::clone(handler);
        if let Some(key) = self.idempotency_key()? {
            return self.execute_once(key, handler, command, show).await;
        }
        let executed = self.api().bus.execute(handler, command).await;
        executed
            .map(|output| show(&output))
            .map_err(|error| Problem::from(&error))
    }

    /// What to answer to a request that was refused by the time of day only: its due date is over, for example, and it is right
    /// in everything else. It was right in that, too, if the same one was answered under its key: so it is answered again, if
    /// that is kept.
    pub async fn answered_before(&self, refused: Problem) -> Result<Answer, Problem> {
        let Ok(Some(key)) = self.idempotency_key() else {
            return Err(refused);
        };
        match idempotency::recall(&self.api().bus, self.key_use(key)?).await? {
            Some(stored) => read_reply(&Reply::Replayed(stored), &self.api().seal),
            None => Err(refused),
        }
    }

    async fn execute_once<H, C>(
        &self,
        key: IdempotencyKey,
        handler: Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> Answer + Send + Sync + 'static,
    ) -> Result<Answer, Problem>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        Problem: for<'e> From<&'e H::Error>,
    {
        let keyed = Keyed {
            key: self.key_use(key)?,
            command,
            render: self.rendering(show),
        };
        let reply = idempotency::execute_once(&self.api().bus, handler, keyed).await?;
        read_reply(&reply, &self.api().seal)
    }

    /// How the outcome of a command is spelt out to be remembered.
    fn rendering<O, E, S>(
        &self,
        show: S,
    ) -> impl Fn(Result<&O, &E>) -> idempotency::Answer + Send + Sync + 'static + use<O, E, S>
    where
        S: Fn(&O) -> Answer + Send + Sync + 'static,
        Problem: for<'e> From<&'e E>,
    {
        let occasion = self.occasion();
        let sealing = self.api().seal.clone();
        move |result: Result<&O, &E>| match result {
            Ok(output) => idempotency::Answer {
                bytes: show(output).to_stored(&sealing),
                is_final: true,
            },
            Err(error) => {
                let problem = Problem::from(error);
                idempotency::Answer {
                    bytes: Answer::refusal(&problem, &occasion).to_stored(&sealing),
                    is_final: problem.kind().is_final,
                }
            }
        }
    }

    /// Redeems a gift, together with others who redeem the same at that moment; once for the `Idempotency-Key` that there has
    /// to be.
    pub async fn redeem(
        &self,
        command: RedeemGift,
        show: impl Fn(&RedeemedGift) -> Answer + Send + Sync + 'static,
    ) -> Result<Answer, Problem> {
        let gift = KeyedGift {
            key: self.key_use(self.required_key()?)?,
            command,
            render: Box::new(self.rendering(show)),
        };
        let reply = self
            .api()
            .vouchers
            .gifts
            .redeem(&self.api().bus, gift)
            .await?;
        read_reply(&reply, &self.api().seal)
    }

    /// Posts transfers through the engine, once for the `Idempotency-Key` that there has to be, and shows what became of
    /// them.
    pub async fn post(
        &self,
        ask: Ask,
        show: impl Fn(&Verdict) -> Result<Answer, Problem> + Send + Sync + 'static,
    ) -> Result<Answer, Problem> {
        let key = self.required_key()?;
        let occasion = self.occasion();
        let seal = &self.api().seal;
        let sealing = seal.clone();
        let render = move |verdict: &Verdict| {
            let answer = show(verdict);
            answer
                .unwrap_or_else(|problem| Answer::refusal(&problem, &occasion))
                .to_stored(&sealing)
        };
        let asked = PostTransfers {
            key: self.key_use(key)?,
            ask,
            render: Box::new(render),
        };
        let reply = self.api().ledger.engine.post(asked).await?;
        read_reply(&reply, seal)
    }

    /// The same for what was found of it. A refusal that is final is kept under the key as well: the request stays refused,
    /// whatever comes to be before it is repeated.
    pub async fn post_found(
        &self,
        found: Result<Ask, Refusal>,
        show: impl Fn(&Verdict) -> Result<Answer, Problem> + Send + Sync + 'static,
    ) -> Result<Answer, Problem> {
        match found {
            Ok(ask) => self.post(ask, show).await,
            Err(refusal) if refusal.kind().is_final => {
                let refuse = move |_: &Verdict| Err(refusal.clone().into());
                self.post(Ask::Each(Vec::new()), refuse).await
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Executes a command that moves money: only under an `Idempotency-Key`.
    pub async fn execute_once_only<H, C>(
        &self,
        handler: &Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> Answer + Send + Sync + 'static,
    ) -> Result<Answer, Problem>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        Problem: for<'e> From<&'e H::Error>,
    {
        let key = self.required_key()?;
        self.execute_once(key, Arc::clone(handler), command, show)
            .await
    }

    /// Refuses a request that moves money without an `Idempotency-Key`, before anything is looked up for it.
    pub fn needs_key(&self) -> Result<(), Problem> {
        self.required_key().map(drop)
    }

    fn required_key(&self) -> Result<IdempotencyKey, Problem> {
        let key = self.idempotency_key()?;
        key.ok_or_else(|| Problem::of(&IDEMPOTENCY_KEY_REQUIRED))
    }

    fn key_use(&self, key: IdempotencyKey) -> Result<KeyUse, Problem> {
        let organization_id = self.visit().organization_id();
        let organization_id = organization_id.ok_or_else(|| Problem::of(&INTERNAL_ERROR))?;
        Ok(KeyUse {
            scope: KeyScope {
                organization_id,
                key,
            },
            fingerprint: self.fingerprint(),
        })
    }

    fn idempotency_key(&self) -> Result<Option<IdempotencyKey>, Problem> {
        if matches!(*self.http().method(), Method::POST | Method::PATCH) {
            idempotency_key(self.http()).map_err(|_fault| Problem::of(&INVALID_IDEMPOTENCY_KEY))
        } else {
            Ok(None)
        }
    }
}

fn read_reply(reply: &Reply, seal: &Seal) -> Result<Answer, Problem> {
    let read = |stored: &[u8]| {
        Answer::from_stored(stored, seal)
            .map_err(|error| Problem::of(&INTERNAL_ERROR).caused_by(&error))
    };
    match reply {
        Reply::Fresh(stored) => read(stored),
        Reply::Replayed(stored) => read(stored).map(Answer::replayed),
    }
}
