//! The store of the posting engine.

use std::{sync::Arc, time::Duration};

use app::ports::{
    BatchWritten, Clock, Decide, Fingerprint, IdempotencyKey, KeyScope, KeyedAnswer, PostingBatch,
    PostingStore, StorageError, SystemAccountOf,
};
use async_trait::async_trait;
use deadpool_postgres::ClientWrapper;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{Folio, Standing},
};
use jiff::SignedDuration;
use tokio_postgres::{Row, error::SqlState, types::ToSql};
use uuid::Uuid;

use super::{
    posting_statement,
    standing_row::{self, arrays, folio_from, standing_from},
    system_accounts,
};
use crate::{
    columns::Columns,
    database::{Database, OpenError, Trouble},
    error::{corrupt, storage_error, unavailable},
    listing::collect,
    unit_of_work::{LostRace, OwnedParam, PgUnitOfWork, Terms},
};

const FORGET_EXPIRED: &str = "
    DELETE FROM idempotency_keys
     WHERE (organization_id, key) IN (SELECT * FROM unnest($1::uuid[], $2::text[])) AND created_at < $3";

const FIND_ANSWERS: &str = "
    SELECT k.organization_id, k.key, k.fingerprint, k.answer
      FROM unnest($1::uuid[], $2::text[]) AS wanted (organization_id, key)
      JOIN idempotency_keys AS k USING (organization_id, key)
     WHERE k.created_at >= $3";

/// Our own: some page was not at the version that was decided on.
const STALE: &str = "TS409";

/// Writes postings through connections of its own.
pub struct PgPostingStore {
    database: Database,
    clock: Arc<dyn Clock>,
    answers_kept: SignedDuration,
}

impl PgPostingStore {
    /// A store on a database, with connections for so many batches at a time. Answers are kept for `answers_kept`.
    pub fn open(
        database: &Database,
        batches_max: usize,
        clock: Arc<dyn Clock>,
        answers_kept: Duration,
    ) -> Result<Self, OpenError> {
        Ok(Self {
            database: database.for_postings(batches_max)?,
            clock,
            answers_kept: SignedDuration::try_from(answers_kept).unwrap_or(SignedDuration::MAX),
        })
    }

    fn terms(&self) -> Terms {
        Terms::at(
            self.clock.now(),
            self.database.deadline(),
            self.answers_kept,
        )
    }
}

