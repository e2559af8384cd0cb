//! Publishes events to streams.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use app::{
    events::{EventPosition, LoggedEvent, SHARDS, count_produced},
    ports::{
        AggregateKind, BrokerMemory, Delivered, EventSink, LostShard, SinkUnavailable, StorageError,
    },
};
use async_trait::async_trait;
use futures_util::future::try_join_all;
use redis::{Script, ScriptInvocation};

use super::{Shared, upkeep};
use crate::pool::Request;

const PUBLISH: &str = include_str!("scripts/publish.lua");
const START_OVER: &str = include_str!("scripts/start_over.lua");
const LOST: &str = "lost";
const BROKER: &str = "redis";

/// The relay's way to the streams.
///
/// A shard's marker says up to where it was published. If it says less than this publisher, or the memory beside Redis,
/// knows, Redis has lost something, and events come again from behind the place up to which every group is done.
pub struct RedisPublisher {
    parts: Arc<Publishing>,
}

pub(super) struct Publishing {
    pub(super) shared: Arc<Shared>,
    pub(super) memory: Arc<dyn BrokerMemory>,
    publish: Script,
    start_over: Script,
    shards: Mutex<BTreeMap<i16, Known>>,
}

/// What is known of a shard.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Up to where Redis must have it, if that was asked already.
    through: Option<EventPosition>,
    /// Seen to be missing while nothing was published.
    is_lost: bool,
}

/// An event as it goes out.
struct Outgoing<'a> {
    event: &'a LoggedEvent,
    kind: AggregateKind,
    json: String,
}

impl RedisPublisher {
    pub(super) fn start(shared: Arc<Shared>, memory: Arc<dyn BrokerMemory>) -> Self {
        let parts = Arc::new(Publishing {
            shared,
            memory,
            publish: Script::new(PUBLISH),
            start_over: Script::new(START_OVER),
            shards: Mutex::default(),
        });
        tokio::spawn(upkeep::keep_up(Arc::downgrade(&parts)));
        Self { parts }
    }
}

impl Publishing {
    fn shards(&self) -> MutexGuard<'_, BTreeMap<i16, Known>> {
        self.shards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Up to where Redis must have a shard.
    pub(super) async fn expected(&self, shard: i16) -> Result<EventPosition, StorageError> {
        let known = self.shards().get(&shard).and_then(|it| it.through);
        if let Some(through) = known {
            return Ok(through);
        }
        let stored = self.memory.last_published(shard).await?;
        let mut shards = self.shards();
        // It may have been published meanwhile: what was read is older then.
        let known = shards.entry(shard).or_default();
        let through = known.through.map_or(stored, |known| known.max(stored));
        known.through = Some(through);
        Ok(through)
    }

    /// Takes note that a shard is not as it was, for the next time when nothing is published.
    pub(super) fn suspect(&self, shard: i16) {
        self.shards().entry(shard).or_default().is_lost = true;
    }

    async fn publish(&self, shard: i16, events: &[Outgoing<'_>]) -> Result<(), SinkUnavailable> {
        let expected = self.expected(shard).await.map_err(away)?;
        let mut call = self.prepare(shard, expected);
        for outgoing in events {
            let event = &outgoing.event.event;
            call.arg(key_number(outgoing.kind))
                .arg(outgoing.event.position.as_i64())
                .arg(event.id.to_string())
                .arg(&outgoing.json)
                .arg(event.traceparent.as_deref().unwrap_or_default());
        }
        let answer: String = self
            .shared
            .link
            .ask(Request::Script(&call))
            .await
            .map_err(away)?;
        if answer == LOST {
            let lost = self.start_over(shard).await?;
            return Err(SinkUnavailable::Lost(vec![lost]));
        }
        let last = events.iter().map(|it| it.event.position).max();
        let mut shards = self.shards();
        let known = shards.entry(shard).or_default();
        known.through = known.through.max(last);
        Ok(())
    }

    fn prepare(&self, shard: i16, expected: EventPosition) -> ScriptInvocation<'_> {
        let keys = &self.shared.keys;
        let mut call = self.publish.key(keys.marker(shard));
        for stream in keys.streams(shard) {
            call.key(stream);
        }
        call.arg(expected.as_i64());
        call
    }

