//! Where those meet who redeem the same gift at the same time.
//!
//! Whoever comes first for a code is served at once; who comes meanwhile is served together with all who wait by then, in one
//! transaction. So a hot code costs a commit for many, and codes do not wait for each other. Whoever was answered is expected to
//! ask again: a group waits for those of the one before, for no longer than that is of use to all.

mod lines;

use std::sync::Arc;

use futures_util::{StreamExt, stream};
use tokio::{sync::oneshot, time::Instant};

use self::lines::{Line, Lines, Waiting};
use super::{
    pending_gift::{KeyedGift, PendingGift},
    redeem_gifts::{RedeemGifts, RedeemGiftsHandler, Replied},
};
use crate::{
    crowd::Crowd,
    idempotency::{OnceError, Reply},
    ports::{Clock, IdGenerator, StorageError},
    traces::{self, SharedWork, SpanKind},
    transaction::CommandBus,
};

/// How many are served together. More gain little, and the first of them would wait for the last.
const TOGETHER_MAX: usize = 100;

/// How many of a group that failed are tried at once: each holds a connection, which others wait for.
const ALONE_MAX: usize = 4;

/// How many may wait for one code; more are turned away.
const WAITING_MAX: usize = 10_000;

/// The way in for redemptions of gifts. Cheap to clone.
#[derive(Clone)]
pub struct GiftCounter {
    handler: Arc<RedeemGiftsHandler>,
    lines: Arc<Lines>,
}

impl GiftCounter {
    /// A counter with nobody at it.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self {
            handler: Arc::new(RedeemGiftsHandler { clock, ids }),
            lines: Arc::default(),
        }
    }

    /// Redeems a gift once per key, and answers when that is committed. A caller who stops waiting before it is his turn is
    /// passed over; after that it is redeemed all the same, with others on the bus of the first of them.
    pub async fn redeem(&self, bus: &CommandBus, gift: KeyedGift) -> Result<Reply, OnceError> {
        let (caller, answer) = oneshot::channel();
        let span = traces::child_or_current(SpanKind::Internal, "redeem a gift");
        let waiting = Waiting {
            gift: Arc::new(PendingGift::new(gift, span.context())),
            span,
            caller,
        };
        if let Some(line) = self.lines.join(waiting, WAITING_MAX)? {
            let server = Server {
                bus: bus.clone(),
                handler: Arc::clone(&self.handler),
            };
            tokio::spawn(server.serve(line));
        }
        answer.await.unwrap_or_else(|_gone| Err(given_up().into()))
    }
}

/// Whoever serves a line.
struct Server {
    bus: CommandBus,
    handler: Arc<RedeemGiftsHandler>,
}

impl Server {
    /// Serves a line until nobody is in it.
    async fn serve(self, mut line: Line) {
        let mut crowd = Crowd::none();
        loop {
            // Those that become ready in the same moment come along.
            tokio::task::yield_now().await;
            line.gather(&crowd).await;
            let group = line.next(TOGETHER_MAX);
            if group.is_empty() {
                return;
            }
            let (served, begun) = (group.len(), Instant::now());
            self.carry(group).await;
            let known = (served + line.len()).min(TOGETHER_MAX);
            crowd = Crowd::after(known, begun.elapsed());
        }
    }

    /// Redeems for all of a group. When that fails, each is tried by itself, so that nobody is refused for another's sake. Its
    /// key tells whether a commit that was not answered had happened: then it is answered what was remembered.
    async fn carry(&self, group: Vec<Waiting>) {
        let gifts = group.iter().map(|it| it.gift.clone()).collect();
        let spans = group.iter().map(|it| &it.span);
        let work = SharedWork::of("redeem gifts together", spans);
        let redeeming = self.bus.execute(self.handler.clone(), RedeemGifts(gifts));
        let redeemed = work.around(redeeming).await;
        drop(work);
        match redeemed {
            Ok(replies) => {
                for (waiting, replied) in group.into_iter().zip(replies) {
                    waiting.tell(replied);
                }
            }
            Err(why) => {
                tracing::warn!(error = %why, gifts = group.len(), "gifts are redeemed one by one");
                let each = stream::iter(group);
                each.for_each_concurrent(ALONE_MAX, |it| self.carry_alone(it))
                    .await;
            }
        }
    }

    async fn carry_alone(&self, waiting: Waiting) {
        let alone = RedeemGifts(vec![waiting.gift.clone()]);
        let redeeming = self.bus.execute(self.handler.clone(), alone);
        let replied = match waiting.span.around(redeeming).await {
            Ok(replies) => replies
                .into_iter()
                .next()
                .unwrap_or_else(|| Err(given_up().into())),
            Err(why) => Err(why.into()),
        };
        let replied = replied.map(|reply| waiting.own(reply));
        waiting.tell(replied);
    }
}

fn given_up() -> StorageError {
    StorageError::Unavailable("what was redeemed together was given up".into())
}

#[cfg(test)]
mod tests;
