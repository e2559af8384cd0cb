//! Executing a command for a call, once per idempotency key where there is one.

use std::sync::Arc;

use api_shared::problem::{Refusal, catalogue::IDEMPOTENCY_KEY_REQUIRED};
use app::{
    idempotency::{self, Answer, KeyUse, Keyed},
    ledger::{Ask, PostTransfers, Verdict},
    ports::{Fingerprint, IdempotencyKey, KeyScope},
    transaction::CommandHandler,
    vouchers::{KeyedGift, RedeemGift, RedeemedGift},
};
use prost::Message;

use crate::{
    call::{Call, Denied, Reply},
    document::Asks,
    status::status_of,
    stored::{self, Stored},
};

/// What the fingerprints of calls begin with: a key that was used over REST is used.
const API: &[u8] = b"grpc";

impl<M: Asks> Call<M> {
    /// Executes a command and shows what came of it. Under an idempotency key the answer is stored in the command's own
    /// transaction, and a repeated call is given it again.
    pub(crate) async fn execute<H, C, A>(
        &self,
        handler: &Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> A + Send + Sync + 'static,
    ) -> Result<Reply<A>, Denied>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        A: Message + Default,
        Refusal: for<'e> From<&'e H::Error>,
    {
        match self.idempotency_key() {
            Some(key) => self.execute_once(key, handler, command, show).await,
            None => self.execute_always(handler, command, show).await,
        }
    }

    /// Executes a command that moves money: only under an idempotency key.
    pub(crate) async fn execute_once_only<H, C, A>(
        &self,
        handler: &Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> A + Send + Sync + 'static,
    ) -> Result<Reply<A>, Denied>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        A: Message + Default,
        Refusal: for<'e> From<&'e H::Error>,
    {
        let key = self.required_key()?;
        self.execute_once(key, handler, command, show).await
    }

    /// Executes a command that can be repeated as it is.
    pub(crate) async fn execute_always<H, C, A>(
        &self,
        handler: &Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> A,
    ) -> Result<Reply<A>, Denied>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        Refusal: for<'e> From<&'e H::Error>,
    {
        let executed = self.api.bus.execute(Arc::clone(handler), command).await;
        executed
            .map(|output| Reply::fresh(show(&output)))
            .map_err(|error| Denied::Refused(Refusal::from(&error)))
    }

    /// Posts transfers through the engine, once for the idempotency key that there has to be, and shows what became of
    /// them.
    pub(crate) async fn post<A: Message + Default>(
        &self,
        ask: Ask,
        show: impl Fn(&Verdict) -> Result<A, Refusal> + Send + Sync + 'static,
    ) -> Result<Reply<A>, Denied> {
        let key = self.key_use(self.required_key()?);
        let request_id = self.visit.request_id().to_owned();
        let render = move |verdict: &Verdict| match show(verdict) {
            Ok(answer) => stored::message(&answer),
            Err(refusal) => stored::status(&status_of(&refusal, &request_id)),
        };
        let asked = PostTransfers {
            key,
            ask,
            render: Box::new(render),
        };
        read_reply(&self.api.ledger.engine.post(asked).await?)
    }

