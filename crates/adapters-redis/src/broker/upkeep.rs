//! Removes what every group is done with, and notices what is missing while nothing is published.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
    time::Duration,
};

use app::{
    events::{EventPosition, SHARDS},
    ports::{GroupPlace, StorageError, Stretch},
};
use redis::{Script, pipe};

use super::publisher::{Publishing, key_number};
use crate::pool::{RedisFailure, Request};

const STATUS: &str = include_str!("scripts/status.lua");
const EVERY: Duration = Duration::from_secs(1);
const WHOLE: &str = "whole";

/// How many events a shard that no group has ever read keeps for one that may come: what the log has at most behind the last.
const KEPT_UNREAD: i64 = 1_000_000;

/// Why a round of upkeep was not finished.
#[derive(Debug, thiserror::Error)]
enum UpkeepError {
    #[error(transparent)]
    Redis(#[from] RedisFailure),
    #[error("what is known of the broker cannot be read")]
    Memory(#[from] StorageError),
}

/// A shard as Redis has it.
struct Status {
    through: EventPosition,
    is_whole: bool,
    groups: Vec<GroupPlace>,
}

/// What is known from the rounds before.
#[derive(Default)]
struct Known {
    /// Whether the groups that are to come are known to the memory.
    has_announced: bool,
    /// Up to where each shard was removed.
    removed: BTreeMap<i16, EventPosition>,
    /// The last event of each shard, and up to where nothing has happened behind it.
    quiet: BTreeMap<i16, (EventPosition, EventPosition)>,
}

impl Known {
    /// Up to where a shard that was published through a place has nothing else.
    fn quiet_to(&self, shard: i16, through: EventPosition) -> EventPosition {
        let quiet = self.quiet.get(&shard).filter(|(last, _)| *last == through);
        quiet.map_or(through, |(_, up_to)| *up_to)
    }
}

/// Goes on for as long as there is a publisher.
pub(super) async fn keep_up(publishing: Weak<Publishing>) {
    let mut known = Known::default();
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(publishing) = publishing.upgrade() else {
            return;
        };
        if let Err(error) = round(&publishing, &mut known).await {
            let cause: &dyn std::error::Error = &error;
            tracing::debug!(error = cause, "streams could not be looked after");
        }
    }
}

async fn round(publishing: &Arc<Publishing>, known: &mut Known) -> Result<(), UpkeepError> {
    let memory = &publishing.memory;
    if !known.has_announced {
        // Before anything is removed that somebody who has not come yet will want.
        let groups = publishing.shared.groups.iter().map(|it| it.name);
        memory.expect_groups(&groups.collect::<Vec<_>>()).await?;
        known.has_announced = true;
    }
    // Asked before Redis is: what the relay was done with by then is in the streams that are looked at.
    let relayed: BTreeMap<_, _> = memory.relayed().await?.into_iter().collect();
    let mut places = Vec::new();
    let mut through = BTreeMap::new();
    for shard in 0..SHARDS {
        let status = status(publishing, shard).await?;
        if status.is_whole && status.through >= publishing.expected(shard).await? {
            through.insert(shard, status.through);
            places.extend(status.groups);
        } else {
            publishing.suspect(shard);
        }
    }
    note_silence(publishing, known, (&relayed, &through)).await?;
    for place in &mut places {
        let last = through.get(&place.shard).copied().unwrap_or_default();
        if place.done >= last {
            place.done = place.done.max(known.quiet_to(place.shard, last));
        }
    }
    let done: BTreeMap<_, _> = memory.note_places(&places).await?.into_iter().collect();
    for (shard, through) in through {
        let unread = EventPosition::new(through.as_i64() - KEPT_UNREAD);
        // Behind its last event there is nothing to be removed but what the relay had held aside and brings later.
        let bound = done.get(&shard).copied().unwrap_or(unread).min(through);
        let before = known.removed.entry(shard).or_default();
        if bound > *before {
            remove(publishing, shard, bound).await?;
            *before = bound;
        }
    }
    Ok(())
}

/// Sees in which shards nothing has happened since their last event while others went on: who has read that one is done with
/// all that the relay is done with, and must not seem to be behind.
async fn note_silence(
    publishing: &Publishing,
    known: &mut Known,
    (relayed, through): (&BTreeMap<i16, EventPosition>, &BTreeMap<i16, EventPosition>),
) -> Result<(), UpkeepError> {
    let stretches = through.iter().filter_map(|(shard, last)| {
        let stretch = Stretch {
            shard: *shard,
            after: known.quiet_to(*shard, *last),
            through: relayed.get(shard).copied()?,
        };
        (stretch.through > stretch.after).then_some(stretch)
    });
    let stretches: Vec<_> = stretches.collect();
    if stretches.is_empty() {
        return Ok(());
    }
    // Where Redis was emptied meanwhile, something was published that is not there: such a shard is not quiet.
    let quiet = publishing.memory.find_quiet(&stretches).await?;
    for stretch in stretches.iter().filter(|it| quiet.contains(&it.shard)) {
        let last = through.get(&stretch.shard).copied().unwrap_or_default();
        known.quiet.insert(stretch.shard, (last, stretch.through));
    }
    Ok(())
}

async fn status(publishing: &Publishing, shard: i16) -> Result<Status, RedisFailure> {
    let (script, keys) = (Script::new(STATUS), &publishing.shared.keys);
    let mut call = script.key(keys.marker(shard));
    for stream in keys.streams(shard) {
        call.key(stream);
    }
    for group in &publishing.shared.groups {
        for kind in group.kinds {
            call.arg(group.name).arg(key_number(*kind));
        }
    }
    let link = &publishing.shared.link;
    let said: Vec<String> = link.ask(Request::Script(&call)).await?;
    let place = |text: &String| EventPosition::new(text.parse().unwrap_or_default());
    let groups = said.get(2..).unwrap_or_default().chunks_exact(2);
    let groups = groups.map(|said| GroupPlace {
        group: said[0].clone(),
        shard,
        done: place(&said[1]),
    });
    Ok(Status {
        through: said.first().map(place).unwrap_or_default(),
        is_whole: said.get(1).is_some_and(|it| it == WHOLE),
        groups: groups.collect(),
    })
}

/// Removes everything up to a place that every group is done with.
async fn remove(
    publishing: &Publishing,
    shard: i16,
    through: EventPosition,
) -> Result<(), RedisFailure> {
    let mut removing = pipe();
    for stream in publishing.shared.keys.streams(shard) {
        removing
            .cmd("XTRIM")
            .arg(stream)
            .arg("MINID")
            .arg(through.as_i64() + 1)
            .ignore();
    }
    let link = &publishing.shared.link;
    link.ask(Request::Pipeline(&removing)).await
}
