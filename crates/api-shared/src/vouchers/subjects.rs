//! Whom and what requests about vouchers name: a code, a customer, where money goes.

use app::ports::BlockFilter;
use domain::{
    ids::{AccountId, CustomerId, OrganizationId},
    values::{EmailAddress, Metadata},
    vouchers::{Blocked, Holder, VoucherCode},
};

use super::{Destination, Redeemer, redeemer};
use crate::{
    input::{Fields, Query, parse_id, readers::metadata},
    problem::Refusal,
    wallets::WalletUseCases,
};

/// Reads the code that a request is about.
pub fn voucher_code(raw: &str, query: &mut Query<'_>) -> Option<VoucherCode> {
    let parsed = VoucherCode::parse(raw);
    if let Err(why) = &parsed {
        let message = "must be a code of 4 to 40 of A-Z, 0-9 and -";
        query.refuse("code", why.code(), message);
    }
    parsed.ok()
}

/// Reads who is to be blocked: a customer or an address, and notes on that.
pub fn blocked(fields: &mut Fields<'_>) -> Option<(Blocked, Metadata)> {
    let redeemer = redeemer(fields);
    let metadata = fields.optional("metadata", metadata);
    let Redeemer { customer_id, email } = redeemer?;
    let who = match (customer_id, email) {
        (Some(id), None) => Some(Blocked::Customer(id)),
        (None, Some(email)) => Some(Blocked::Address(email)),
        (Some(_), Some(_)) => fields.refuse(
            "email",
            "not_applicable",
            "is not for blocks that name a customer_id",
        ),
        (None, None) => fields.refuse("customer_id", "required", "must be given, or email"),
    };
    Some((who?, metadata?.unwrap_or_default()))
}

/// Reads which blocks.
pub fn block_filter(query: &mut Query<'_>) -> Option<BlockFilter> {
    let customer_id = query.parameter("customer_id", parse_id(CustomerId::from_uuid));
    let email = query.parameter("email", EmailAddress::parse);
    Some(BlockFilter {
        customer_id: customer_id?,
        email: email?,
    })
}

/// Reads who is to be blocked no more.
pub fn unblocked(query: &mut Query<'_>) -> Option<Holder> {
    let customer_id = query.parameter("customer_id", parse_id(CustomerId::from_uuid));
    let email = query.parameter("email", EmailAddress::parse);
    let (customer_id, email) = (customer_id?, email?);
    if customer_id.is_none() && email.is_none() {
        query.refuse("customer_id", "required", "must be given, or email");
        return None;
    }
    Some(Holder { customer_id, email })
}

impl Destination {
    /// The account that it is, or that belongs to it.
    pub async fn account(
        self,
        wallets: &WalletUseCases,
        organization_id: OrganizationId,
    ) -> Result<AccountId, Refusal> {
        match self {
            Self::Account(id) => Ok(id),
            Self::Wallet(id) => {
                let user = wallets.known_user(organization_id, id).await?;
                Ok(user.registration.wallet.account_id)
            }
        }
    }
}
