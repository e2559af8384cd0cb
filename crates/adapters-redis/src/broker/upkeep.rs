//! Removes what every group is done with, and notices what is missing while nothing is published.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
    time::Duration,
};

use app::{
    events::{EventPosition, SHARDS},
    ports::{GroupPlace, StorageError},
};
use redis::{Script, pipe};

use super::publisher::Publishing;
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

/// Goes on for as long as there is a publisher.
pub(super) async fn keep_up(publishing: Weak<Publishing>) {
    let mut removed = BTreeMap::new();
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(publishing) = publishing.upgrade() else {
            return;
        };
        if let Err(error) = round(&publishing, &mut removed).await {
            let cause: &dyn std::error::Error = &error;
            tracing::debug!(error = cause, "streams could not be looked after");
        }
    }
}

async fn round(
    publishing: &Arc<Publishing>,
    removed: &mut BTreeMap<i16, EventPosition>,
) -> Result<(), UpkeepError> {
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
    let done: BTreeMap<_, _> = publishing
        .memory
        .note_places(&places)
        .await?
        .into_iter()
        .collect();
    for (shard, through) in through {
        let unread = EventPosition::new(through.as_i64() - KEPT_UNREAD);
        let bound = done.get(&shard).copied().unwrap_or(unread);
        let before = removed.entry(shard).or_default();
        if bound > *before {
            remove(publishing, shard, bound).await?;
            *before = bound;
        }
    }
    Ok(())
}

async fn status(publishing: &Publishing, shard: i16) -> Result<Status, RedisFailure> {
    let (script, keys) = (Script::new(STATUS), &publishing.shared.keys);
    let mut call = script.key(keys.marker(shard));
    for stream in keys.streams(shard) {
        call.key(stream);
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
