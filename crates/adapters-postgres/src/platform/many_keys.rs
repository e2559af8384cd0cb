//! Many idempotency keys at once.

use app::{
    idempotency::KeyUse,
    ports::{Claim, KeyedAnswer, StorageError},
};
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    columns::Columns,
    unit_of_work::{OwnedParam, PgUnitOfWork},
};

/// Takes each key as a claim of one does, and tells in the order asked whether it was used.
const CLAIM: &str = "
    SELECT wanted.is_ours, used.fingerprint, used.answer, used.created_at AS used_at
      FROM (SELECT organization_id, key, place,
                   pg_try_advisory_xact_lock(hashtextextended(key, hashtextextended(organization_id::text, 0))) AS is_ours
              FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS asked (organization_id, key, place)
            OFFSET 0) AS wanted
      LEFT JOIN idempotency_keys AS used ON used.organization_id = wanted.organization_id AND used.key = wanted.key
     ORDER BY wanted.place";

const DROP_EXPIRED: &str = "
    DELETE FROM idempotency_keys
     WHERE (organization_id, key) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) AND created_at < $3";

const REMEMBER: &str = "
    INSERT INTO idempotency_keys (organization_id, key, fingerprint, answer, created_at)
    SELECT organization_id, key, fingerprint, answer, $5::timestamptz
      FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[]) AS new (organization_id, key, fingerprint, answer)";

/// Claims keys, and tells in their order what became of the claims.
pub(super) async fn claim(
    uow: &mut PgUnitOfWork,
    uses: &[KeyUse],
) -> Result<Vec<Claim>, StorageError> {
    let (organizations, keys) = names(uses.iter());
    let rows = uow.query(CLAIM, &[&organizations, &keys]).await?;
    let kept_since = uow.terms().answers_kept_since;
    let mut claims = Vec::with_capacity(uses.len());
    let mut expired = Vec::new();
    for (row, asked) in rows.iter().zip(uses) {
        let (claim, is_expired) = claim_from(row, asked, kept_since)?;
        claims.push(claim);
        expired.extend(is_expired.then_some(asked));
    }
    if !expired.is_empty() {
        let (organizations, keys) = names(expired.into_iter());
        let params: Vec<OwnedParam> = vec![
            Box::new(organizations),
            Box::new(keys),
            Box::new(kept_since),
        ];
        uow.defer(DROP_EXPIRED, params);
    }
    Ok(claims)
}

/// Remembers what is answered under claimed keys.
pub(super) fn remember(uow: &mut PgUnitOfWork, answers: Vec<KeyedAnswer>) {
    let organization = |it: &KeyedAnswer| it.scope.organization_id.as_uuid();
    let key = |it: &KeyedAnswer| it.scope.key.as_str().to_owned();
    let fingerprint = |it: &KeyedAnswer| it.fingerprint.0.to_vec();
    let now = uow.terms().now;
    let params: Vec<OwnedParam> = vec![
        Box::new(answers.iter().map(organization).collect::<Vec<Uuid>>()),
        Box::new(answers.iter().map(key).collect::<Vec<String>>()),
        Box::new(answers.iter().map(fingerprint).collect::<Vec<Vec<u8>>>()),
        Box::new(
            answers
                .into_iter()
                .map(|it| it.answer)
                .collect::<Vec<Vec<u8>>>(),
        ),
        Box::new(now),
    ];
    uow.defer(REMEMBER, params);
}

fn names<'a>(uses: impl Iterator<Item = &'a KeyUse>) -> (Vec<Uuid>, Vec<String>) {
    let name = |it: &KeyUse| {
        let scope = &it.scope;
        (
            scope.organization_id.as_uuid(),
            scope.key.as_str().to_owned(),
        )
    };
    uses.map(name).unzip()
}

/// What became of a claim, and whether an answer that is kept no longer is in its way.
fn claim_from(
    row: &Row,
    asked: &KeyUse,
    kept_since: Timestamp,
) -> Result<(Claim, bool), StorageError> {
    let columns = Columns::of("idempotency key", row);
    let used_at: Option<Timestamp> = columns.get("used_at")?;
    if used_at.is_some_and(|used_at| used_at >= kept_since) {
        let used: Vec<u8> = columns.get("fingerprint")?;
        let claim = if used == asked.fingerprint.0 {
            Claim::Replay(columns.get("answer")?)
        } else {
            Claim::Mismatch
        };
        return Ok((claim, false));
    }
    Ok(if columns.get("is_ours")? {
        (Claim::First, used_at.is_some())
    } else {
        (Claim::InProgress, false)
    })
}
