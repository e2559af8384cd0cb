//! What must be true of a ledger after every load.

/// Queries that count what breaks a promise, for ledgers of any size: each reads a table once.
pub(super) const BROKEN: [(&str, &str); 7] = [
    (
        "balances add up to nothing",
        "SELECT count(*) FROM (SELECT 1 FROM account_standings GROUP BY currency HAVING sum(balance_minor) <> 0) AS it",
    ),
    (
        "a balance is the sum of its entries",
        "SELECT count(*) FROM account_standings AS s
           FULL JOIN (SELECT account_id, shard, sum(amount_minor) AS sum_minor FROM entries GROUP BY account_id, shard) AS e
             ON (e.account_id, e.shard) = (s.account_id, s.shard)
          WHERE s.balance_minor IS DISTINCT FROM coalesce(e.sum_minor, 0)",
    ),
    (
        "sequences have no gap",
        "SELECT count(*) FROM account_standings AS s
           FULL JOIN (SELECT account_id, shard, count(*) AS entries, max(sequence) AS last FROM entries
                       GROUP BY account_id, shard) AS e
             ON (e.account_id, e.shard) = (s.account_id, s.shard)
          WHERE ROW(s.last_sequence, s.last_sequence) IS DISTINCT FROM ROW(coalesce(e.entries, 0), coalesce(e.last, 0))",
    ),
    (
        "each entry goes on from the one before",
        "SELECT count(*) FROM (SELECT balance_after_minor - amount_minor AS before,
            lag(balance_after_minor, 1, 0::bigint) OVER page AS last, created_at,
            lag(created_at) OVER page AS earlier
            FROM entries WINDOW page AS (PARTITION BY account_id, shard ORDER BY sequence)) AS it
          WHERE before <> last OR created_at < earlier",
    ),
    (
        "a transfer is two entries that add up to nothing",
        "SELECT count(*) FROM transfers AS t
           FULL JOIN (SELECT transfer_id, count(*) AS entries, sum(amount_minor) AS sum_minor,
                             max(amount_minor) AS most_minor
                        FROM entries GROUP BY transfer_id) AS e ON e.transfer_id = t.id
          WHERE ROW(e.entries, e.sum_minor, e.most_minor) IS DISTINCT FROM ROW(2::bigint, 0::numeric, t.amount_minor)",
    ),
    (
        "every transfer that was asked for has its event, and every event its transfer",
        "SELECT count(*) FROM (SELECT id FROM transfers WHERE kind = 'transfer') AS t
           FULL JOIN (SELECT aggregate_id FROM outbox WHERE type = 'transfer.posted') AS o ON o.aggregate_id = t.id
          WHERE t.id IS NULL OR o.aggregate_id IS NULL",
    ),
    (
        "no account is below its floor",
        "SELECT count(*) FROM account_standings WHERE balance_minor + overdraft_limit_minor < held_minor",
    ),
];

/// How many transfers were asked for: the deposits that were loaded are none.
pub(super) const TRANSFERS: &str = "SELECT count(*) FROM transfers WHERE kind = 'transfer'";

/// How many answers are kept.
pub(super) const ANSWERS: &str = "SELECT count(*) FROM idempotency_keys";
