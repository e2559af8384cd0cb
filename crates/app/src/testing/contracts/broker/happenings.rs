//! Events to be published.

use uuid::Uuid;

use crate::{
    events::{LoggedEvent, SHARDS},
    ports::AggregateKind,
    testing::logged_event,
};

/// The kinds of the aggregates that something happens to.
pub(super) const KINDS: [AggregateKind; 2] = [AggregateKind::Invoice, AggregateKind::Account];

/// Makes events, each at the next place of the log.
pub(super) struct Happenings<'a> {
    new_id: Box<dyn FnMut() -> Uuid + Send + 'a>,
    made: Vec<LoggedEvent>,
}

impl<'a> Happenings<'a> {
    pub(super) fn new(new_id: impl FnMut() -> Uuid + Send + 'a) -> Self {
        Self {
            new_id: Box::new(new_id),
            made: Vec::new(),
        }
    }

    /// All that were made.
    pub(super) fn all(&self) -> Vec<LoggedEvent> {
        self.made.clone()
    }

    /// So many events of each of so many new aggregates, mixed.
    pub(super) fn of_new_aggregates(&mut self, count: usize, each: i64) -> Vec<LoggedEvent> {
        let aggregates: Vec<_> = (0..count).map(|_| (self.new_id)()).collect();
        let first = self.made.len();
        for sequence in 1..=each {
            for (kind, aggregate) in KINDS.into_iter().cycle().zip(&aggregates) {
                let event = self.event(kind, *aggregate, sequence);
                self.made.push(event);
            }
        }
        self.made[first..].to_vec()
    }

    fn event(&mut self, kind: AggregateKind, aggregate: Uuid, sequence: i64) -> LoggedEvent {
        let position = i64::try_from(self.made.len() + 1).expect("a position");
        let mut made = logged_event(position, 0, sequence);
        let [.., last] = aggregate.into_bytes();
        made.shard = i16::from(last) % SHARDS;
        made.event.aggregate_id = aggregate;
        made.event.kind = kind.into();
        made.event.event_type = format!("{}.updated", kind.code());
        made.event.traceparent = (position % 2 == 0)
            .then(|| "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
        made
    }
}
