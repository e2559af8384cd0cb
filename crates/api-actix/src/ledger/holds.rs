//! Holds: money that is reserved, and taken or let go later.

mod capture_hold;
mod get_hold;
mod hold_body;
mod hold_fields;
mod list_holds;
mod place_hold;
mod void_hold;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(place_hold::place_hold)
        .service(list_holds::list_holds)
        .service(get_hold::get_hold)
        .service(capture_hold::capture_hold)
        .service(void_hold::void_hold);
}

#[cfg(test)]
mod tests;
