//! What a worker is told of as it happens. Hints may be lost: whatever is due is found by a look at the storage as well.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use domain::{ids::PaymentId, payments::ProviderName};
use serde::Deserialize;
use tokio::sync::Notify;

use crate::{
    events::LoggedEvent,
    ports::{AggregateKind, ConsumerGroup, Delivered, EventSink, SinkUnavailable, UseFor, WorkKey},
};

/// How many hints are kept for a provider. Who is that far behind finds the rest without.
const KEPT_MAX: usize = 10_000;

type Waiting = BTreeMap<ProviderName, VecDeque<WorkKey>>;

/// What is new, by provider.
pub struct PaymentHints {
    waiting: Mutex<Waiting>,
    is_look_wanted: AtomicBool,
    news: Notify,
}

impl PaymentHints {
    /// All workers of a deployment share the work.
    pub const GROUP: ConsumerGroup = ConsumerGroup {
        name: "payments",
        kinds: &[AggregateKind::Payment, AggregateKind::Refund],
        use_for: UseFor::WorkThatIsDue,
    };

    pub(super) fn of(providers: impl Iterator<Item = ProviderName>) -> Self {
        let waiting = providers.map(|provider| (provider, VecDeque::new()));
        Self {
            waiting: Mutex::new(waiting.collect()),
            is_look_wanted: AtomicBool::new(false),
            news: Notify::new(),
        }
    }

    /// Keeps one, if there is room for it and its provider is known here.
    pub(super) fn keep(&self, provider: &ProviderName, key: WorkKey) -> bool {
        let mut all = self.waiting();
        let waiting = all.get_mut(provider);
        let Some(waiting) = waiting.filter(|it| it.len() < KEPT_MAX) else {
            return false;
        };
        waiting.push_back(key);
        true
    }

    /// The oldest ones, at most so many.
    pub(super) fn take(&self, provider: &ProviderName, count: usize) -> Vec<WorkKey> {
        let mut all = self.waiting();
        let Some(waiting) = all.get_mut(provider) else {
            return Vec::new();
        };
        let count = count.min(waiting.len());
        waiting.drain(..count).collect()
    }

    pub(super) fn count(&self, provider: &ProviderName) -> usize {
        self.waiting().get(provider).map_or(0, VecDeque::len)
    }

    /// Whether something is new that only a look at the storage finds. Once.
    pub(super) fn take_wish_to_look(&self) -> bool {
        self.is_look_wanted.swap(false, Ordering::AcqRel)
    }

    /// Waits until there is something new.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl EventSink for PaymentHints {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let mut is_news = false;
        for news in events.iter().filter_map(news_of) {
            match news {
                News::Payment(provider, key) => {
                    // That of a provider that is not set up here waits for a worker that has it.
                    is_news |= self.keep(&provider, key);
                }
                News::Refund => {
                    self.is_look_wanted.store(true, Ordering::Release);
                    is_news = true;
                }
            }
        }
        if is_news {
            self.news.notify_one();
        }
        Ok(vec![Delivered::Taken; events.len()])
    }
}

/// What is due since something happened.
enum News {
    /// This, through this provider.
    Payment(ProviderName, WorkKey),
    /// A refund, through the provider of its payment.
    Refund,
}

#[derive(Deserialize)]
struct Told {
    provider: Option<String>,
}

fn news_of(event: &LoggedEvent) -> Option<News> {
    let event = &event.event;
    match event.event_type.as_str() {
        "payment.created" | "payment.revived" => {
            let told: Told = serde_json::from_str(&event.data).ok()?;
            let provider = ProviderName::parse(&told.provider?).ok()?;
            let key = WorkKey {
                organization_id: event.organization_id,
                payment_id: PaymentId::from_uuid(event.aggregate_id),
                refund_id: None,
            };
            Some(News::Payment(provider, key))
        }
        "refund.created" | "refund.revived" => Some(News::Refund),
        _ => None,
    }
}
