//! One member's reading.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use app::{
    events::LoggedEvent,
    ports::{BrokerError, ConsumerGroup, Subscription},
};
use async_trait::async_trait;
use redis::pipe;

use super::{Shared, entry::Entry, membership::Membership, reader::Reader, unavailable};
use crate::pool::{RedisFailure, Request};

/// How long a member without shards rests before it looks again.
const REST: Duration = Duration::from_millis(200);

/// A member of a group of consumers.
pub(super) struct RedisSubscription {
    shared: Arc<Shared>,
    membership: Membership,
    group: ConsumerGroup,
    reader: Reader,
    /// What was received last, until it is acknowledged.
    received: Vec<Entry>,
}

impl RedisSubscription {
    pub(super) fn new(shared: Arc<Shared>, membership: Membership, group: ConsumerGroup) -> Self {
        let link = shared.dedicated_link();
        Self {
            reader: Reader::new(link, membership.group, membership.member.clone()),
            shared,
            membership,
            group,
            received: Vec::new(),
        }
    }

    /// Sees what belongs to this member, and takes over what has come to it.
    async fn keep_membership(&mut self) -> Result<(), RedisFailure> {
        if !self.membership.due_in().is_zero() {
            return Ok(());
        }
        let mine = self.membership.look().await?;
        self.reader.keep(|shard| mine.contains(&shard));
        for shard in mine {
            if !self.reader.has(shard) {
                self.membership.take_over(shard, self.group.kinds).await?;
                self.reader
                    .follow(&self.shared.keys, shard, self.group.kinds);
            }
        }
        Ok(())
    }

    async fn receive_some(
        &mut self,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<LoggedEvent>, RedisFailure> {
        let asked_at = Instant::now();
        let taken = std::mem::take(&mut self.received);
        self.reader.put_back(taken);
        loop {
            self.keep_membership().await?;
            let left = wait.saturating_sub(asked_at.elapsed());
            let pause = left.min(self.membership.due_in());
            if self.reader.is_idle() {
                tokio::time::sleep(pause.min(REST)).await;
            } else {
                self.reader.fill(max, pause).await?;
            }
            self.received = self.reader.take(max);
            self.drop_the_unreadable().await?;
            if !self.received.is_empty() {
                let events = self.received.iter().filter_map(|it| it.event.clone());
                return Ok(events.collect());
            }
            if asked_at.elapsed() >= wait {
                return Ok(Vec::new());
            }
        }
    }

    /// What nobody can read would stand in the way for ever.
    async fn drop_the_unreadable(&mut self) -> Result<(), RedisFailure> {
        let all = std::mem::take(&mut self.received);
        let (readable, unreadable): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| it.event.is_some());
        self.received = readable;
        for entry in &unreadable {
            tracing::error!(
                stream = entry.stream,
                id = entry.id,
                "an entry of a stream is no event"
            );
        }
        self.finish(&unreadable).await
    }

    async fn finish(&self, entries: &[Entry]) -> Result<(), RedisFailure> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut by_stream = BTreeMap::<&str, Vec<&str>>::new();
        for entry in entries {
            by_stream.entry(&entry.stream).or_default().push(&entry.id);
        }
        let mut finishing = pipe();
        for (stream, ids) in by_stream {
            finishing
                .cmd("XACK")
                .arg(stream)
                .arg(self.group.name)
                .arg(ids)
                .ignore();
        }
        self.shared.link.ask(Request::Pipeline(&finishing)).await
    }

    /// After a failure nobody knows what was given to this member, or whether the streams are there: it begins anew.
    fn lose_track(&mut self) {
        self.received.clear();
        self.reader.keep(|_| false);
        self.membership.look_soon();
    }
}

#[async_trait]
impl Subscription for RedisSubscription {
    async fn receive(
        &mut self,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<LoggedEvent>, BrokerError> {
        match self.receive_some(max, wait).await {
            Ok(events) => Ok(events),
            Err(failure) => {
                self.lose_track();
                // A stream that is gone is made again when it is taken over.
                if failure.is_about_a_lost_stream() {
                    tracing::warn!(
                        group = self.group.name,
                        "a stream or its group is gone: made again"
                    );
                    return Ok(Vec::new());
                }
                Err(unavailable(failure))
            }
        }
    }

    async fn acknowledge(&mut self) -> Result<(), BrokerError> {
        let done = std::mem::take(&mut self.received);
        self.finish(&done).await.map_err(|failure| {
            self.lose_track();
            unavailable(failure)
        })
    }

    async fn leave(&mut self) {
        self.lose_track();
        if let Err(error) = self.membership.leave().await {
            tracing::debug!(%error, "a reader of events could not say that it leaves");
        }
    }
}
