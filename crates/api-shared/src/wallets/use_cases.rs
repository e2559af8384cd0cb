//! The use cases of users and their wallets.

use std::sync::Arc;

use app::{
    ports::{AccountQueries, Clock, IdGenerator, PersonalDataSeal, UserQueries},
    wallets::{CloseUserHandler, RegisterUserHandler, RenameUserHandler, UserDirectory},
};

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
#[derive(Clone)]
pub struct WalletUseCases {
    /// Registers a user, with a wallet.
    pub register: Arc<RegisterUserHandler>,
    /// Renames one.
    pub rename: Arc<RenameUserHandler>,
    /// Closes one.
    pub close: Arc<CloseUserHandler>,
    /// Looks users up.
    pub directory: UserDirectory,
    /// Reads what is on their wallets.
    pub accounts: Arc<dyn AccountQueries>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
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
