//! Being a member of a group of readers: saying so from time to time, and holding shards.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use app::{events::SHARDS, ports::StorageError};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    super::short_transaction::{BEGIN_HASTY, transact},
    shares::{Holding, share},
};
use crate::{columns::Columns, database::Database, error::unavailable, unit_of_work::PgUnitOfWork};

const ENTITY: &str = "event reader";

/// A group that begins reads all that is still there.
const OPEN_SHARDS: &str = "
    INSERT INTO event_readers (reader, shard, position)
    SELECT $1, n, 0 FROM generate_series(0, $2::smallint - 1) AS n
    ON CONFLICT DO NOTHING";

const ENTER: &str = "
    INSERT INTO event_reader_members (reader, member, seen_at) VALUES ($1, gen_random_uuid(), now())
    RETURNING member";

const SAY_HERE: &str = "
    INSERT INTO event_reader_members (reader, member, seen_at) VALUES ($1, $2, now())
    ON CONFLICT (reader, member) DO UPDATE SET seen_at = now()";

const FORGET_THE_DEAD: &str = "
    DELETE FROM event_reader_members WHERE reader = $1 AND seen_at < now() - $2::float8 * interval '1 second'";

const COUNT: &str = "SELECT count(*) AS members FROM event_reader_members WHERE reader = $1";

const LOOK: &str = "
    SELECT shard, position, coalesce(member = $2, false) AS is_mine,
           member IS NULL OR held_until IS NULL OR held_until < now() AS is_free,
           member IS NULL AND coalesce(held_until < now() - $3::float8 * interval '1 second', false) AS is_left
      FROM event_readers WHERE reader = $1 ORDER BY shard FOR UPDATE";

const HOLD: &str = "
    UPDATE event_readers SET member = $2, held_until = now() + $4::float8 * interval '1 second'
     WHERE reader = $1 AND shard = ANY ($3)";

/// When it was let go of is remembered, so that it is seen when nobody takes it.
const LET_GO: &str = "
    UPDATE event_readers SET member = NULL, held_until = now()
     WHERE reader = $1 AND member = $2 AND shard <> ALL ($3)";

const LEAVE: &str = "DELETE FROM event_reader_members WHERE reader = $1 AND member = $2";

/// Rows are locked in the order in which [`LOOK`] locks them.
const PASS: &str = "
    UPDATE event_readers AS r SET position = p.position
      FROM (SELECT shard FROM event_readers WHERE reader = $1 AND member = $2 ORDER BY shard FOR UPDATE) AS mine
      JOIN unnest($3::smallint[], $4::bigint[]) AS p (shard, position) USING (shard)
     WHERE r.reader = $1 AND r.member = $2 AND r.shard = mine.shard";

const GO_BACK: &str = "
    UPDATE event_readers SET position = $4 WHERE reader = $1 AND member = $2 AND shard = $3 AND position > $4";

/// A shard, and up to where the group has dealt with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) shard: i16,
    pub(super) position: i64,
}

/// Before what a member cannot deal with, by shard. It does not want a shard that is exactly there.
pub(super) type Stops = BTreeMap<i16, i64>;

impl Held {
    /// Whether there is nothing more that this member could do.
    pub(super) fn is_at(self, stops: &Stops) -> bool {
        stops.get(&self.shard) == Some(&self.position)
    }
}

/// One member.
pub(super) struct Membership {
    database: Database,
    pub(super) reader: &'static str,
    member: Uuid,
    lease: Duration,
    renewed_at: Option<Instant>,
}

impl Membership {
    pub(super) async fn enter(
        database: Database,
        reader: &'static str,
        lease: Duration,
    ) -> Result<Self, StorageError> {
        database.query(OPEN_SHARDS, &[&reader, &SHARDS]).await?;
        let row = database.query_opt(ENTER, &[&reader]).await?;
        let row = row.ok_or_else(|| unavailable("nobody was entered"))?;
        Ok(Self {
            member: Columns::of(ENTITY, &row).get("member")?,
            database,
            reader,
            lease,
            renewed_at: None,
        })
    }

