//! Users and their wallets: people who pay each other by name.
//!
//! A wallet is an account of the ledger; what is on it, and what may be done with it, is decided there.

mod national_id;
mod user;
mod username;

pub use national_id::{MaskedNationalId, NationalId, NationalIdFingerprint, SealedNationalId};
pub use user::{PersonName, User, UserClosed, UserEvent, UserFacts, UserRegistration, Wallet};
pub use username::Username;
