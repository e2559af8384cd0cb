//! Every committed change has its event, and every event its change (I6); and the log has them in their order (I7).

use crate::database::Database;

/// Kinds of aggregates, and those of each that are stored, with their versions. System accounts are made on the way, and
/// nobody is told; a transfer and a block do not change.
const STORED: [(&str, &str); 15] = [
    ("organization", "SELECT id, version FROM organizations"),
    ("api_key", "SELECT id, version FROM api_keys"),
    ("customer", "SELECT id, version FROM customers"),
    ("invoice", "SELECT id, version FROM invoices"),
    (
        "account",
        "SELECT id, version FROM accounts WHERE system IS NULL",
    ),
    ("transfer", "SELECT id, 1::bigint AS version FROM transfers"),
    ("hold", "SELECT id, version FROM holds"),
    ("user", "SELECT id, version FROM users"),
    ("payment", "SELECT id, version FROM payments"),
    ("refund", "SELECT id, version FROM refunds"),
    ("webhook", "SELECT id, version FROM webhooks"),
    ("campaign", "SELECT id, version FROM campaigns"),
    ("voucher", "SELECT id, version FROM vouchers"),
    ("redemption", "SELECT id, version FROM voucher_redemptions"),
    (
        "voucher_block",
        "SELECT id, 1::bigint AS version FROM voucher_blocklist",
    ),
];

/// Aggregates whose events are not 1, 2, 3 … up to their version; what is gone has said so last.
const UNTOLD: &str = "
    WITH told AS (
        SELECT aggregate_id AS id, count(*) AS events, min(aggregate_version) AS first, max(aggregate_version) AS last,
               bool_or(type IN ('invoice.deleted', 'voucher_block.lifted')) AS is_gone
          FROM outbox WHERE aggregate_type = $1 GROUP BY 1)
    SELECT count(*) FROM ({stored}) AS stored FULL JOIN told ON told.id = stored.id
     WHERE told.id IS NULL OR told.first <> 1 OR told.events <> told.last
        OR (stored.id IS NULL) <> told.is_gone OR stored.version <> told.last";

const OF_OTHER_KINDS: &str = "SELECT count(*) FROM outbox WHERE aggregate_type <> ALL ($1)";

/// Events that come in the log before or behind their turn.
const OUT_OF_TURN: &str = "
    SELECT count(*)
      FROM (SELECT o.aggregate_version, row_number() OVER (PARTITION BY p.aggregate_id ORDER BY p.position) AS turn
              FROM event_positions AS p
              JOIN outbox AS o ON o.day = p.day AND o.xact_id = p.xact_id AND o.id = p.id) AS logged
     WHERE aggregate_version <> turn";

/// Fails if some change of any kind of aggregate has no event, or some event no change. Everything that has happened MUST
/// still be in the outbox.
///
/// # Panics
/// Then.
pub async fn assert_every_change_is_told(database: &Database) {
    for (kind, stored) in STORED {
        let untold = UNTOLD.replace("{stored}", stored);
        assert_eq!(database.count(&untold, &[&kind]).await, 0, "{kind}");
    }
    let kinds = STORED.map(|(kind, _)| kind).to_vec();
    assert_eq!(database.count(OF_OTHER_KINDS, &[&kinds]).await, 0);
    assert_eq!(database.count(OUT_OF_TURN, &[]).await, 0, "{OUT_OF_TURN}");
}
