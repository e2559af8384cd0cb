//! The idempotency keys of a transaction.

use std::sync::LazyLock;

use app::{
    idempotency::KeyUse,
    ports::{Claim, Fingerprint, IdempotencyKeys, KeyScope, KeyedAnswer, StorageError},
};
use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    many_keys, organization_row,
    outbox::{APPEND_WITH_TIMELINE, APPEND_WITH_TIMELINE_SQL, DRAFT_AND_APPEND_SQL},
};
use crate::{
    columns::Columns,
    invoicing::INSERT,
    unit_of_work::{OwnedParam, PgUnitOfWork, Write, joined},
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

const REMEMBER_WRITE: Write = Write {
    parts: &[("remembered", REMEMBER)],
    params: 5,
};

/// What happened to an invoice and what was answered.
static APPEND_AND_REMEMBER_SQL: LazyLock<String> =
    LazyLock::new(|| joined(&[&APPEND_WITH_TIMELINE, &REMEMBER_WRITE]));

/// A draft under a key, all of it. Where such a statement is a transaction by itself, it goes together with others.
pub(crate) static DRAFT_AND_REMEMBER_SQL: LazyLock<String> =
    LazyLock::new(|| joined(&[&INSERT, &APPEND_WITH_TIMELINE, &REMEMBER_WRITE]));

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
        let columns: Vec<OwnedParam> = vec![
            Box::new(scope.organization_id.as_uuid()),
            Box::new(scope.key.as_str().to_owned()),
            Box::new(fingerprint.0.to_vec()),
            Box::new(answer.to_vec()),
            Box::new(now),
        ];
        let pairs: [(&str, &str); 2] = [
            (&DRAFT_AND_APPEND_SQL, &DRAFT_AND_REMEMBER_SQL),
            (&APPEND_WITH_TIMELINE_SQL, &APPEND_AND_REMEMBER_SQL),
        ];
        self.defer_joined(&pairs, REMEMBER, columns);
        Ok(())
    }

    async fn claim_all(&mut self, uses: &[KeyUse]) -> Result<Vec<Claim>, StorageError> {
        many_keys::claim(self, uses).await
    }

    async fn remember_all(&mut self, answers: Vec<KeyedAnswer>) -> Result<(), StorageError> {
        many_keys::remember(self, answers);
        Ok(())
    }

    async fn forget_expired(&mut self, limit: i64) -> Result<u64, StorageError> {
        let kept_since = self.terms().answers_kept_since;
        self.execute(FORGET_EXPIRED, &[&kept_since, &limit]).await
    }
}
