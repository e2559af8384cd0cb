//! The fields of vouchers and of what is done with them in a request.

use app::{platform::Caller, ports::VoucherFilter, vouchers::IssueVoucher};
use domain::{
    ids::{AccountId, CampaignId, CustomerId, UserId},
    values::{AMOUNT_MINOR_MAX, EmailAddress, InvalidValue},
    vouchers::{Cap, VoucherCode, VoucherStatus},
};

use super::Trial;
use crate::input::{
    Fields, Query, parse_id,
    readers::{currency, email, id, integer, text},
};

/// Reads a new voucher.
pub fn new_voucher(fields: &mut Fields<'_>, caller: Caller) -> Option<IssueVoucher> {
    let campaign_id = fields.required("campaign_id", id(CampaignId::from_uuid));
    let code = fields.optional("code", text(VoucherCode::parse));
    let max_redemptions = fields.optional("max_redemptions", integer(Cap::new));
    Some(IssueVoucher {
        caller,
        campaign_id: campaign_id?,
        code: code?,
        max_redemptions: max_redemptions?,
    })
}

/// What is to be different about a voucher. `None` keeps what is there.
pub struct VoucherChanges {
    /// Whether it can be redeemed.
    pub status: Option<VoucherStatus>,
    /// How often; `Some(None)` is as often as its campaign says.
    pub max_redemptions: Option<Option<Cap>>,
}

/// Reads what is to be different about a voucher.
pub fn voucher_changes(fields: &mut Fields<'_>) -> Option<VoucherChanges> {
    let status = fields.change("status", text(VoucherStatus::parse));
    let max_redemptions = fields.clearable("max_redemptions", integer(Cap::new));
    Some(VoucherChanges {
        status: status?,
        max_redemptions: max_redemptions?,
    })
}

/// Reads which vouchers.
pub fn voucher_filter(query: &mut Query<'_>) -> Option<VoucherFilter> {
    let campaign_id = query.parameter("campaign_id", parse_id(CampaignId::from_uuid));
    let status = query.parameter("status", VoucherStatus::parse);
    Some(VoucherFilter {
        campaign_id: campaign_id?,
        status: status?,
    })
}

/// Who redeems, in the words of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Redeemer {
    /// A registered customer.
    pub customer_id: Option<CustomerId>,
    /// An address.
    pub email: Option<EmailAddress>,
}

/// Reads who redeems.
pub fn redeemer(fields: &mut Fields<'_>) -> Option<Redeemer> {
    let customer_id = fields.optional("customer_id", id(CustomerId::from_uuid));
    let email = fields.optional("email", email);
    Some(Redeemer {
        customer_id: customer_id?,
        email: email?,
    })
}

/// Reads what a voucher would be redeemed for.
pub fn trial(fields: &mut Fields<'_>) -> Option<Trial> {
    let by = redeemer(fields);
    let currency = fields.required("currency", currency);
    let total_minor = fields.required("total_minor", integer(total));
    Some(Trial {
        by: by?,
        currency: currency?,
        total_minor: total_minor?,
    })
}

const fn total(minor: i64) -> Result<i64, InvalidValue> {
    if minor >= 0 && minor <= AMOUNT_MINOR_MAX {
        Ok(minor)
    } else {
        Err(InvalidValue::OutOfRange {
            rule: "from 0 to 9007199254740991",
        })
    }
}

/// Where the money of a gift goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// To an account.
    Account(AccountId),
    /// To the wallet of a user.
    Wallet(UserId),
}

/// Reads where the money of a gift goes: exactly one of an account and a user.
pub fn destination(fields: &mut Fields<'_>) -> Option<Destination> {
    let account = fields.optional("account_id", id(AccountId::from_uuid));
    let user = fields.optional("user_id", id(UserId::from_uuid));
    match (account?, user?) {
        (Some(account), None) => Some(Destination::Account(account)),
        (None, Some(user)) => Some(Destination::Wallet(user)),
        (Some(_), Some(_)) => fields.refuse(
            "user_id",
            "not_applicable",
            "is not for gifts that name their account_id",
        ),
        (None, None) => fields.refuse("account_id", "required", "must be given, or user_id"),
    }
}
