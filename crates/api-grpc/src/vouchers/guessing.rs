//! Holding up whoever guesses codes.

use api_shared::problem::Status as Class;
use tonic::Code;

use crate::{
    call::{Call, Denied, Reply},
    document::Asks,
};

/// Answers a call that names a code, unless its key has asked for too many that there are not, over whichever API.
pub(super) async fn guarded<M: Asks, A>(
    call: &Call<M>,
    answering: impl Future<Output = Result<Reply<A>, Denied>>,
) -> Result<Reply<A>, Denied> {
    let (guesses, clock) = (&call.api.vouchers.guesses, &call.api.vouchers.clock);
    let actor = call.acting().actor;
    guesses.admit(&actor, clock.now()).await?;
    let answered = answering.await;
    let is_unknown = match &answered {
        Err(Denied::Refused(refusal)) => refusal.kind().status == Class::NotFound,
        Err(Denied::Said { status, .. }) => status.code() == Code::NotFound,
        Ok(_) => false,
    };
    if is_unknown {
        guesses.heed(&actor, clock.now()).await?;
    }
    answered
}
