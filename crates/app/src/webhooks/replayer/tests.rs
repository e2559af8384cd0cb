use domain::ids::WebhookReplayId;
use jiff::Timestamp;
use uuid::Uuid;

use super::*;
use crate::{
    ports::{EventPage, MockEventLog, MockWebhookQueries, Subscriber},
    testing::{
        FakeTransactor, FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, WEBHOOK,
        logged_event, webhook_profile,
    },
};

fn replay() -> WebhookReplay {
    let now: Timestamp = NOW.parse().unwrap();
    WebhookReplay {
        id: WebhookReplayId::from_uuid(Uuid::from_u128(1)),
        to: Subscriber {
            organization_id: ORGANIZATION,
            webhook_id: WEBHOOK,
            event_types: webhook_profile(&["invoice.*"]).event_types,
        },
        since: now - jiff::SignedDuration::from_hours(1),
        until: now,
        position: EventPosition::new(7),
    }
}

fn replayer(uow: Option<FakeUnitOfWork>, page: Option<EventPage>) -> WebhookReplayer {
    let (mut webhooks, mut log) = (MockWebhookQueries::new(), MockEventLog::new());
    let unfinished = page.is_some().then(replay);
    webhooks
        .expect_find_unfinished_replay()
        .returning(move || Ok(unfinished.clone()));
    log.expect_list_events()
        .withf(|owner, filter, after, _| {
            *owner == ORGANIZATION
                && filter.from == Some(replay().since)
                && filter.to == Some(replay().until)
                && filter.types == replay().to.event_types.patterns()
                && *after == replay().position
        })
        .returning(move |_, _, _, _| Ok(page.clone().unwrap()));
    let transactor = FakeTransactor::over_each(uow).shared();
    WebhookReplayer {
        bus: CommandBus::new(transactor, []),
        log: Arc::new(log),
        webhooks: Arc::new(webhooks),
        clock: FixedClock::at(NOW),
        ids: Arc::<SequentialIds>::default(),
    }
}

fn page(has_more: bool) -> EventPage {
    EventPage {
        events: vec![logged_event(8, 1, 1), logged_event(9, 2, 1)],
        end: EventPosition::new(9),
        has_more,
    }
}

fn advancing(to: Option<i64>, is_first: bool) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.webhook_deliveries
        .expect_advance_replay()
        .once()
        .withf(move |id, from, end| {
            *id == replay().id && *from == replay().position && *end == to.map(EventPosition::new)
        })
        .returning(move |_, _, _| Ok(is_first));
    uow.webhook_deliveries
        .expect_enqueue_again()
        .times(usize::from(is_first))
        .withf(|messages, _| messages.len() == 2)
        .returning(|_, _| Ok(()));
    uow
}

#[tokio::test]
async fn a_piece_is_delivered_again_and_the_replay_moves_on() {
    let replayer = replayer(Some(advancing(Some(9), true)), Some(page(true)));

    assert!(replayer.step().await.unwrap());
}

#[tokio::test]
async fn the_last_piece_ends_the_replay() {
    let replayer = replayer(Some(advancing(None, true)), Some(page(false)));

    assert!(replayer.step().await.unwrap());
}

#[tokio::test]
async fn a_piece_that_another_one_has_delivered_is_not_delivered_again() {
    let replayer = replayer(Some(advancing(Some(9), false)), Some(page(true)));

    assert!(replayer.step().await.unwrap());
}

#[tokio::test]
async fn without_replays_there_is_nothing_to_do() {
    assert!(!replayer(None, None).step().await.unwrap());
}
