//! What is read, in which order.

use std::sync::LazyLock;

use super::Cursor;
use crate::ledger::chain_record_row;

/// Rows of a hundred bytes or a few.
const MANY: u16 = 2_000;
/// Rows of up to 48 kB.
const SOME: u16 = 20;

pub(super) const ENTRY_COUNT: &str =
    "SELECT coalesce(sum(last_sequence), 0)::bigint AS count FROM account_standings";

pub(super) const STANDINGS: Cursor = Cursor {
    name: "standings",
    rows_at_once: MANY,
    sql: "
    SELECT s.account_id, s.shard, s.organization_id, s.currency, s.overdraft_limit_minor, s.balance_minor, s.held_minor,
           s.last_sequence, a.organization_id AS account_organization_id, a.currency AS account_currency,
           least(coalesce(h.held, 0), 9223372036854775807)::bigint AS pending_holds_minor
      FROM account_standings AS s
      LEFT JOIN accounts AS a ON a.id = s.account_id
      LEFT JOIN (SELECT account_id, sum(amount_minor) AS held FROM holds WHERE status = 'pending' GROUP BY account_id) AS h
        ON h.account_id = s.account_id AND s.shard = 0
     ORDER BY s.account_id, s.shard",
};

pub(super) const ENTRIES_BY_FOLIO: Cursor = Cursor {
    name: "entries_by_folio",
    rows_at_once: MANY,
    sql: "
    SELECT account_id, shard, sequence, transfer_id, amount_minor, balance_after_minor, created_at
      FROM entries ORDER BY account_id, shard, sequence",
};

pub(super) const ENTRIES_BY_TRANSFER: Cursor = Cursor {
    name: "entries_by_transfer",
    rows_at_once: MANY,
    sql: "
    SELECT account_id, shard, sequence, transfer_id, amount_minor, balance_after_minor, created_at
      FROM entries ORDER BY transfer_id",
};

/// A transfer is due in its chain if a later one may be there already, and if it is older than the last one by more than the time
/// within which all are chained: then it does not matter what the service itself has noted. The last is that of the last
/// transaction, since clocks may jump.
pub(super) const TRANSFERS: Cursor = Cursor {
    name: "transfers_by_id",
    rows_at_once: MANY,
    sql: "
    SELECT t.organization_id, t.id, t.source_account_id, t.source_shard, t.source_sequence, t.destination_account_id,
           t.destination_shard, t.destination_sequence, t.amount_minor, t.currency, t.created_at,
           coalesce(t.xact_id < (SELECT xact_id FROM transfer_chain_progress), false)
               OR t.created_at < (SELECT created_at FROM transfers ORDER BY xact_id DESC LIMIT 1) - interval '1 minute'
               AS is_due_in_chain,
           s.organization_id AS source_organization_id, s.currency AS source_currency,
           d.organization_id AS destination_organization_id, d.currency AS destination_currency
      FROM transfers AS t
      LEFT JOIN accounts AS s ON s.id = t.source_account_id
      LEFT JOIN accounts AS d ON d.id = t.destination_account_id
     ORDER BY t.id",
};

pub(super) const CHAINED_TRANSFERS: Cursor = Cursor {
    name: "chained_transfers",
    rows_at_once: MANY,
    sql: "
    SELECT link.id, c.organization_id
      FROM transfer_chain AS c, unnest(c.transfer_ids) AS link (id)
     ORDER BY link.id",
};

pub(super) const BLOCKS: Cursor = Cursor {
    name: "blocks",
    rows_at_once: SOME,
    sql: "
    SELECT organization_id, block, transfer_ids, hashes FROM transfer_chain ORDER BY organization_id, block",
};

pub(super) const RECEIVABLES: Cursor = Cursor {
    name: "receivables",
    rows_at_once: MANY,
    sql: "
    SELECT organization_id, currency, coalesce(r.balance, 0)::text AS balance_minor, coalesce(i.open, 0)::text AS open_minor
      FROM (SELECT a.organization_id, a.currency, sum(s.balance_minor) AS balance
              FROM accounts AS a JOIN account_standings AS s ON s.account_id = a.id
             WHERE a.system = 'receivables'
             GROUP BY a.organization_id, a.currency) AS r
      FULL JOIN (SELECT organization_id, currency, sum(total_minor - amount_paid_minor) AS open
                   FROM invoices WHERE status IN ('sent', 'viewed', 'overdue')
                  GROUP BY organization_id, currency) AS i USING (organization_id, currency)
     ORDER BY organization_id, currency",
};

pub(super) static RECORDS: LazyLock<String> = LazyLock::new(|| {
    let (columns, entries) = (chain_record_row::COLUMNS, chain_record_row::ENTRIES);
    format!(
        "SELECT {columns}
           FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (organization_id, id, place)
           LEFT JOIN LATERAL (SELECT * FROM transfers
                               WHERE organization_id = wanted.organization_id AND id = wanted.id
                               LIMIT 1) AS t ON true {entries}
          ORDER BY wanted.place"
    )
});
