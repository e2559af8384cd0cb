//! The projections of vouchers: writing them, and making them anew.
//!
//! A batch is a statement for each kind of aggregate. Whoever writes holds the row of `voucher_projection`, so that what a
//! statement sees of the rows before is how they are.

mod put;
mod stored;

use app::ports::{
    Begun, Generation, Generations, Projected, StorageError, StoredPlace, VoucherProjection,
};
use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;

use crate::{columns::Columns, error::corrupt, unit_of_work::PgUnitOfWork};

const ENTITY: &str = "voucher projection";

/// The generation that queries read.
pub(super) const IS_LIVE: &str = "generation = (SELECT live FROM voucher_projection)";

const HOLD: &str = "SELECT live, building FROM voucher_projection FOR UPDATE";

const BEGIN: &str = "
    UPDATE voucher_projection SET made = made + 1, building = made + 1, advanced_at = $1 RETURNING building";

const GO_ON: &str = "UPDATE voucher_projection SET advanced_at = $2 WHERE building = $1";

const GIVE_UP_SILENT: &str = "
    UPDATE voucher_projection SET building = NULL
     WHERE building IS NOT NULL AND coalesce(advanced_at < $1, true)";

const GO_LIVE: &str =
    "UPDATE voucher_projection SET live = $1, building = NULL WHERE building = $1";

const GIVE_UP: &str = "UPDATE voucher_projection SET building = NULL WHERE building = $1";

/// What others write at the same time is of generations that are kept up, or is not seen yet. By equality, so that a key
/// finds the rows, however many live ones there are; where nothing was given up, nothing is read.
const FORGET: &str = "
    WITH given_up AS (
        SELECT array_agg(n) AS generations FROM voucher_projection, generate_series(1, made) AS n
         WHERE n <> live AND n IS DISTINCT FROM building),
    search AS (
        DELETE FROM voucher_search WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM voucher_search WHERE (SELECT generations FROM given_up) IS NOT NULL
               AND generation = ANY ((SELECT generations FROM given_up)::integer[]) LIMIT $1))
        RETURNING 1),
    uses AS (
        DELETE FROM voucher_uses WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM voucher_uses WHERE (SELECT generations FROM given_up) IS NOT NULL
               AND generation = ANY ((SELECT generations FROM given_up)::integer[]) LIMIT $1))
        RETURNING 1),
    stats AS (
        DELETE FROM voucher_stats WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM voucher_stats WHERE (SELECT generations FROM given_up) IS NOT NULL
               AND generation = ANY ((SELECT generations FROM given_up)::integer[]) LIMIT $1))
        RETURNING 1),
    given AS (
        DELETE FROM voucher_values WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM voucher_values WHERE (SELECT generations FROM given_up) IS NOT NULL
               AND generation = ANY ((SELECT generations FROM given_up)::integer[]) LIMIT $1))
        RETURNING 1)
    SELECT greatest((SELECT count(*) FROM search), (SELECT count(*) FROM uses), (SELECT count(*) FROM stats),
                    (SELECT count(*) FROM given)) >= $1 AS has_more";

#[async_trait]
impl VoucherProjection for PgUnitOfWork {
    async fn hold(&mut self) -> Result<Generations, StorageError> {
        self.find_row_by_row();
        let row = self.query_opt(HOLD, &[]).await?;
        let row = row.ok_or_else(|| corrupt(ENTITY, "it has no row"))?;
        let columns = Columns::of(ENTITY, &row);
        let building: Option<i32> = columns.get("building")?;
        Ok(Generations {
            live: Generation::new(columns.get("live")?),
            building: building.map(Generation::new),
        })
    }

    async fn put(&mut self, into: &[Generation], seen: &Projected) -> Result<(), StorageError> {
        let into: Vec<_> = into.iter().map(|it| it.as_i32()).collect();
        self.put_campaigns(&into, &seen.campaigns).await?;
        self.put_vouchers(&into, &seen.vouchers).await?;
        self.put_uses(&into, &seen.uses).await
    }

    async fn read_stored(
        &mut self,
        after: StoredPlace,
        limit: i64,
    ) -> Result<(Projected, Option<StoredPlace>), StorageError> {
        self.read_stored_behind(after, limit).await
    }

    async fn begin(&mut self, now: Timestamp) -> Result<Begun, StorageError> {
        let missing = || corrupt(ENTITY, "it has no row");
        // Before anybody has to wait.
        let row = self.query_opt(stored::COUNT, &[]).await?;
        let count: i64 = Columns::of(ENTITY, &row.ok_or_else(missing)?).get("count")?;
        let row = self.query_opt(BEGIN, &[&now]).await?;
        let building = Columns::of(ENTITY, &row.ok_or_else(missing)?).get("building")?;
        Ok(Begun {
            generation: Generation::new(building),
            count: u64::try_from(count).unwrap_or_default(),
        })
    }

    async fn go_on(&mut self, built: Generation, now: Timestamp) -> Result<bool, StorageError> {
        Ok(self.execute(GO_ON, &[&built.as_i32(), &now]).await? > 0)
    }

    async fn end(&mut self, built: Generation, is_shown: bool) -> Result<(), StorageError> {
        let statement = if is_shown { GO_LIVE } else { GIVE_UP };
        self.execute(statement, &[&built.as_i32()]).await.map(drop)
    }

    async fn forget_others(
        &mut self,
        silent_since: Timestamp,
        limit: i64,
    ) -> Result<bool, StorageError> {
        self.execute(GIVE_UP_SILENT, &[&silent_since]).await?;
        let row = self.query_opt(FORGET, &[&limit]).await?;
        let has_more = |row: &Row| Columns::of(ENTITY, row).get("has_more");
        row.as_ref().map_or(Ok(false), has_more)
    }
}
