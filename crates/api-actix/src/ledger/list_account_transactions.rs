//! `GET /api/v1/accounts/{id}/transactions`

use actix_web::{get, web};
use api_shared::ledger::{entry_filter, unknown_account};
use app::{ledger::AccountEntry, wire};
use domain::ids::AccountId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadAccounts},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// What a transfer did to an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountTransaction, example = json!({
    "transfer_id": "01936f8a-9c1e-7c3d-9a4f-2b6c8d0e1f23",
    "kind": "transfer",
    "amount_minor": -2_500,
    "balance_after_minor": 7_500,
    "description": "Lunch",
    "created_at": "2026-11-20T13:02:11.123456Z",
}))]
struct TransactionBody {
    /// Which transfer.
    transfer_id: Uuid,
    /// What sort of transfer it is.
    #[schema(value_type = schemas::TransferKindName)]
    kind: &'static str,
    /// By how much it raised the account; below zero if it lowered it.
    #[schema(value_type = schemas::AmountMinor)]
    amount_minor: i64,
    /// What was on the account right after it; `null` for a system account.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    balance_after_minor: Option<i64>,
    /// What the transfer was for.
    #[schema(value_type = Option<schemas::TransferDescriptionText>)]
    description: Option<String>,
    /// When it was posted.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
}

impl From<AccountEntry> for TransactionBody {
    fn from(entry: AccountEntry) -> Self {
        Self {
            transfer_id: entry.transfer_id.as_uuid(),
            kind: entry.kind.code(),
            amount_minor: entry.entry.amount_minor,
            balance_after_minor: entry.entry.account_balance_after_minor(),
            description: entry.description.map(|text| text.as_str().to_owned()),
            created_at: entry.created_at,
        }
    }
}

/// List the transactions of an account
///
/// What transfers did to it, newest first.
#[utoipa::path(
    tag = "ledger",
    operation_id = "listAccountTransactions",
    security(("api_key" = ["accounts:read"])),
    params(
        ("from" = Option<schemas::Instant>, Query, description = "Made at this instant or later"),
        ("to" = Option<schemas::Instant>, Query, description = "Made at this instant or earlier"),
        ("kind" = Option<schemas::TransferKindName>, Query, description = "By transfers of this kind"),
        ("direction" = Option<schemas::EntryDirectionName>, Query, description = "`credit`: what raised the account; `debit`: what lowered it"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<TransactionBody>))
)]
#[get("/accounts/{id}/transactions")]
pub(super) async fn list_account_transactions(
    caller: Caller<ReadAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, filter, window) = request.read(|input| {
        let id = input.id("id", AccountId::from_uuid);
        let filter = input.query(entry_filter);
        let window = input.window();
        Some((id?, filter?, window?))
    })?;
    let found = api
        .ledger
        .entries
        .list(caller.organization_id(), id, &filter, window)
        .await?;
    let entries = found.ok_or_else(|| unknown_account(id))?;
    Ok(request.list(window, entries, TransactionBody::from))
}
