//! Users as they come out of storage.

use domain::{
    ids::{AccountId, UserId},
    values::Currency,
    wallets::{NationalId, PersonName, User, UserRegistration, Username, Wallet},
};
use uuid::Uuid;

use super::{FakeSeal, ORGANIZATION, builders::valid};
use crate::ports::{Holder, PersonalDataSeal as _};

/// The user of [`stored_user`].
pub const USER: UserId = UserId::from_uuid(Uuid::from_u128(1_815));
/// What identifies that user.
pub const NATIONAL_ID: &str = "12345678";

/// "Ada Lovelace" with this name and this wallet in USD, as she was registered.
///
/// # Panics
/// When that is no username.
pub fn stored_user(username: &str, wallet: AccountId) -> User {
    let holder = Holder {
        organization_id: ORGANIZATION,
        user_id: USER,
    };
    let national_id = valid(NationalId::parse(NATIONAL_ID));
    let sealed = FakeSeal.seal(holder, &national_id);
    let registration = UserRegistration {
        username: valid(Username::parse(username)),
        name: valid(PersonName::parse("Ada Lovelace")),
        national_id: sealed.expect("this seal takes everything"),
        wallet: Wallet {
            account_id: wallet,
            currency: valid(Currency::parse("USD")),
        },
    };
    let earlier = "2026-11-01T08:00:00Z".parse().expect("an instant");
    let registered = User::register(USER, ORGANIZATION, registration, earlier);
    User::restore(registered.facts().clone())
}
