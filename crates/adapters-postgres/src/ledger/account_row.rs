//! Rows of `accounts`, and how those accounts stand.

use app::{ledger::AccountState, ports::StorageError};
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{Account, AccountFacts, AccountOwner, AccountStatus, OverdraftLimit, SystemAccount},
    values::{Currency, Name},
    version::Version,
};
use tokio_postgres::{Row, types::Json};

use super::standing_row::standing_from;
use crate::{columns::Columns, unit_of_work::OwnedParam};

const ENTITY: &str = "account";

/// Everything of an account `a`, but for its status and its limit, which its standing has.
pub(super) const COLUMNS: &str = "
    a.id, a.organization_id, a.system, a.owner, a.name, a.currency, a.metadata, a.created_at, a.updated_at,
    a.version AS account_version";

/// How an account stands, in the columns of a [`state_from`]: the sum of its pages.
pub(super) const STANDING: &str = "
    JOIN LATERAL (SELECT min(status) AS status, min(overdraft_limit_minor) AS overdraft_limit_minor,
                         sum(balance_minor)::bigint AS balance_minor, sum(held_minor)::bigint AS held_minor
                    FROM account_standings WHERE account_id = a.id) AS s ON true";

fn facts_from(columns: Columns<'_>) -> Result<AccountFacts, StorageError> {
    let limit: Option<i64> = columns.get("overdraft_limit_minor")?;
    Ok(AccountFacts {
        id: AccountId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        system: columns.parse_optional("system", SystemAccount::parse)?,
        owner: columns.parse_optional("owner", AccountOwner::parse)?,
        name: columns.parse("name", Name::parse)?,
        currency: columns.parse("currency", Currency::restore)?,
        overdraft_limit: limit.map_or(OverdraftLimit::Unlimited, OverdraftLimit::Minor),
        status: columns.parse("status", AccountStatus::parse)?,
        metadata: columns.metadata()?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("account_version")?),
    })
}

/// An account with one of its pages, whose columns are named as the table has them.
pub(super) fn account_from(row: &Row) -> Result<Account, StorageError> {
    let facts = facts_from(Columns::of(ENTITY, row))?;
    Ok(Account::restore(facts, standing_from(row)?))
}

/// An account with the sum of its pages.
pub(super) fn state_from(row: &Row) -> Result<AccountState, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(AccountState {
        facts: facts_from(columns)?,
        balance_minor: columns.get("balance_minor")?,
        held_minor: columns.get("held_minor")?,
    })
}

/// What changes in an account: `id`, `organization_id`, `name`, `metadata`, `updated_at`, `version`; and in its standing:
/// `status`, `overdraft_limit_minor`, `version`.
pub(super) fn changing_columns(account: &Account) -> Vec<OwnedParam> {
    let (facts, standing) = (account.facts(), account.standing());
    vec![
        Box::new(facts.id.as_uuid()),
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.name.as_str().to_owned()),
        Box::new(Json(facts.metadata.pairs().clone())),
        Box::new(facts.updated_at),
        Box::new(facts.version.as_i64()),
        Box::new(standing.status.code()),
        Box::new(standing.overdraft_limit.as_minor()),
        Box::new(standing.version.as_i64()),
    ]
}

/// What never changes: `owner`, `currency`, `created_at`.
pub(super) fn lasting_columns(account: &Account) -> [OwnedParam; 3] {
    let facts = account.facts();
    let owner = facts.owner.as_ref().map(|owner| owner.as_str().to_owned());
    [
        Box::new(owner),
        Box::new(facts.currency.code()),
        Box::new(facts.created_at),
    ]
}
