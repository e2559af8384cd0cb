//! Through the entries of an account, newest first, from wherever the caller is.
//!
//! Within a page, instants do not go back as sequences go up. So every bound, be it an instant or what the caller has seen,
//! is one sequence number per page, found by halving; each page is read backwards from there, and what the pages give is
//! merged. An entry costs the same at any depth.

use app::{paging::Position, ports::StorageError};
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{Entry, TransferKind},
};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    database::Database,
    listing::{Bounds, counted_max},
    query_text::Conditions,
};

/// How entries are ordered.
pub(super) const NEWEST_FIRST: &str = "created_at DESC, shard DESC, sequence DESC";

/// Which entries to walk through.
#[derive(Clone)]
pub(super) struct EntryWalk {
    wanted: Conditions,
    organization: String,
    account: String,
    low: String,
    high: String,
    is_restricted: bool,
}

impl EntryWalk {
    /// All entries of an account. Of another organization's there are none.
    pub(super) fn of(organization_id: OrganizationId, account_id: AccountId) -> Self {
        let mut wanted = Conditions::default();
        let organization = wanted.param(organization_id.as_uuid());
        let account = wanted.param(account_id.as_uuid());
        wanted.and_fixed(&format!("account_id = {account}"));
        wanted.and_fixed("shard = page.shard AND sequence > page.low AND sequence <= page.high");
        Self {
            wanted,
            organization,
            account,
            low: "0".to_owned(),
            high: "s.last_sequence".to_owned(),
            is_restricted: false,
        }
    }

    /// Only those made between two instants, or at them.
    pub(super) fn between(&mut self, from: Option<Timestamp>, to: Option<Timestamp>) {
        self.is_restricted |= from.is_some() || to.is_some();
        if let Some(from) = from {
            self.low = self.sequence_at(just_before(from));
        }
        if let Some(to) = to {
            let last = self.sequence_at(to);
            self.end_at(&last);
        }
    }

    /// Only those whose amounts are like this.
    pub(super) fn and_amount(&mut self, condition: &str) {
        self.is_restricted = true;
        self.wanted.and_fixed(condition);
    }

    /// Only those of transfers of a kind.
    pub(super) fn of_kind(&mut self, kind: TransferKind) {
        let condition = format!(
            "(SELECT kind FROM transfers WHERE organization_id = {} AND id = entries.transfer_id) = ?",
            self.organization
        );
        self.is_restricted = true;
        self.wanted.and(&condition, kind.code());
    }

    /// Counts the entries, as far as they are counted.
    pub(super) fn count_text(mut self) -> (String, Self) {
        let limit = self.wanted.param(counted_max());
        let walk = self.text(&limit, "0", &limit);
        (format!("SELECT count(*) FROM ({walk}) AS counted"), self)
    }

    /// The entries of a piece, as `entry`, to be selected from. Its organization is the first of the parameters.
    pub(super) fn piece_text(mut self, bounds: &Bounds) -> (String, Self) {
        if let Some(position) = bounds.before {
            self.go_on_behind(position);
        }
        let reach = self.wanted.param(bounds.offset + bounds.fetched());
        let (offset, limit) = (
            self.wanted.param(bounds.offset),
            self.wanted.param(bounds.fetched()),
        );
        let text = self.text(&reach, &offset, &limit);
        (format!("({text}) AS entry"), self)
    }

    /// Asks something about it. Questions that restrict it are of too many kinds for a connection to remember.
    pub(super) async fn ask(
        &self,
        database: &Database,
        sql: &str,
    ) -> Result<Vec<Row>, StorageError> {
        if self.is_restricted {
            database.query_rare(sql, &self.wanted.typed_params()).await
        } else {
            database.query(sql, &self.wanted.params()).await
        }
    }

    fn text(&self, reach: &str, offset: &str, limit: &str) -> String {
        let Self {
            organization,
            account,
            low,
            high,
            ..
        } = self;
        let wanted = self.wanted.text();
        format!(
            "WITH page AS MATERIALIZED (
                 SELECT s.shard, ({low})::bigint AS low, ({high})::bigint AS high
                   FROM account_standings AS s
                  WHERE s.organization_id = {organization} AND s.account_id = {account})
             SELECT found.*
               FROM page
              CROSS JOIN LATERAL (
                        SELECT account_id, shard, sequence, transfer_id, amount_minor, balance_after_minor, created_at
                          FROM entries WHERE {wanted}
                         ORDER BY sequence DESC LIMIT {reach}) AS found
              ORDER BY {NEWEST_FIRST} OFFSET {offset} LIMIT {limit}"
        )
    }

    /// On the page of the last entry that was seen, those before it follow; on pages that come after it among those of
    /// one instant, those of its instant as well.
    fn go_on_behind(&mut self, position: Position) {
        let (shard, sequence) = page_of(position);
        let same_instant = self.sequence_at(position.created_at);
        let before = self.sequence_at(just_before(position.created_at));
        let shard = self.wanted.param(shard);
        let sequence = self.wanted.param(sequence - 1);
        let last = format!(
            "CASE WHEN s.shard = {shard}::smallint THEN {sequence}::bigint
                  WHEN s.shard < {shard}::smallint THEN {same_instant} ELSE {before} END"
        );
        self.end_at(&last);
    }

    fn end_at(&mut self, last: &str) {
        self.high = format!("LEAST({}, {last})", self.high);
    }

    fn sequence_at(&mut self, instant: Timestamp) -> String {
        let instant = self.wanted.param(instant);
        format!("last_sequence_at(s.account_id, s.shard, {instant})")
    }
}

/// Where an entry stands.
pub(super) fn position_of(entry: &Entry, created_at: Timestamp) -> Position {
    let shard = u64::from(entry.folio.shard.as_i16().unsigned_abs());
    Position {
        created_at,
        id: Uuid::from_u64_pair(shard, entry.sequence.unsigned_abs()),
    }
}

/// The page and the sequence of a position.
fn page_of(position: Position) -> (i16, i64) {
    let (shard, sequence) = position.id.as_u64_pair();
    let shard = i16::try_from(shard).unwrap_or(i16::MAX);
    (shard, i64::try_from(sequence).unwrap_or(i64::MAX))
}

/// Instants are stored to the microsecond.
fn just_before(instant: Timestamp) -> Timestamp {
    let moment = SignedDuration::from_micros(1);
    instant.saturating_sub(moment).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use domain::ledger::{Folio, Shard};

    use super::*;

    #[test]
    fn a_position_names_an_entry() {
        let entry = Entry {
            folio: Folio {
                account_id: AccountId::from_uuid(Uuid::from_u128(5)),
                shard: Shard::new(16),
            },
            sequence: 1_234_567_890_123,
            amount_minor: 1,
            balance_after_minor: 1,
        };

        let position = position_of(&entry, Timestamp::UNIX_EPOCH);

        assert_eq!(page_of(position), (16, 1_234_567_890_123));
    }
}