    /// The same for what was found of it. A refusal that is final is kept under the key as well: the request stays refused,
    /// whatever comes to be before it is repeated.
    pub(crate) async fn post_found<A: Message + Default>(
        &self,
        found: Result<Ask, Refusal>,
        show: impl Fn(&Verdict) -> Result<A, Refusal> + Send + Sync + 'static,
    ) -> Result<Reply<A>, Denied> {
        match found {
            Ok(ask) => self.post(ask, show).await,
            Err(refusal) if refusal.kind().is_final => {
                let refuse = move |_: &Verdict| Err(refusal.clone());
                self.post(Ask::Each(Vec::new()), refuse).await
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// Refuses a call that moves money without an idempotency key, before anything is looked up for it.
    pub(crate) fn needs_key(&self) -> Result<(), Refusal> {
        self.required_key().map(drop)
    }

    /// What to answer to a call that was refused by the time of day only: its due date is over, for example, and it is right
    /// in everything else. It was right in that, too, if the same one was answered under its key: so it is answered again, if
    /// that is kept.
    pub(crate) async fn answered_before<A: Message + Default>(
        &self,
        refused: Refusal,
    ) -> Result<Reply<A>, Denied> {
        let Some(key) = self.idempotency_key() else {
            return Err(Denied::Refused(refused));
        };
        match idempotency::recall(&self.api.bus, self.key_use(key)).await? {
            Some(stored) => read_reply(&idempotency::Reply::Replayed(stored)),
            None => Err(Denied::Refused(refused)),
        }
    }

    async fn execute_once<H, C, A>(
        &self,
        key: IdempotencyKey,
        handler: &Arc<H>,
        command: C,
        show: impl Fn(&H::Output) -> A + Send + Sync + 'static,
    ) -> Result<Reply<A>, Denied>
    where
        H: CommandHandler<C>,
        H::Output: 'static,
        H::Error: 'static,
        C: Send + Sync + 'static,
        A: Message + Default,
        Refusal: for<'e> From<&'e H::Error>,
    {
        let keyed = Keyed {
            key: self.key_use(key),
            command,
            render: self.rendering(show),
        };
        let handler = Arc::clone(handler);
        read_reply(&idempotency::execute_once(&self.api.bus, handler, keyed).await?)
    }

    /// How the outcome of a command is spelt out to be remembered.
    fn rendering<O, E, A, S>(
        &self,
        show: S,
    ) -> impl Fn(Result<&O, &E>) -> Answer + Send + Sync + 'static + use<M, O, E, A, S>
    where
        A: Message,
        S: Fn(&O) -> A + Send + Sync + 'static,
        Refusal: for<'e> From<&'e E>,
    {
        let request_id = self.visit.request_id().to_owned();
        move |result: Result<&O, &E>| match result {
            Ok(output) => Answer {
                bytes: stored::message(&show(output)),
                is_final: true,
            },
            Err(error) => {
                let refusal = Refusal::from(error);
                Answer {
                    bytes: stored::status(&status_of(&refusal, &request_id)),
                    is_final: refusal.kind().is_final,
                }
            }
        }
    }

    /// Redeems a gift, together with others who redeem the same at that moment; once for the idempotency key that there has to
    /// be.
    pub(crate) async fn redeem<A: Message + Default>(
        &self,
        command: RedeemGift,
        show: impl Fn(&RedeemedGift) -> A + Send + Sync + 'static,
    ) -> Result<Reply<A>, Denied> {
        let gift = KeyedGift {
            key: self.key_use(self.required_key()?),
            command,
            render: Box::new(self.rendering(show)),
        };
        read_reply(&self.api.vouchers.gifts.redeem(&self.api.bus, gift).await?)
    }

    fn required_key(&self) -> Result<IdempotencyKey, Refusal> {
        let key = self.idempotency_key();
        key.ok_or_else(|| Refusal::of(&IDEMPOTENCY_KEY_REQUIRED))
    }

    fn key_use(&self, key: IdempotencyKey) -> KeyUse {
        KeyUse {
            scope: KeyScope {
                organization_id: self.organization_id(),
                key,
            },
            fingerprint: self.fingerprint(),
        }
    }

    /// Equal for equal calls: of the rpc and the message, by a key of the deployment, since a message may hold what could be
    /// guessed from a plain hash.
    fn fingerprint(&self) -> Fingerprint {
        let (path, message) = (self.visit.path(), self.message.encode_to_vec());
        let parts = [API, path.as_bytes(), &message];
        Fingerprint(self.api.seal.fingerprint(&parts))
    }
}

fn read_reply<A: Message + Default>(reply: &idempotency::Reply) -> Result<Reply<A>, Denied> {
    let (bytes, is_replayed) = match reply {
        idempotency::Reply::Fresh(bytes) => (bytes, false),
        idempotency::Reply::Replayed(bytes) => (bytes, true),
    };
    match stored::read(bytes)? {
        Stored::Message(message) => Ok(Reply {
            message,
            is_replayed,
        }),
        Stored::Status(status) => Err(Denied::Said {
            status,
            is_replayed,
        }),
    }
}
