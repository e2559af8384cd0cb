//! The rpcs of holds.

use api_shared::ledger::{captured_amount, hold_filter, new_hold};
use app::ledger::{CaptureHold, VoidHold};
use domain::{ids::HoldId, ledger::HoldFacts};

use super::shown::hold;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{
        CaptureHoldRequest, CaptureHoldResponse, GetHoldRequest, GetHoldResponse, ListHoldsRequest,
        ListHoldsResponse, PlaceHoldRequest, PlaceHoldResponse, VoidHoldRequest, VoidHoldResponse,
    },
};

pub(super) async fn place_hold(
    call: Call<PlaceHoldRequest>,
) -> Result<Reply<PlaceHoldResponse>, Denied> {
    let command = call.read(|input| input.body(|it| new_hold(it, call.acting())))?;
    let show = |facts: &HoldFacts| PlaceHoldResponse {
        hold: Some(hold(facts)),
    };
    let handler = &call.api.ledger.holds.place;
    call.execute_once_only(handler, command, show).await
}

pub(super) async fn get_hold(call: Call<GetHoldRequest>) -> Result<Reply<GetHoldResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, HoldId::from_uuid))?;
    let facts = call.api.ledger.hold(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetHoldResponse {
        hold: Some(hold(&facts)),
    }))
}

pub(super) async fn list_holds(
    call: Call<ListHoldsRequest>,
) -> Result<Reply<ListHoldsResponse>, Denied> {
    let (filter, window) = call.read(|input| {
        input.query(|query| {
            let filter = hold_filter(query);
            let window = query.window();
            Some((filter?, window?))
        })
    })?;
    let queries = &call.api.ledger.holds.queries;
    let listing = queries
        .list(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListHoldsResponse {
        holds: listing.rows.iter().map(hold).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn capture_hold(
    call: Call<CaptureHoldRequest>,
) -> Result<Reply<CaptureHoldResponse>, Denied> {
    let (id, amount) = call.read(|input| {
        let id = input.id("id", &call.message.id, HoldId::from_uuid);
        let amount = input.body(captured_amount);
        Some((id?, amount?))
    })?;
    let command = CaptureHold {
        caller: call.acting(),
        id,
        amount,
    };
    let show = |facts: &HoldFacts| CaptureHoldResponse {
        hold: Some(hold(facts)),
    };
    let handler = &call.api.ledger.holds.capture;
    call.execute_once_only(handler, command, show).await
}

pub(super) async fn void_hold(
    call: Call<VoidHoldRequest>,
) -> Result<Reply<VoidHoldResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, HoldId::from_uuid))?;
    let command = VoidHold {
        caller: call.acting(),
        id,
    };
    let show = |facts: &HoldFacts| VoidHoldResponse {
        hold: Some(hold(facts)),
    };
    let handler = &call.api.ledger.holds.void;
    call.execute(handler, command, show).await
}
