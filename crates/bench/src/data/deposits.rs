//! Accounts and what was paid into them, computed by the database from their position: a ledger that keeps all promises
//! but that these deposits have no events and no keys.

use tokio_postgres::Client;
use uuid::Uuid;

use super::BranchSize;
use crate::posting::CURRENCY;

/// What each deposit is, in minor units.
const DEPOSIT_MINOR: i64 = 1_000_000_000;
/// How many deposits one statement makes.
const BATCH: i64 = 200_000;

/// As `account_id` of the callers has it.
const ACCOUNT_ID: &str = "
    CREATE FUNCTION pg_temp.account_id(number bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    RETURN ('00000000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid";

/// Accounts 1 to $2, and number 0, where all money comes from.
const ACCOUNTS: &str = "
    INSERT INTO accounts (id, organization_id, system, owner, name, currency, metadata, created_at, updated_at, version)
    SELECT pg_temp.account_id(n), $1::uuid, CASE n WHEN 0 THEN 'external' END, CASE WHEN n > 0 THEN 'user-' || n END,
           CASE n WHEN 0 THEN 'external' ELSE 'Wallet of user ' || n END, $3::text, '{}', $4::timestamptz, $4, 1
      FROM generate_series(0, $2::bigint) AS n";

/// Deposit t goes to account t % $2 + 1, from page t % 16 + 1 of account 0.
const STANDINGS: &str = "
    INSERT INTO account_standings (account_id, shard, organization_id, currency, status, overdraft_limit_minor,
                                   balance_minor, held_minor, last_sequence, last_entry_at, version)
    SELECT pg_temp.account_id(n), 0, $1::uuid, $3::text, 'active', 0, $5::bigint * $6::bigint, 0, $5, $4::timestamptz, $5 + 1
      FROM generate_series(1, $2::bigint) AS n
     UNION ALL
    SELECT pg_temp.account_id(0), shard, $1::uuid, $3::text, 'active', NULL, -count * $6, 0, count, $4, count + 1
      FROM generate_series(1, 16) AS shard,
           LATERAL (SELECT $2 * $5 / 16 + (shard <= $2 * $5 % 16)::int AS count) AS counted";

/// Deposits $4 to $5, counted from 0, a microsecond from each to the next.
const TRANSFERS: &str = "
    INSERT INTO transfers (organization_id, id, kind, source_account_id, source_shard, source_sequence,
                           destination_account_id, destination_shard, destination_sequence, amount_minor, currency,
                           created_at)
    SELECT $1::uuid, pg_temp.deposit_id(t), 'deposit', pg_temp.account_id(0), t % 16 + 1, t / 16 + 1,
           pg_temp.account_id(t % $2::bigint + 1), 0, t / $2 + 1, $7::bigint, $3::text, $6::timestamptz + t * interval '1 microsecond'
      FROM generate_series($4::bigint, $5::bigint) AS t";

const ENTRIES: &str = "
    INSERT INTO entries (account_id, shard, sequence, transfer_id, amount_minor, balance_after_minor, created_at)
    SELECT side.account_id, side.shard, side.sequence, pg_temp.deposit_id(t), side.amount_minor,
           side.amount_minor * side.sequence, $4::timestamptz + t * interval '1 microsecond'
      FROM generate_series($2::bigint, $3::bigint) AS t,
           LATERAL (VALUES (pg_temp.account_id(t % $1::bigint + 1), 0, t / $1 + 1, $5::bigint),
                           (pg_temp.account_id(0), t % 16 + 1, t / 16 + 1, -$5))
               AS side (account_id, shard, sequence, amount_minor)";

/// In time order, as of long ago.
const DEPOSIT_ID: &str = "
    CREATE FUNCTION pg_temp.deposit_id(t bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
    RETURN ('00000000-0000-7001-8000-' || lpad(to_hex(t), 12, '0'))::uuid";

/// Fills the tables.
pub(super) async fn insert_deposits(
    client: &Client,
    organization: Uuid,
    size: BranchSize,
) -> anyhow::Result<()> {
    let (accounts, deposits) = (i64::from(size.accounts), i64::from(size.deposits));
    client.batch_execute(ACCOUNT_ID).await?;
    client.batch_execute(DEPOSIT_ID).await?;
    let day_ago = "SELECT now() - interval '1 day', now()";
    let row = client.query_one(day_ago, &[]).await?;
    let (begun, ended): (jiff::Timestamp, jiff::Timestamp) = (row.get(0), row.get(1));
    client
        .execute(ACCOUNTS, &[&organization, &accounts, &CURRENCY, &begun])
        .await?;
    let total = accounts * deposits;
    let mut first = 0;
    while first < total {
        let last = total.min(first + BATCH) - 1;
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 7] = [
            &organization,
            &accounts,
            &CURRENCY,
            &first,
            &last,
            &begun,
            &DEPOSIT_MINOR,
        ];
        client.execute(TRANSFERS, &params).await?;
        client
            .execute(ENTRIES, &[&accounts, &first, &last, &begun, &DEPOSIT_MINOR])
            .await?;
        first = last + 1;
    }
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 6] = [
        &organization,
        &accounts,
        &CURRENCY,
        &ended,
        &deposits,
        &DEPOSIT_MINOR,
    ];
    client.execute(STANDINGS, &params).await?;
    client
        .batch_execute("VACUUM (ANALYZE) accounts, account_standings, transfers, entries")
        .await?;
    Ok(())
}
