//! System accounts: made when they are first needed.

use app::ports::SystemAccountOf;
use domain::ids::AccountId;
use jiff::Timestamp;

use crate::unit_of_work::OwnedParam;

/// The id of a system account; it and its pages are made under the id $1 if it is not there. No row when somebody else is
/// just making it: then the same statement finds it the next time.
pub(super) const FIND_OR_MAKE: &str = "
    WITH made AS (
        INSERT INTO accounts (id, organization_id, system, name, currency, metadata, created_at, updated_at, version)
        SELECT $1::uuid, $2::uuid, $3::text, $3::text, $4::text, '{}'::jsonb, $5::timestamptz, $5::timestamptz, 1
         WHERE NOT EXISTS (SELECT FROM accounts WHERE organization_id = $2 AND system = $3 AND currency = $4)
        ON CONFLICT (organization_id, system, currency) WHERE system IS NOT NULL DO NOTHING
        RETURNING id),
    pages AS (
        INSERT INTO account_standings (account_id, shard, organization_id, currency, status, overdraft_limit_minor,
                                       balance_minor, held_minor, last_sequence, last_entry_at, version)
        SELECT made.id, shard, $2, $4, 'active', NULL::bigint, 0, 0, 0, $5, 1
          FROM made, generate_series(1, 16) AS shard)
    SELECT id FROM made
     UNION ALL
    SELECT id FROM accounts WHERE organization_id = $2 AND system = $3 AND currency = $4";

/// How often it is looked for, at most.
pub(super) const ATTEMPTS_MAX: usize = 5;

pub(super) fn params(
    account: &SystemAccountOf,
    fresh: AccountId,
    now: Timestamp,
) -> [OwnedParam; 5] {
    [
        Box::new(fresh.as_uuid()),
        Box::new(account.organization_id.as_uuid()),
        Box::new(account.system.to_string()),
        Box::new(account.currency),
        Box::new(now),
    ]
}
