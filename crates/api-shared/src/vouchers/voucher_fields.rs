//! The fields of vouchers and of what is done with them in a request.

use app::{paging::Limit, platform::Caller, ports::VoucherFilter, vouchers::IssueVoucher};
use domain::{
    ids::{AccountId, CampaignId, CustomerId, UserId},
    values::{AMOUNT_MINOR_MAX, Currency, EmailAddress, InvalidValue},
    vouchers::{Cap, VoucherCode, VoucherCount, VoucherRevision, VoucherStatus, VoucherTerms},
};

use super::Trial;
use crate::input::{
    Fields, Query, parse_id,
    readers::{currency, email, id, integer, metadata, text},
    rows, whole,
};

/// Reads a new voucher.
pub fn new_voucher(fields: &mut Fields<'_>, caller: Caller) -> Option<IssueVoucher> {
    let campaign_id = fields.required("campaign_id", id(CampaignId::from_uuid));
    let code = fields.optional("code", text(VoucherCode::parse));
    let terms = terms(fields);
    Some(IssueVoucher {
        caller,
        campaign_id: campaign_id?,
        code: code?,
        terms: terms?,
    })
}

/// Reads how many vouchers are to be issued, and what is said of each.
pub fn voucher_order(fields: &mut Fields<'_>) -> Option<(VoucherCount, VoucherTerms)> {
    let count = fields.required("count", integer(VoucherCount::new));
    let terms = terms(fields);
    Some((count?, terms?))
}

fn terms(fields: &mut Fields<'_>) -> Option<VoucherTerms> {
    let max_redemptions = fields.optional("max_redemptions", integer(Cap::new));
    let metadata = fields.optional("metadata", metadata);
    Some(VoucherTerms {
        max_redemptions: max_redemptions?,
        metadata: metadata?.unwrap_or_default(),
    })
}

/// Reads what is to be different about a voucher.
pub fn voucher_revision(fields: &mut Fields<'_>) -> Option<VoucherRevision> {
    let status = fields.change("status", text(VoucherStatus::parse));
    let max_redemptions = fields.clearable("max_redemptions", integer(Cap::new));
    let metadata = fields.change("metadata", metadata);
    Some(VoucherRevision {
        status: status?,
        max_redemptions: max_redemptions?,
        metadata: metadata?,
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

/// Reads which vouchers of a campaign.
pub fn campaign_voucher_filter(
    query: &mut Query<'_>,
    campaign_id: CampaignId,
) -> Option<VoucherFilter> {
    let status = query.parameter("status", VoucherStatus::parse);
    Some(VoucherFilter {
        campaign_id: Some(campaign_id),
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

/// Reads what vouchers would be redeemed for, of which those are wanted that would give something, and how many of them.
pub fn applicable_vouchers(query: &mut Query<'_>) -> Option<(Trial, Limit)> {
    let trial = trial_in_query(query);
    let limit = query.parameter("limit", whole(rows));
    Some((trial?, limit?.unwrap_or_default()))
}

fn trial_in_query(query: &mut Query<'_>) -> Option<Trial> {
    let customer_id = query.parameter("customer_id", parse_id(CustomerId::from_uuid));
    let address = query.parameter("email", EmailAddress::parse);
    let currency = query.parameter("currency", Currency::parse);
    let total_minor = query.parameter("total_minor", whole(total));
    let currency = required(query, "currency", currency?);
    let total_minor = required(query, "total_minor", total_minor?);
    let by = Redeemer {
        customer_id: customer_id?,
        email: address?,
    };
    Some(Trial {
        by,
        currency: currency?,
        total_minor: total_minor?,
    })
}

fn required<T>(query: &mut Query<'_>, name: &'static str, given: Option<T>) -> Option<T> {
    if given.is_none() {
        query.refuse(name, "required", "must be given");
    }
    given
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
