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

use std::sync::Arc;

use app::{
    ports::{AccountQueries, Clock, IdGenerator, PersonalDataSeal, UserQueries},
    wallets::{CloseUserHandler, RegisterUserHandler, RenameUserHandler, UserDirectory},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// What users are looked up and sealed with.
#[derive(Clone)]
pub struct WalletPorts {
    /// The users.
    pub users: Arc<dyn UserQueries>,
    /// What is on their wallets.
    pub accounts: Arc<dyn AccountQueries>,
    /// Keeps their national ids.
    pub seal: Arc<dyn PersonalDataSeal>,
}

/// What can be done with users and their wallets.
pub struct WalletUseCases {
    pub(crate) register: Arc<RegisterUserHandler>,
    pub(crate) rename: Arc<RenameUserHandler>,
    pub(crate) close: Arc<CloseUserHandler>,
    pub(crate) directory: UserDirectory,
    pub(crate) accounts: Arc<dyn AccountQueries>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl WalletUseCases {
    /// The use cases over these ports.
    pub fn new(ports: WalletPorts, clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> Self {
        let WalletPorts {
            users,
            accounts,
            seal,
        } = ports;
        let (now, new_id) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            register: Arc::new(RegisterUserHandler::new(now(), new_id(), seal.clone())),
            rename: Arc::new(RenameUserHandler::new(now(), new_id(), seal.clone())),
            close: Arc::new(CloseUserHandler::new(now(), new_id())),
            directory: UserDirectory::new(users, seal),
            accounts,
            clock: now(),
        }
    }
}

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
