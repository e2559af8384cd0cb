//! Reads streams on behalf of a member.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use app::ports::AggregateKind;
use redis::{Cmd, Value};

use super::{
    entry::{Entry, entries},
    keys::Keys,
    link::Link,
};
use crate::pool::{RedisFailure, Request};

/// How many entries of a stream are read at once at least.
const COUNT_MIN: usize = 16;

/// A stream of a shard that the member has.
struct Followed {
    shard: i16,
    /// What was given to this member before and is still to be acknowledged is read again behind this id; then what is new.
    again_after: Option<String>,
}

/// The streams that a member reads, and what of them is at hand.
pub(super) struct Reader {
    link: Link,
    group: &'static str,
    member: String,
    followed: BTreeMap<String, Followed>,
    at_hand: VecDeque<Entry>,
}

impl Reader {
    pub(super) fn new(link: Link, group: &'static str, member: String) -> Self {
        Self {
            link,
            group,
            member,
            followed: BTreeMap::new(),
            at_hand: VecDeque::new(),
        }
    }

    pub(super) fn has(&self, shard: i16) -> bool {
        self.followed.values().any(|it| it.shard == shard)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.followed.is_empty()
    }

    /// Follows a shard from the first entry on that the group has not acknowledged.
    pub(super) fn follow(&mut self, keys: &Keys, shard: i16, kinds: &[AggregateKind]) {
        for kind in kinds {
            let from_the_first = Followed {
                shard,
                again_after: Some("0-0".to_owned()),
            };
            self.followed
                .insert(keys.stream(*kind, shard), from_the_first);
        }
    }

    /// Keeps only what belongs to shards that the member still has.
    pub(super) fn keep(&mut self, is_mine: impl Fn(i16) -> bool) {
        self.followed.retain(|_, it| is_mine(it.shard));
        self.at_hand.retain(|it| is_mine(it.shard));
    }

    /// What was taken and not acknowledged comes next again.
    pub(super) fn put_back(&mut self, taken: Vec<Entry>) {
        for entry in taken.into_iter().rev() {
            self.at_hand.push_front(entry);
        }
    }

    /// At most so many of what is at hand.
    pub(super) fn take(&mut self, max: usize) -> Vec<Entry> {
        let count = max.min(self.at_hand.len());
        self.at_hand.drain(..count).collect()
    }

    /// Reads until something is at hand, or for so long.
    pub(super) async fn fill(&mut self, max: usize, wait: Duration) -> Result<(), RedisFailure> {
        while self.at_hand.is_empty() && self.read_again(max).await? {}
        if self.at_hand.is_empty() {
            let streams: Vec<_> = self.followed.keys().map(|it| (it.as_str(), ">")).collect();
            let command = self.command(&streams, max, Some(wait));
            let answer: Value = self
                .link
                .ask_patiently(Request::Command(&command), wait)
                .await?;
            self.at_hand.extend(self.entries(answer));
        }
        Ok(())
    }

    /// Reads what was given to this member before, and tells whether there was something to look at.
    async fn read_again(&mut self, max: usize) -> Result<bool, RedisFailure> {
        let again = |(stream, it): (&'_ String, &'_ Followed)| {
            let after = it.again_after.clone()?;
            Some((stream.clone(), after))
        };
        let streams: Vec<_> = self.followed.iter().filter_map(again).collect();
        if streams.is_empty() {
            return Ok(false);
        }
        let named: Vec<_> = streams
            .iter()
            .map(|(stream, after)| (stream.as_str(), after.as_str()))
            .collect();
        let command = self.command(&named, max, None);
        let answer: Value = self.link.ask(Request::Command(&command)).await?;
        let read = self.entries(answer);
        for (stream, _) in &streams {
            let last = read.iter().rfind(|it| it.stream == *stream);
            if let Some(followed) = self.followed.get_mut(stream) {
                followed.again_after = last.map(|it| it.id.clone());
            }
        }
        self.at_hand.extend(read);
        Ok(true)
    }

    fn command(&self, streams: &[(&str, &str)], max: usize, wait: Option<Duration>) -> Cmd {
        let count = (max / streams.len().max(1)).max(COUNT_MIN);
        let mut command = redis::cmd("XREADGROUP");
        command.arg("GROUP").arg(self.group).arg(&self.member);
        command.arg("COUNT").arg(count);
        if let Some(wait) = wait {
            // 0 would be for ever.
            command
                .arg("BLOCK")
                .arg(wait.as_millis().max(1).to_string());
        }
        command.arg("STREAMS");
        for (stream, _) in streams {
            command.arg(*stream);
        }
        for (_, after) in streams {
            command.arg(*after);
        }
        command
    }

    fn entries(&self, answer: Value) -> Vec<Entry> {
        entries(answer, |stream| {
            self.followed.get(stream).map(|it| it.shard)
        })
    }
}
