//! A look at the whole ledger needs no more memory the longer the ledger is.

use std::{
    fs,
    process::{Child, Stdio},
    time::Duration,
};

use serde_json::json;
use tests::{Client, Database, Setup, Tenant, within};

const TRANSFERS: i64 = 200_000;
/// For what is read at a time, which a ledger of two transfers does not fill. Were all of them kept, they would need five
/// times as much: each with its two entries has about 400 bytes.
const MORE_AT_MOST_KIB: u64 = 16 * 1_024;
/// How long a slow machine may take to chain and to look through them.
const PATIENCE: Duration = Duration::from_mins(3);

/// From one account to the other, one minor unit each, as if they had been posted one after the other.
const POST_MANY: &str = "
    CREATE TEMPORARY TABLE sides AS
    SELECT account_id, organization_id, balance_minor, last_sequence, row_number() OVER (ORDER BY account_id) AS side
      FROM account_standings WHERE shard = 0;
    INSERT INTO transfers (organization_id, id, kind, source_account_id, source_shard, source_sequence,
                           destination_account_id, destination_shard, destination_sequence, amount_minor, currency, created_at)
    SELECT source.organization_id, ('019abcde-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'transfer',
           source.account_id, 0, source.last_sequence + n, destination.account_id, 0, destination.last_sequence + n, 1, 'USD',
           now()
      FROM sides AS source, sides AS destination, generate_series(1, TRANSFERS) AS n
     WHERE source.side = 1 AND destination.side = 2;
    INSERT INTO entries
    SELECT account_id, 0, source_sequence, id, -1, balance_minor - (source_sequence - last_sequence), created_at
      FROM transfers JOIN sides ON account_id = source_account_id WHERE kind = 'transfer';
    INSERT INTO entries
    SELECT account_id, 0, destination_sequence, id, 1, balance_minor + (destination_sequence - last_sequence), created_at
      FROM transfers JOIN sides ON account_id = destination_account_id WHERE kind = 'transfer';
    UPDATE account_standings AS s
       SET last_sequence = s.last_sequence + TRANSFERS, version = version + 1, last_entry_at = now(),
           balance_minor = s.balance_minor + CASE side WHEN 1 THEN -TRANSFERS ELSE TRANSFERS END
      FROM sides WHERE sides.account_id = s.account_id AND s.shard = 0;";

const NOT_CHAINED: &str = "
    SELECT (SELECT count(*) FROM transfers) - (SELECT coalesce(sum(cardinality(transfer_ids)), 0)::bigint FROM transfer_chain)";

async fn open(client: &Client, owner: &str) {
    let body = json!({"owner": owner, "currency": "USD", "initial_balance_minor": 1_000_000});
    let opened = client.post("/accounts", &body).idempotency_key(owner).await;
    opened.expect(201);
}

/// The most memory that a look at the whole ledger has needed, in KiB.
async fn peak_of_verifying(database: &Database) -> u64 {
    let mut verify = tests::command();
    verify
        .env("TALLYSTICK_DATABASE__URL", database.url())
        .args(["ledger", "verify"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = verify.spawn().unwrap();
    let mut peak = 0;
    let status = within(PATIENCE, "the ledger is verified", async || {
        peak = peak_of(&child).unwrap_or(peak);
        child.try_wait().unwrap()
    })
    .await;
    assert!(status.success(), "{status}");
    peak
}

fn peak_of(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_long_ledger_is_verified_in_as_little_memory_as_a_short_one() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    open(&client, "ada").await;
    open(&client, "bob").await;
    let short = peak_of_verifying(&database).await;
    let direct = database.connect().await;
    let statements = POST_MANY.replace("TRANSFERS", &TRANSFERS.to_string());
    direct.batch_execute(&statements).await.unwrap();
    within(PATIENCE, "all transfers are chained", async || {
        (database.count(NOT_CHAINED, &[]).await == 0).then_some(())
    })
    .await;

    let long = peak_of_verifying(&database).await;

    assert!(
        long < short + MORE_AT_MOST_KIB,
        "{long} KiB, and {short} KiB for a ledger of two transfers"
    );
}
