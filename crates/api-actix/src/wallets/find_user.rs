//! `GET /api/v1/users?username=…`

use actix_web::{get, web};
use app::paging::{Listing, Total, Window};
use domain::wallets::Username;

use super::user_body::UserBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadUsers},
    input::{Input, Request},
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// Find a user by name
///
/// A list of one, or of none if nobody who is not closed has the name.
#[utoipa::path(
    tag = "wallets",
    operation_id = "listUsers",
    security(("api_key" = ["users:read"])),
    params(
        ("username" = schemas::Username, Query, description = "With exactly this name, whatever the case of its letters"),
    ),
    responses((status = 200, description = "The user, if there is one", body = ListOf<UserBody>))
)]
#[get("/users")]
pub(super) async fn find_user(
    caller: Caller<ReadUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (username, window) = request.read(|input| {
        let username = read_username(input);
        let window = input.window();
        Some((username?, window?))
    })?;
    let directory = &api.wallets.directory;
    let found = directory
        .find_by_username(caller.organization_id(), &username)
        .await?;
    let open = found.filter(|facts| facts.closed_at.is_none());
    let total = Total {
        rows: u32::from(open.is_some()),
        is_exact: true,
    };
    let rows = match open.filter(|_| is_first(window)) {
        Some(facts) => vec![directory.show(&facts)?],
        None => Vec::new(),
    };
    let listing = Listing {
        rows,
        next: None,
        total: Some(total),
    };
    Ok(request.list(window, listing, UserBody::from))
}

fn read_username(input: &mut Input<'_>) -> Option<Username> {
    let username = input.parameter("username", Username::parse)?;
    if username.is_none() {
        input.refuse_parameter("username", "required", "must be given");
    }
    username
}

/// Whether a piece of a list is the one that begins it.
fn is_first(window: Window) -> bool {
    match window {
        Window::After { position, .. } => position.is_none(),
        Window::Page { number, .. } => number.get() == 1,
    }
}
