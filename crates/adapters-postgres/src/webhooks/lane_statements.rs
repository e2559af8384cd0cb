//! The statements about lanes.

use std::sync::LazyLock;

use super::delivery_row::COLUMNS;

/// Claims those lanes of either kind that wait longest, passing over what others hold or are about to.
pub(super) const CLAIM: &str = "
    WITH well AS (
        SELECT webhook_id FROM webhook_lanes
         WHERE failing_since IS NULL AND due_at <= $3 AND (held_until IS NULL OR held_until <= $3)
         ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED
    ), ailing AS (
        SELECT webhook_id FROM webhook_lanes
         WHERE failing_since IS NOT NULL AND due_at <= $3 AND (held_until IS NULL OR held_until <= $3)
         ORDER BY due_at LIMIT $5 FOR UPDATE SKIP LOCKED
    )
    UPDATE webhook_lanes AS l SET holder = $1, held_until = $2
      FROM (SELECT * FROM well UNION ALL SELECT * FROM ailing) AS due
     WHERE l.webhook_id = due.webhook_id
    RETURNING l.webhook_id, l.arrivals";

/// Where the claimed lanes lead; asked after the claim was committed, as are the parcels: a delivery that its last holder
/// has settled is seen as it was settled. Since when an endpoint fails is asked together with where it is: both change
/// together.
pub(super) const TARGETS: &str = "
    SELECT w.id, w.organization_id, w.url, w.secret_sealed, w.former_sealed, w.former_until, w.version, l.failing_since
      FROM webhooks AS w JOIN webhook_lanes AS l ON l.webhook_id = w.id
     WHERE w.id = ANY ($1) AND w.disabled_at IS NULL AND w.deleted_at IS NULL";

pub(super) static PARCELS: LazyLock<String> = LazyLock::new(|| {
    let columns = COLUMNS
        .split(", ")
        .map(|column| format!("d.{}", column.trim()));
    let columns: Vec<String> = columns.collect();
    format!(
        "
    SELECT {}, m.body
      FROM unnest($1::uuid[]) AS lane (webhook_id)
     CROSS JOIN LATERAL (
        SELECT * FROM webhook_deliveries
         WHERE webhook_id = lane.webhook_id AND state = 'pending' AND next_attempt_at <= $2
         ORDER BY next_attempt_at, id LIMIT $3) AS d
      JOIN webhook_messages AS m USING (event_id)",
        columns.join(", ")
    )
});

/// Takes note of what was sent, unless it was begun anew meanwhile.
pub(super) const MARK: &str = "
    UPDATE webhook_deliveries AS d
       SET state = n.state, attempts = n.attempts, next_attempt_at = n.next_attempt_at, attempted_at = n.attempted_at,
           took_ms = n.took_ms, status = n.status, failure = n.failure
      FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[],
                  $7::integer[], $8::smallint[], $9::text[])
        AS n (id, attempts_before, state, attempts, next_attempt_at, attempted_at, took_ms, status, failure)
     WHERE d.id = n.id AND d.state = 'pending' AND d.attempts = n.attempts_before";

/// What cannot be read would be due for ever.
pub(super) const GIVE_UP: &str =
    "UPDATE webhook_deliveries SET state = 'failed' WHERE id = ANY ($1)";

/// Lets go. What has arrived meanwhile makes the lane due at once; it was committed with a change of `arrivals`, which is
/// looked at anew when the row had to be waited for. The order of things that are due does not matter then. What the owner
/// has begun anew meanwhile, or moved, has not failed: what came of it is not its own.
pub(super) const RELEASE: &str = "
    UPDATE webhook_lanes AS l
       SET holder = NULL, held_until = NULL,
           failing_since = CASE WHEN l.failing_since IS NOT DISTINCT FROM $6
                                     AND EXISTS (SELECT FROM webhooks AS w WHERE w.id = l.webhook_id AND w.url = $7)
                                THEN $4 ELSE l.failing_since END,
           due_at = CASE WHEN l.arrivals = $3
                         THEN (SELECT min(next_attempt_at) FROM webhook_deliveries
                                WHERE webhook_id = $1 AND state = 'pending')
                         ELSE $5 END
     WHERE l.webhook_id = $1 AND l.holder = $2
    RETURNING COALESCE(l.due_at <= $5, false) AS has_more";

/// Puts lanes aside whose endpoints are disabled, unless one of them was enabled meanwhile.
pub(super) const PARK: &str = "
    UPDATE webhook_lanes AS l
       SET holder = NULL, held_until = NULL, due_at = CASE WHEN l.arrivals = p.arrivals THEN NULL ELSE l.due_at END
      FROM unnest($2::uuid[], $3::bigint[]) AS p (webhook_id, arrivals)
     WHERE l.webhook_id = p.webhook_id AND l.holder = $1";

/// What is old goes, whatever has become of it: no delivery is tried for as long.
pub(super) const FORGET_DELIVERIES: &str = "
    DELETE FROM webhook_deliveries
     WHERE id IN (SELECT id FROM webhook_deliveries WHERE created_at < $1 ORDER BY created_at LIMIT $2)
    RETURNING 1";

/// What is over, or never will be, goes with the deliveries of its time.
pub(super) const FORGET_REPLAYS: &str = "
    DELETE FROM webhook_replays
     WHERE id IN (SELECT r.id FROM webhook_replays AS r
                   WHERE r.created_at < $1
                     AND (r.finished_at IS NOT NULL
                          OR EXISTS (SELECT FROM webhooks AS w WHERE w.id = r.webhook_id AND w.deleted_at IS NOT NULL))
                   LIMIT $2)
    RETURNING 1";

/// The log gives events again for seven days, and what it gives may be sent anew for as long as deliveries are kept: so the
/// bodies stay longer than what they belong to.
pub(super) const FORGET_MESSAGES: &str = "
    DELETE FROM webhook_messages
     WHERE event_id IN (SELECT event_id FROM webhook_messages WHERE created_at < $1::timestamptz - interval '10 days'
                         ORDER BY created_at LIMIT $2)
    RETURNING 1";
