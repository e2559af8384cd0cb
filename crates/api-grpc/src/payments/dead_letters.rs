//! The rpcs of what was given up.

use app::{
    paging::Window,
    payments::{DiscardDeadPayment, RetryDeadPayment},
    ports::DeadPayment,
};

use super::shown::dead_letter;
use crate::{
    call::{Call, Denied, Reply},
    input::Input,
    proto::v1::{
        DiscardDeadLetterRequest, DiscardDeadLetterResponse, ListDeadLettersRequest,
        ListDeadLettersResponse, RetryDeadLetterRequest, RetryDeadLetterResponse,
    },
};

/// What stands for the story where it is not told.
const NO_STORY: &str = "[]";

/// Which piece of the list.
fn which(input: &mut Input<'_>) -> Option<Window> {
    input.window()
}

pub(super) async fn list_dead_letters(
    call: Call<ListDeadLettersRequest>,
) -> Result<Reply<ListDeadLettersResponse>, Denied> {
    let window = call.read(which)?;
    let queries = &call.api.payments.dead_letters;
    let listing = queries.list(call.organization_id(), window).await?;
    let letters = listing.rows.iter();
    Ok(Reply::fresh(ListDeadLettersResponse {
        dead_letters: letters
            .map(|view| dead_letter(&view.dead, view.story.to_string()))
            .collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn retry_dead_letter(
    call: Call<RetryDeadLetterRequest>,
) -> Result<Reply<RetryDeadLetterResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, std::convert::identity))?;
    let command = RetryDeadPayment {
        caller: call.acting(),
        id,
    };
    let show = |dead: &DeadPayment| RetryDeadLetterResponse {
        dead_letter: Some(dead_letter(dead, NO_STORY.to_owned())),
    };
    let handler = &call.api.payments.retry_dead;
    call.execute(handler, command, show).await
}

pub(super) async fn discard_dead_letter(
    call: Call<DiscardDeadLetterRequest>,
) -> Result<Reply<DiscardDeadLetterResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, std::convert::identity))?;
    let command = DiscardDeadPayment {
        caller: call.acting(),
        id,
    };
    let show = |&(): &()| DiscardDeadLetterResponse {};
    let handler = &call.api.payments.discard_dead;
    call.execute(handler, command, show).await
}
