//! The fields of vouchers, and of what is done with them, in a request.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// A voucher to be issued.
#[derive(ToSchema)]
#[schema(example = json!({"campaign_id": "01936f8a-4444-7c3d-9a4f-2b6c8d0e1f23", "code": "SUMMER-26"}))]
#[expect(dead_code, reason = "the schema of what `new_voucher` reads")]
pub(super) struct NewVoucher {
    /// Of which campaign.
    campaign_id: Uuid,
    /// What is typed in to redeem it, whatever the case of its letters: unique in the organization. One that nobody can
    /// guess is made if it is left out.
    code: Option<schemas::VoucherCodeText>,
    /// How often it can be redeemed, if not as often as its campaign says.
    max_redemptions: Option<schemas::CapNumber>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// How many vouchers are to be issued.
#[derive(ToSchema)]
#[schema(example = json!({"count": 10_000, "max_redemptions": 1}))]
#[expect(dead_code, reason = "the schema of what `voucher_order` reads")]
pub(super) struct VoucherOrder {
    /// How many.
    count: schemas::VoucherCountNumber,
    /// How often each can be redeemed, if not as often as their campaign says.
    max_redemptions: Option<schemas::CapNumber>,
    /// Your own notes, which each of them has.
    metadata: Option<schemas::Metadata>,
}

/// What is to be different. A field that is left out stays as it is; `null` takes it away.
#[derive(ToSchema)]
#[schema(as = VoucherChanges, example = json!({"status": "disabled"}))]
#[expect(dead_code, reason = "the schema of what `voucher_changes` reads")]
pub(super) struct ChangedVoucher {
    /// Whether it can be redeemed.
    #[schema(required = false)]
    status: schemas::VoucherStatusName,
    /// How often it can be redeemed, if not as often as its campaign says.
    max_redemptions: Option<schemas::CapNumber>,
    /// Your own notes, all of them.
    #[schema(required = false)]
    metadata: schemas::Metadata,
}

/// What a voucher would be redeemed for.
#[derive(ToSchema)]
#[schema(example = json!({"currency": "EUR", "total_minor": 12_000}))]
#[expect(dead_code, reason = "the schema of what `trial` reads")]
pub(super) struct VoucherTrial {
    /// The customer who would redeem it.
    customer_id: Option<Uuid>,
    /// The address of who would redeem it. A customer who has an address has that one, whatever is given.
    email: Option<schemas::EmailAddress>,
    /// The currency of the total.
    currency: schemas::CurrencyCode,
    /// The sum of the lines before tax, in the currency's minor unit.
    total_minor: schemas::HeldMinor,
}

/// A code that was scanned, and what it would be redeemed for.
#[derive(ToSchema)]
#[schema(example = json!({"text": "SUMMER-26", "currency": "EUR", "total_minor": 12_000}))]
#[expect(dead_code, reason = "the schema of what `scan_voucher` reads")]
pub(super) struct ScannedVoucher {
    /// What the scanner has read.
    text: schemas::VoucherCodeText,
    /// The customer who would redeem it.
    customer_id: Option<Uuid>,
    /// The address of who would redeem it. A customer who has an address has that one, whatever is given.
    email: Option<schemas::EmailAddress>,
    /// The currency of the total.
    currency: schemas::CurrencyCode,
    /// The sum of the lines before tax, in the currency's minor unit.
    total_minor: schemas::HeldMinor,
}

/// A voucher to be applied.
#[derive(ToSchema)]
#[schema(example = json!({"code": "SUMMER-26"}))]
#[expect(dead_code, reason = "the schema of what `apply_voucher` reads")]
pub(super) struct AppliedVoucher {
    /// The code.
    code: schemas::VoucherCodeText,
}

/// Where the money of a gift goes: to `account_id`, or to the wallet of `user_id`.
#[derive(ToSchema)]
#[schema(example = json!({"account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25"}))]
#[expect(dead_code, reason = "the schema of what `redeem_gift` reads")]
pub(super) struct GiftDestination {
    /// The account.
    account_id: Option<Uuid>,
    /// The user.
    user_id: Option<Uuid>,
    /// The customer who redeems it.
    customer_id: Option<Uuid>,
    /// The address of who redeems it. A customer who has an address has that one, whatever is given.
    email: Option<schemas::EmailAddress>,
}

/// A customer, by id or by address.
#[derive(ToSchema)]
#[schema(example = json!({"email": "ada@example.com"}))]
#[expect(dead_code, reason = "the schema of what `blocked` reads")]
pub(super) struct BlockedCustomer {
    /// The customer.
    customer_id: Option<Uuid>,
    /// The address, whatever the case of its letters.
    email: Option<schemas::EmailAddress>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}
