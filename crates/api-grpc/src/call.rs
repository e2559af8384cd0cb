//! A call, from the gate to its answer.

use std::sync::Arc;

use api_shared::{
    cursor::{Cursor, CursorSpace},
    input::{ListQuery, Parameters, idempotency_key},
    problem::{
        Fault, Refusal,
        catalogue::{INSUFFICIENT_SCOPE, INTERNAL_ERROR, UNAUTHENTICATED},
    },
};
use app::{paging::Position, platform::AuthenticatedKey, ports::IdempotencyKey};
use domain::{actor::Actor, ids::OrganizationId, platform::Scope};
use tonic::{
    Request, Response, Status,
    metadata::{MetadataMap, MetadataValue},
};

use crate::{
    api::GrpcApi,
    document::Asks,
    gate::Visit,
    input::{Input, Message},
    status::status_of,
};

const REPLAYED: &str = "idempotency-replayed";

/// A call of somebody who may.
pub(crate) struct Call<M> {
    pub(crate) api: Arc<GrpcApi>,
    pub(crate) message: M,
    pub(crate) visit: Arc<Visit>,
    key: Arc<AuthenticatedKey>,
    idempotency_key: Result<Option<IdempotencyKey>, Fault>,
}

/// What a client gets.
pub(crate) struct Reply<A> {
    pub(crate) message: A,
    /// Whether it is the answer to an earlier call under the same key.
    pub(crate) is_replayed: bool,
}

impl<A> Reply<A> {
    /// An answer that was just found.
    pub(crate) const fn fresh(message: A) -> Self {
        Self {
            message,
            is_replayed: false,
        }
    }
}

/// What a client gets instead.
pub(crate) enum Denied {
    /// A refusal that is still to be spelt out.
    Refused(Refusal),
    /// One that was spelt out and stored.
    Said {
        /// The status.
        status: Status,
        /// Whether it is the answer to an earlier call under the same key.
        is_replayed: bool,
    },
}

impl<E> From<E> for Denied
where
    Refusal: From<E>,
{
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl<M: Asks> Call<M> {
    fn open(api: &Arc<GrpcApi>, request: Request<M>, scope: Scope) -> Result<Self, Refusal> {
        let visit = request.extensions().get::<Arc<Visit>>().cloned();
        let visit = visit.ok_or_else(|| Refusal::of(&INTERNAL_ERROR))?;
        let key = visit.key();
        let key = key.ok_or_else(|| Refusal::of(&UNAUTHENTICATED))?;
        if !key.grant.scopes.allow(scope) {
            let detail = format!("the API key lacks the scope {scope}");
            return Err(Refusal::of(&INSUFFICIENT_SCOPE).because(detail));
        }
        let sent = request.metadata().get_all("idempotency-key");
        let sent = sent.iter().map(|value| value.to_str().ok());
        Ok(Self {
            idempotency_key: idempotency_key(sent),
            api: Arc::clone(api),
            message: request.into_inner(),
            visit,
            key,
        })
    }

    /// Reads everything that the rpc wants of the message, and refuses it with all its faults if there are any.
    pub(crate) fn read<T>(
        &self,
        reader: impl FnOnce(&mut Input<'_>) -> Option<T>,
    ) -> Result<T, Refusal> {
        let list = self.message.list();
        let message = Message {
            body: &self.message.body(),
            parameters: self.message.parameters(),
            cursors: self.cursors(&list),
            fault: self.idempotency_key.clone().err(),
        };
        message.read(reader)
    }

    /// Whose data it is about.
    pub(crate) fn organization_id(&self) -> OrganizationId {
        self.key.organization_id
    }

    /// On whose behalf commands run.
    pub(crate) fn acting(&self) -> app::platform::Caller {
        app::platform::Caller {
            organization_id: self.key.organization_id,
            actor: Actor::ApiKey(self.key.key_id),
        }
    }

    /// The key under which it may be repeated; `None` if there is none, or none that is one.
    pub(crate) fn idempotency_key(&self) -> Option<IdempotencyKey> {
        self.idempotency_key.clone().ok().flatten()
    }

    /// What to send as `cursor` for the next piece.
    pub(crate) fn next_cursor(&self, next: Option<Position>) -> Option<String> {
        let filters = ListQuery::of(&Parameters::listed(self.message.parameters()));
        let list = self.message.list();
        next.map(|position| Cursor::write(position, &self.cursors(&list), filters.pairs()))
    }

    fn cursors<'c>(&'c self, list: &'c str) -> CursorSpace<'c> {
        CursorSpace {
            key: &self.api.settings.cursor_key,
            organization_id: Some(self.organization_id()),
            path: list,
        }
    }
}

impl GrpcApi {
    /// Has a call answered for somebody who has this scope.
    pub(crate) async fn answer<M, A, F>(
        self: &Arc<Self>,
        request: Request<M>,
        scope: Scope,
        serve: impl FnOnce(Call<M>) -> F + Send,
    ) -> Result<Response<A>, Status>
    where
        M: Asks,
        F: Future<Output = Result<Reply<A>, Denied>> + Send,
    {
        let request_id = Visit::id_of(&request);
        let denied = match Call::open(self, request, scope) {
            Ok(call) => match serve(call).await {
                Ok(reply) => {
                    let mut response = Response::new(reply.message);
                    tell_replayed(response.metadata_mut(), reply.is_replayed);
                    return Ok(response);
                }
                Err(denied) => denied,
            },
            Err(refusal) => Denied::Refused(refusal),
        };
        Err(match denied {
            Denied::Refused(refusal) => status_of(&refusal, &request_id),
            Denied::Said {
                mut status,
                is_replayed,
            } => {
                tell_replayed(status.metadata_mut(), is_replayed);
                status
            }
        })
    }
}

fn tell_replayed(metadata: &mut MetadataMap, is_replayed: bool) {
    if is_replayed {
        metadata.insert(REPLAYED, MetadataValue::from_static("true"));
    }
}
