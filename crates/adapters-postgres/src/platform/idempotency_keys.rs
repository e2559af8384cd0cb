//! The idempotency keys of a transaction.

use std::sync::LazyLock;

use app::ports::{Claim, Fingerprint, IdempotencyKeys, KeyScope, StorageError};
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{organization_row, outbox};
use crate::{
    columns::Columns,
    unit_of_work::{OwnedParam, PgUnitOfWork},
};

/// Takes the key for the length of the transaction, without waiting, and looks whether it was used.
///
/// The look may be older than the lock: somebody can commit and let go in between. Their row is met when ours is
/// inserted, which then fails as a lost race, and the next attempt finds what they remembered.
/// The organization comes along, since most commands go on with it: that saves them a round trip.
static CLAIM: LazyLock<String> = LazyLock::new(|| {
    let organization: Vec<_> = organization_row::COLUMNS
        .split(", ")
        .map(|column| format!("organization.{column}"))
        .collect();
    format!(
        "SELECT lock.is_ours, used.fingerprint, used.answer, used.created_at AS used_at, {}
           FROM (SELECT pg_try_advisory_xact_lock(hashtextextended($2, hashtextextended($1::uuid::text, 0))) AS is_ours)
                AS lock
           LEFT JOIN idempotency_keys AS used ON used.organization_id = $1 AND used.key = $2
           LEFT JOIN organizations AS organization ON organization.id = $1",
        organization.join(", ")
    )
});

const DROP_EXPIRED: &str =
    "DELETE FROM idempotency_keys WHERE organization_id = $1 AND key = $2 AND created_at < $3";

const REMEMBER: &str = "
    INSERT INTO idempotency_keys (organization_id, key, fingerprint, answer, created_at)
    VALUES ($1, $2, $3, $4, $5)";

/// What happened to an invoice and what was answered, in one statement: a change of an invoice under a key is what the
/// service does most.
const APPEND_AND_REMEMBER: &str = "
    WITH appended AS (
        INSERT INTO outbox (event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                            created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)),
    entered AS (
        INSERT INTO invoice_timeline (event_id, invoice_id, version, type, occurred_at, actor_kind, actor, changes)
        VALUES ($1, $4, $5, $6, $8, $9, $10, $11))
    INSERT INTO idempotency_keys (organization_id, key, fingerprint, answer, created_at)
    VALUES ($2, $12, $13, $14, $15)";

const FORGET_EXPIRED: &str = "
    DELETE FROM idempotency_keys
     WHERE (organization_id, key) IN (
        SELECT organization_id, key FROM idempotency_keys WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";

#[async_trait]
impl IdempotencyKeys for PgUnitOfWork {
    async fn claim(
        &mut self,
        scope: &KeyScope,
        fingerprint: &Fingerprint,
    ) -> Result<Claim, StorageError> {
        let organization = scope.organization_id.as_uuid();
        let key = scope.key.as_str();
        let Some(row) = self.query_opt(&CLAIM, &[&organization, &key]).await? else {
            return Ok(Claim::InProgress);
        };
        let columns = Columns::of("idempotency key", &row);
        let kept_since = self.terms().answers_kept_since;
        let used_at: Option<Timestamp> = columns.get("used_at")?;
        let is_kept = used_at.is_some_and(|used_at| used_at >= kept_since);
        if is_kept {
            let used: Vec<u8> = columns.get("fingerprint")?;
            return Ok(if used == fingerprint.0 {
                Claim::Replay(columns.get("answer")?)
            } else {
                Claim::Mismatch
            });
        }
        if !columns.get("is_ours")? {
            return Ok(Claim::InProgress);
        }
        if used_at.is_some() {
            let expired: Vec<OwnedParam> = vec![
                Box::new(organization),
                Box::new(key.to_owned()),
                Box::new(kept_since),
            ];
            self.defer(DROP_EXPIRED, expired);
        }
        if columns.get::<Option<Uuid>>("id")?.is_some() {
            self.come_to_know(organization_row::organization_from(&row)?);
        }
        Ok(Claim::First)
    }

    async fn remember(
        &mut self,
        scope: &KeyScope,
        fingerprint: &Fingerprint,
        answer: &[u8],
    ) -> Result<(), StorageError> {
        let now = self.terms().now;
        let columns: [OwnedParam; 4] = [
            Box::new(scope.key.as_str().to_owned()),
            Box::new(fingerprint.0.to_vec()),
            Box::new(answer.to_vec()),
            Box::new(now),
        ];
        if let Some(last) = self.last_deferred(outbox::APPEND_WITH_TIMELINE) {
            last.become_longer(APPEND_AND_REMEMBER, columns);
        } else {
            let mut params: Vec<OwnedParam> = vec![Box::new(scope.organization_id.as_uuid())];
            params.extend(columns);
            self.defer(REMEMBER, params);
        }
        Ok(())
    }

    async fn forget_expired(&mut self, limit: i64) -> Result<u64, StorageError> {
        let kept_since = self.terms().answers_kept_since;
        self.execute(FORGET_EXPIRED, &[&kept_since, &limit]).await
    }
}
