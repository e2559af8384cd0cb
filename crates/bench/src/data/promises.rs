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
        "SELECT count(*) FROM (SELECT id FROM transfers WHERE kind <> 'deposit') AS t
           FULL JOIN (SELECT aggregate_id FROM outbox WHERE type = 'transfer.posted') AS o ON o.aggregate_id = t.id
          WHERE t.id IS NULL OR o.aggregate_id IS NULL",
    ),
    (
        "no account is below its floor",
        "SELECT count(*) FROM account_standings WHERE balance_minor + overdraft_limit_minor < held_minor",
    ),
];

/// Queries that count what breaks a promise of payments.
pub(super) const BROKEN_PAYMENTS: [(&str, &str); 5] = [
    (
        "every payment is completed, and nothing is held any more",
        "SELECT (SELECT count(*) FROM payments WHERE status <> 'completed')
              + (SELECT count(*) FROM holds WHERE status = 'pending')
              + (SELECT count(*) FROM account_standings WHERE held_minor <> 0)",
    ),
    (
        "every payment is one transfer, and every such transfer a payment",
        "SELECT count(*) FROM payments AS p
           FULL JOIN (SELECT reference, amount_minor FROM transfers WHERE kind IN ('payment', 'provider_payment')) AS t
             ON t.reference = p.id::text
          WHERE p.amount_minor IS DISTINCT FROM t.amount_minor",
    ),
    (
        "the simulator has moved the money of every payment through it once, and of no other",
        "SELECT count(*) FROM (SELECT * FROM payments WHERE provider IS NOT NULL) AS p
           FULL JOIN simulator_orders AS o ON o.key = p.id
          WHERE p.amount_minor IS DISTINCT FROM o.amount_minor OR o.moved_at IS NULL",
    ),
    (
        "every version of a payment is in its history",
        "SELECT count(*) FROM payments AS p
           FULL JOIN (SELECT payment_id, count(*) AS entries, max(version) AS last FROM payment_events
                       GROUP BY payment_id) AS e ON e.payment_id = p.id
          WHERE ROW(e.entries, e.last) IS DISTINCT FROM ROW(p.version, p.version)",
    ),
    (
        "every version of a payment is an event",
        "SELECT count(*) FROM payments AS p
           FULL JOIN (SELECT aggregate_id, count(*) AS events FROM outbox WHERE aggregate_type = 'payment'
                       GROUP BY aggregate_id) AS o ON o.aggregate_id = p.id
          WHERE o.events IS DISTINCT FROM p.version",
    ),
];

/// How many payments there are.
pub(super) const PAYMENTS: &str = "SELECT count(*) FROM payments";

/// How many transfers were asked for: the deposits that were loaded are none.
pub(super) const TRANSFERS: &str = "SELECT count(*) FROM transfers WHERE kind = 'transfer'";

/// How many answers are kept.
pub(super) const ANSWERS: &str = "SELECT count(*) FROM idempotency_keys";
