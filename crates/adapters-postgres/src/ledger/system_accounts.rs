//! System accounts: made when they are first needed.

use app::ports::{StorageError, SystemAccountOf};
use domain::ids::AccountId;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{columns::Columns, unit_of_work::OwnedParam};

/// The ids of system accounts, in the order asked; those that are not there are made with their pages under the ids $1, in
/// the order of their names, so that nobody waits for anybody in a circle. No id where somebody else has just made one:
/// then the same statement finds it the next time.
pub(super) const FIND_OR_MAKE: &str = "
    WITH wanted AS MATERIALIZED (
        SELECT *
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])
               WITH ORDINALITY AS w (fresh, organization_id, system, currency, place)),
    made AS (
        INSERT INTO accounts (id, organization_id, system, name, currency, metadata, created_at, updated_at, version)
        SELECT fresh, organization_id, system, system, currency, '{}'::jsonb, $5::timestamptz, $5::timestamptz, 1
          FROM wanted AS w
         WHERE NOT EXISTS (SELECT FROM accounts AS a
                            WHERE a.organization_id = w.organization_id AND a.system = w.system
                              AND a.currency = w.currency)
         ORDER BY organization_id, system, currency
        ON CONFLICT (organization_id, system, currency) WHERE system IS NOT NULL DO NOTHING
        RETURNING id, organization_id, system, currency),
    pages AS (
        INSERT INTO account_standings (account_id, shard, organization_id, currency, status, overdraft_limit_minor,
                                       balance_minor, held_minor, last_sequence, last_entry_at, version)
        SELECT made.id, shard, organization_id, currency, 'active', NULL::bigint, 0, 0, 0, $5, 1
          FROM made, generate_series(1, 16) AS shard)
    SELECT coalesce(made.id, a.id) AS id
      FROM wanted AS w
      LEFT JOIN made USING (organization_id, system, currency)
      LEFT JOIN accounts AS a
        ON a.organization_id = w.organization_id AND a.system = w.system AND a.currency = w.currency
     ORDER BY w.place";

/// How often they are looked for, at most.
pub(super) const ATTEMPTS_MAX: usize = 5;

pub(super) fn params(accounts: &[(SystemAccountOf, AccountId)], now: Timestamp) -> [OwnedParam; 5] {
    let fresh: Vec<Uuid> = accounts.iter().map(|(_, id)| id.as_uuid()).collect();
    let accounts = accounts.iter().map(|(account, _)| account);
    let organizations: Vec<Uuid> = accounts
        .clone()
        .map(|it| it.organization_id.as_uuid())
        .collect();
    let systems: Vec<String> = accounts.clone().map(|it| it.system.to_string()).collect();
    let currencies: Vec<&'static str> = accounts.map(|it| it.currency).collect();
    [
        Box::new(fresh),
        Box::new(organizations),
        Box::new(systems),
        Box::new(currencies),
        Box::new(now),
    ]
}

/// The ids, once all of them are there.
pub(super) fn ids_of(rows: &[Row]) -> Result<Option<Vec<AccountId>>, StorageError> {
    let id_of = |row: &Row| -> Result<Option<AccountId>, StorageError> {
        let id: Option<Uuid> = Columns::of("system account", row).get("id")?;
        Ok(id.map(AccountId::from_uuid))
    };
    rows.iter().map(id_of).collect()
}
