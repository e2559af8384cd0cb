//! Being a member of a group: saying so from time to time, and having shards to read.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use app::{events::SHARDS, ports::AggregateKind};
use redis::Script;
use tokio::task::JoinHandle;

use super::Shared;
use crate::pool::{RedisFailure, Request};

const SHARE: &str = include_str!("scripts/share.lua");
const STAY: &str = include_str!("scripts/stay.lua");
const LEAVE: &str = include_str!("scripts/leave.lua");
const TAKE_OVER: &str = include_str!("scripts/take_over.lua");

/// How often a member looks whether the shards are shared out fairly.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// One member. Others take its shards when it leaves, or when it has said nothing for as long as its lease.
pub(super) struct Membership {
    shared: Arc<Shared>,
    pub(super) group: &'static str,
    pub(super) member: String,
    share: Script,
    take_over: Script,
    looked_at: Option<Instant>,
    staying: JoinHandle<()>,
}

impl Membership {
    /// Makes a member of a name that nobody else has.
    pub(super) async fn enter(
        shared: Arc<Shared>,
        group: &'static str,
    ) -> Result<Self, RedisFailure> {
        // Redis makes the name: this crate has no randomness of its own.
        let naming = redis::cmd("INCR")
            .arg(format!("{}:named", shared.keys.members(group)))
            .to_owned();
        let clock = redis::cmd("TIME");
        let number: i64 = shared.link.ask(Request::Command(&naming)).await?;
        let (seconds, micros): (u64, u64) = shared.link.ask(Request::Command(&clock)).await?;
        let member = format!("{seconds}.{micros:06}-{number}");
        let staying = tokio::spawn(stay(shared.clone(), group, member.clone()));
        Ok(Self {
            shared,
            group,
            member,
            share: Script::new(SHARE),
            take_over: Script::new(TAKE_OVER),
            looked_at: None,
            staying,
        })
    }

    /// How long until it should be looked again.
    pub(super) fn due_in(&self) -> Duration {
        let since = self.looked_at.map_or(LOOK_EVERY, |at| at.elapsed());
        LOOK_EVERY.saturating_sub(since)
    }

    /// Says that this member is here, and takes or gives back shards. Tells which ones it has from now on.
    pub(super) async fn look(&mut self) -> Result<BTreeSet<i16>, RedisFailure> {
        let keys = &self.shared.keys;
        let mut call = self.share.key(keys.members(self.group));
        call.key(keys.holders(self.group))
            .arg(&self.member)
            .arg(milliseconds(self.shared.lease))
            .arg(SHARDS);
        let mine: Vec<i16> = self.shared.link.ask(Request::Script(&call)).await?;
        self.looked_at = Some(Instant::now());
        Ok(mine.into_iter().collect())
    }

    /// Looks at the next opportunity, whatever the time.
    pub(super) const fn look_soon(&mut self) {
        self.looked_at = None;
    }

    /// Becomes the one who reads a shard's streams of these kinds.
    pub(super) async fn take_over(
        &self,
        shard: i16,
        kinds: &[AggregateKind],
    ) -> Result<(), RedisFailure> {
        let keys = &self.shared.keys;
        let mut call = self.take_over.key(keys.marker(shard));
        for kind in kinds {
            call.key(keys.stream(*kind, shard));
        }
        call.arg(self.group).arg(&self.member);
        self.shared.link.ask(Request::Script(&call)).await
    }

    /// Gives everything back.
    pub(super) async fn leave(&mut self) -> Result<(), RedisFailure> {
        self.staying.abort();
        let (script, keys) = (Script::new(LEAVE), &self.shared.keys);
        let mut call = script.key(keys.members(self.group));
        call.key(keys.holders(self.group)).arg(&self.member);
        self.shared.link.ask(Request::Script(&call)).await
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.staying.abort();
    }
}

/// Says so from time to time, also while its events take long.
async fn stay(shared: Arc<Shared>, group: &'static str, member: String) {
    let script = Script::new(STAY);
    loop {
        tokio::time::sleep(shared.lease / 3).await;
        let mut call = script.key(shared.keys.members(group));
        call.arg(&member).arg(milliseconds(shared.lease));
        if let Err(error) = shared.link.ask::<i64>(Request::Script(&call)).await {
            tracing::debug!(%error, group, "a reader of events could not say that it is still here");
        }
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
