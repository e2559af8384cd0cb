//! Entries of streams, as they are written and read.

use app::events::{CloudEvent, EventPosition, LoggedEvent};
use redis::{Value, from_redis_value};

/// An entry that was read.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) stream: String,
    pub(super) shard: i16,
    pub(super) id: String,
    /// None if nobody can read it, or if it is gone.
    pub(super) event: Option<LoggedEvent>,
}

/// The entries of a stream: its name, and of each entry the id and its fields.
type Read = (String, Vec<(String, Value)>);

/// What the answer to XREADGROUP holds. `shard_of` tells to which shard a stream belongs.
pub(super) fn entries(answer: Value, shard_of: impl Fn(&str) -> Option<i16>) -> Vec<Entry> {
    let Value::Array(streams) = answer else {
        return Vec::new();
    };
    let streams = streams.into_iter().filter_map(read);
    streams
        .flat_map(|(stream, entries)| {
            let shard = shard_of(&stream);
            entries.into_iter().filter_map(move |(id, fields)| {
                let shard = shard?;
                Some(Entry {
                    event: event(fields, shard),
                    stream: stream.clone(),
                    shard,
                    id,
                })
            })
        })
        .collect()
}

fn read(stream: Value) -> Option<Read> {
    let (name, entries) = pair(stream)?;
    let Value::Array(entries) = entries else {
        return None;
    };
    let entries = entries.into_iter().filter_map(|entry| {
        let (id, fields) = pair(entry)?;
        Some((from_redis_value(id).ok()?, fields))
    });
    Some((from_redis_value(name).ok()?, entries.collect()))
}

fn pair(value: Value) -> Option<(Value, Value)> {
    let Value::Array(parts) = value else {
        return None;
    };
    let [first, second] = <[Value; 2]>::try_from(parts).ok()?;
    Some((first, second))
}

fn event(fields: Value, shard: i16) -> Option<LoggedEvent> {
    let Value::Array(fields) = fields else {
        return None;
    };
    let (mut position, mut event) = (None, None);
    for field in fields.chunks_exact(2) {
        let [Value::BulkString(name), Value::BulkString(value)] = field else {
            return None;
        };
        match name.as_slice() {
            b"position" => position = std::str::from_utf8(value).ok()?.parse().ok(),
            b"event" => event = CloudEvent::from_json(value).ok(),
            _later_addition => {}
        }
    }
    Some(LoggedEvent {
        position: EventPosition::new(position?),
        shard,
        event: event?,
    })
}
