//! Holding up whoever guesses codes.

use api_shared::problem::Status as Class;
use domain::vouchers::VoucherCode;
use tonic::Code;

use crate::{
    call::{Call, Denied, Reply},
    document::Asks,
};

/// Answers a call that names a code, unless its key has asked for too many that there are not, over whichever API.
pub(super) async fn guarded<M: Asks, A>(
    call: &Call<M>,
    code: &VoucherCode,
    answering: impl Future<Output = Result<Reply<A>, Denied>>,
) -> Result<Reply<A>, Denied> {
    let vouchers = &call.api.vouchers;
    let acting = call.acting();
    let now = vouchers.clock.now();
    vouchers.guesses.admit(&acting.actor, now).await?;
    let answered = answering.await;
    let is_not_found = match &answered {
        Err(Denied::Refused(refusal)) => refusal.kind().status == Class::NotFound,
        Err(Denied::Said { status, .. }) => status.code() == Code::NotFound,
        Ok(_) => false,
    };
    if is_not_found {
        vouchers.heed_nothing_found(&acting, code).await?;
    }
    answered
}
