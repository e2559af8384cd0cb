//! Users and their wallets, as both APIs offer them.

mod lookups;
mod movement_fields;
mod refusals;
mod use_cases;
mod user_fields;

pub use self::{
    movement_fields::{Payment, WalletMovement, new_payment, new_wallet_movement},
    use_cases::{WalletPorts, WalletUseCases},
    user_fields::{UserChanges, named_users, new_user, user_changes},
};