#[async_trait]
impl PostingStore for PgPostingStore {
    async fn load(&self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError> {
        let (accounts, shards) = arrays(folios);
        let rows = self
            .database
            .query(standing_row::FIND, &[&accounts, &shards])
            .await?;
        collect(&rows, standing_from)
    }

    async fn write(&self, batch: &PostingBatch) -> Result<BatchWritten, StorageError> {
        let values = posting_statement::values(batch, self.clock.now())?;
        let sql = posting_statement::of(batch);
        let writing = async |client: &ClientWrapper| execute(client, sql, &values).await;
        match self.database.round_trip(&[sql], writing).await {
            Ok(_) => Ok(BatchWritten::Committed),
            Err(Trouble::Refused(error)) => refusal_of(&error).ok_or_else(|| match error.code() {
                Some(&SqlState::UNIQUE_VIOLATION) => corrupt("row that was to be written", error),
                Some(_) | None => storage_error(error),
            }),
            Err(Trouble::Unanswered(why)) => Err(why),
        }
    }

    async fn write_locked(
        &self,
        folios: &[Folio],
        decide: &mut Decide<'_>,
    ) -> Result<BatchWritten, StorageError> {
        let client = self.database.connection().await?;
        let mut uow = PgUnitOfWork::new(client, &self.database, "BEGIN", self.terms());
        let (accounts, shards) = arrays(folios);
        let params: [&(dyn ToSql + Sync); 2] = [&accounts, &shards];
        let rows = match uow.query(standing_row::LOCK_ROW_BY_ROW, &params).await {
            Err(_) if uow.lost_race() => return Ok(BatchWritten::Stale),
            rows => rows?,
        };
        let locked = collect(&rows, standing_from)?;
        let Some(batch) = decide(locked) else {
            uow.roll_back().await;
            return Ok(BatchWritten::Stale);
        };
        let values = posting_statement::values(&batch, self.clock.now())?;
        uow.defer(posting_statement::of(&batch), values);
        match uow.commit().await {
            Ok(Ok(_)) => Ok(BatchWritten::Committed),
            Ok(Err(LostRace { table: None })) => Ok(BatchWritten::Stale),
            Ok(Err(LostRace { table: Some(table) })) if is_key(&table) => {
                Ok(BatchWritten::KeyTaken)
            }
            Ok(Err(LostRace { table: Some(table) })) => Err(corrupt(
                "row that was to be written",
                format!("{table} has it already"),
            )),
            Err(in_doubt) => Err(in_doubt.why),
        }
    }

    async fn answers(&self, keys: &[KeyScope]) -> Result<Vec<KeyedAnswer>, StorageError> {
        let pair = |key: &KeyScope| (key.organization_id.as_uuid(), key.key.as_str().to_owned());
        let (organizations, keys): (Vec<Uuid>, Vec<String>) = keys.iter().map(pair).unzip();
        let kept_since = self.terms().answers_kept_since;
        let params: [&(dyn ToSql + Sync); 3] = [&organizations, &keys, &kept_since];
        self.database.query(FORGET_EXPIRED, &params).await?;
        let rows = self.database.query(FIND_ANSWERS, &params).await?;
        collect(&rows, answer_from)
    }

    async fn busy(&self, folios: &[Folio]) -> Result<Vec<Folio>, StorageError> {
        let (accounts, shards) = arrays(folios);
        let rows = self
            .database
            .query(standing_row::LOCK_WHAT_IS_FREE, &[&accounts, &shards])
            .await?;
        let free = collect(&rows, folio_from)?;
        let is_busy = |folio: &Folio| !free.contains(folio);
        // What is not there is not busy either, and nobody's transfer for want of it.
        let there = self.load(folios).await?;
        Ok(there
            .into_iter()
            .map(|it| it.folio)
            .filter(is_busy)
            .collect())
    }

    async fn system_accounts(
        &self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError> {
        let params = system_accounts::params(accounts, self.clock.now());
        let params = params
            .each_ref()
            .map(|param| -> &(dyn ToSql + Sync) { param.as_ref() });
        for _attempt in 0..system_accounts::ATTEMPTS_MAX {
            let statement = system_accounts::FIND_OR_MAKE;
            let rows = self.database.query(statement, &params).await?;
            if let Some(ids) = system_accounts::ids_of(&rows)? {
                return Ok(ids);
            }
        }
        Err(unavailable("a system account is being made all the time"))
    }
}

async fn execute(
    client: &ClientWrapper,
    statement: &str,
    values: &[OwnedParam],
) -> Result<u64, tokio_postgres::Error> {
    let statement = client.prepare_cached(statement).await?;
    let params = values
        .iter()
        .map(|value| -> &(dyn ToSql + Sync) { value.as_ref() });
    client
        .execute_raw(&statement, params.collect::<Vec<_>>())
        .await
}

/// Whether what is there already in this table is a key, or what is written under one: a payment has its id before it is tried,
/// so that one whose commit nobody has heard of is found again by whatever of it comes first.
fn is_key(table: &str) -> bool {
    matches!(table, "idempotency_keys" | "payments" | "payment_events")
        || table.starts_with("outbox")
}

/// Why nothing was written, if that is not an error.
fn refusal_of(error: &tokio_postgres::Error) -> Option<BatchWritten> {
    let is_stale = error.code().is_some_and(|state| state.code() == STALE);
    match LostRace::told_by(error) {
        Some(LostRace { table: None }) => Some(BatchWritten::Stale),
        Some(LostRace { table: Some(table) }) => is_key(&table).then_some(BatchWritten::KeyTaken),
        None => is_stale.then_some(BatchWritten::Stale),
    }
}

fn answer_from(row: &Row) -> Result<KeyedAnswer, StorageError> {
    let columns = Columns::of("idempotency key", row);
    let key: &str = columns.get("key")?;
    let unreadable = || corrupt("idempotency key", "it is not one");
    let fingerprint: Vec<u8> = columns.get("fingerprint")?;
    Ok(KeyedAnswer {
        scope: KeyScope {
            organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
            key: IdempotencyKey::parse(key).ok_or_else(unreadable)?,
        },
        fingerprint: Fingerprint(fingerprint.try_into().map_err(|_| unreadable())?),
        answer: columns.get("answer")?,
    })
}
