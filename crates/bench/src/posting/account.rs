//! The names of the bench's accounts.

use uuid::Uuid;

/// What all of them begin with: a UUID of version 7, of long ago.
const FIRST: u128 = 0x7000_8000_0000_0000_0000;

/// The account with a number. The first of an organization's own is 1; 0 is where their money comes from.
pub(crate) fn account_id(number: u32) -> Uuid {
    Uuid::from_u128(FIRST | u128::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_the_id_that_the_database_has_computed() {
        let id = account_id(10_000);

        assert_eq!(id.to_string(), "00000000-0000-7000-8000-000000002710");
    }
}