    /// Lets a shard that has lost something begin behind what every group is done with.
    async fn start_over(&self, shard: i16) -> Result<LostShard, SinkUnavailable> {
        let marker = self.shared.keys.marker(shard);
        let mut seen = redis::cmd("HGET");
        seen.arg(&marker).arg("through");
        let link = &self.shared.link;
        let seen: Option<String> = link.ask(Request::Command(&seen)).await.map_err(away)?;
        let bounds = self.memory.note_places(&[]).await.map_err(away)?;
        let bound = bounds.into_iter().find(|(of, _)| *of == shard);
        let resume_after = bound.map_or(EventPosition::START, |(_, bound)| bound);
        let mut call = self.start_over.key(marker);
        call.arg(seen.unwrap_or_default())
            .arg(resume_after.as_i64());
        link.ask::<()>(Request::Script(&call)).await.map_err(away)?;
        self.shards().insert(shard, Known::default());
        Ok(LostShard {
            shard,
            resume_after,
        })
    }
}

#[async_trait]
impl EventSink for RedisPublisher {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let (delivered, by_shard) = prepare(events);
        let publishing = by_shard
            .iter()
            .map(|(shard, outgoing)| self.parts.publish(*shard, outgoing));
        try_join_all(publishing).await?;
        for outgoing in by_shard.values().flatten() {
            let event = &outgoing.event.event;
            let bytes = u64::try_from(event.data.len()).unwrap_or_default();
            count_produced(BROKER, outgoing.kind, 1, bytes);
        }
        Ok(delivered)
    }

    fn hands_on(&self) -> bool {
        true
    }

    fn refuses_what_comes_behind(&self) -> bool {
        true
    }

    async fn look_back(&self) -> Result<(), SinkUnavailable> {
        let is_lost = |shard: &i16| self.parts.shards().get(shard).is_some_and(|it| it.is_lost);
        let lost: Vec<_> = (0..SHARDS).filter(is_lost).collect();
        let starting_over = lost.into_iter().map(|shard| self.parts.start_over(shard));
        let lost = try_join_all(starting_over).await?;
        if lost.is_empty() {
            return Ok(());
        }
        Err(SinkUnavailable::Lost(lost))
    }
}

/// What becomes of each event, if Redis is there; and what goes out, by shard. Nothing overtakes what cannot be written.
fn prepare(events: &[LoggedEvent]) -> (Vec<Delivered>, BTreeMap<i16, Vec<Outgoing<'_>>>) {
    let mut refused = HashSet::new();
    let mut by_shard = BTreeMap::<i16, Vec<Outgoing<'_>>>::new();
    let delivered = events.iter().map(|event| {
        let aggregate = event.event.aggregate_id;
        if refused.contains(&aggregate) {
            return Delivered::Refused("it comes behind one that was refused".to_owned());
        }
        match spell(event) {
            Ok(spelt) => {
                by_shard.entry(event.shard).or_default().push(spelt);
                Delivered::Taken
            }
            Err(reason) => {
                refused.insert(aggregate);
                Delivered::Refused(reason)
            }
        }
    });
    (delivered.collect(), by_shard)
}

fn spell(event: &LoggedEvent) -> Result<Outgoing<'_>, String> {
    let kind = event.event.kind.known();
    Ok(Outgoing {
        event,
        kind: kind.ok_or("it is of a kind that only a later release knows")?,
        json: event.event.to_json().map_err(|why| why.to_string())?,
    })
}

/// Which of the keys of a script is the stream of a kind; the first is the marker.
pub(super) fn key_number(kind: AggregateKind) -> usize {
    let at = AggregateKind::ALL.iter().position(|it| *it == kind);
    at.unwrap_or_default() + 2
}

fn away<E>(error: E) -> SinkUnavailable
where
    E: std::error::Error + Send + Sync + 'static,
{
    SinkUnavailable::Away(Box::new(error))
}
