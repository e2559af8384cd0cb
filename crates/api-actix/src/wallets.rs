//! Users and their wallets.

mod close_user;
mod deposit;
mod find_user;
mod get_user;
mod get_wallet;
mod movement;
mod pay;
mod register_user;
mod rename_user;
mod user_body;
mod user_fields;
mod withdraw;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(register_user::register_user)
        .service(find_user::find_user)
        .service(get_user::get_user)
        .service(rename_user::rename_user)
        .service(close_user::close_user)
        .service(get_wallet::get_wallet)
        .service(deposit::deposit)
        .service(withdraw::withdraw)
        .service(pay::pay);
}

#[cfg(test)]
mod tests;