    /// Whether it is time to say again that this member is here.
    pub(super) fn is_due(&self) -> bool {
        self.renewed_at
            .is_none_or(|at| at.elapsed() > self.lease / 3)
    }

    /// Says that this member is here, and takes or gives back shards. Tells which ones it has from now on.
    pub(super) async fn renew(&mut self, stops: &Stops) -> Result<Vec<Held>, StorageError> {
        let renewed_at = Instant::now();
        let held = transact(&self.database, "BEGIN", async |uow| {
            self.renew_within(uow, stops).await
        })
        .await?;
        self.renewed_at = Some(renewed_at);
        Ok(held)
    }

    async fn renew_within(
        &self,
        uow: &mut PgUnitOfWork,
        stops: &Stops,
    ) -> Result<Vec<Held>, StorageError> {
        let (reader, member, lease) = (self.reader, self.member, self.lease.as_secs_f64());
        // First of all, since members take turns by it.
        let rows = uow.query(LOOK, &[&reader, &member, &lease]).await?;
        uow.execute(SAY_HERE, &[&reader, &member]).await?;
        uow.execute(FORGET_THE_DEAD, &[&reader, &lease]).await?;
        let counted = uow.query_opt(COUNT, &[&reader]).await?;
        let members = counted.map_or(Ok(1), |row| Columns::of(ENTITY, &row).get("members"))?;

        let looked: Result<Vec<_>, _> = rows.iter().map(looked_at).collect();
        let looked = looked?;
        let wanted = looked.iter().filter(|(held, _)| !held.is_at(stops));
        let holdings: Vec<_> = wanted.map(|(held, it)| (held.shard, *it)).collect();
        let mine = share(&holdings, members);

        uow.execute(LET_GO, &[&reader, &member, &mine]).await?;
        uow.execute(HOLD, &[&reader, &member, &mine, &lease])
            .await?;
        let is_mine = |held: &Held| mine.contains(&held.shard);
        Ok(looked
            .into_iter()
            .map(|(held, _)| held)
            .filter(is_mine)
            .collect())
    }

    /// Moves the places of shards forward, and tells whether this member still has all of them.
    pub(super) async fn pass(&self, held: &[Held]) -> Result<bool, StorageError> {
        let shards: Vec<_> = held.iter().map(|it| it.shard).collect();
        let positions: Vec<_> = held.iter().map(|it| it.position).collect();
        let passed = transact(&self.database, BEGIN_HASTY, async |uow| {
            uow.execute(PASS, &[&self.reader, &self.member, &shards, &positions])
                .await
        })
        .await?;
        Ok(usize::try_from(passed) == Ok(held.len()))
    }

    /// Moves the place of a shard back, if this member has it. Tells which shards it has, and their places.
    pub(super) async fn go_back(
        &mut self,
        (shard, position): (i16, i64),
        stops: &Stops,
    ) -> Result<Vec<Held>, StorageError> {
        self.renewed_at = None;
        transact(&self.database, "BEGIN", async |uow| {
            uow.execute(GO_BACK, &[&self.reader, &self.member, &shard, &position])
                .await
        })
        .await?;
        self.renew(stops).await
    }

    /// Gives everything back.
    pub(super) async fn leave(&mut self) -> Result<(), StorageError> {
        let (reader, member, none) = (self.reader, self.member, Vec::<i16>::new());
        self.renewed_at = None;
        transact(&self.database, "BEGIN", async |uow| {
            uow.execute(LET_GO, &[&reader, &member, &none]).await?;
            uow.execute(LEAVE, &[&reader, &member]).await
        })
        .await
        .map(|_| ())
    }
}

fn looked_at(row: &Row) -> Result<(Held, Holding), StorageError> {
    let columns = Columns::of(ENTITY, row);
    let held = Held {
        shard: columns.get("shard")?,
        position: columns.get("position")?,
    };
    let holding = if columns.get("is_mine")? {
        Holding::Mine
    } else if columns.get("is_left")? {
        Holding::Left
    } else if columns.get("is_free")? {
        Holding::Free
    } else {
        Holding::Others
    };
    Ok((held, holding))
}
