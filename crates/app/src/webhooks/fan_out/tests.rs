use std::collections::HashSet;

use domain::ids::WebhookId;
use uuid::Uuid;

use super::*;
use crate::{
    ports::MockWebhookQueries,
    testing::{
        FakeTransactor, FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, logged_event,
        out_of_reach, stranger, webhook_profile,
    },
};

fn subscriber(organization_id: OrganizationId, webhook: u128, types: &[&str]) -> Subscriber {
    Subscriber {
        organization_id,
        webhook_id: WebhookId::from_uuid(Uuid::from_u128(webhook)),
        event_types: webhook_profile(types).event_types,
    }
}

fn fan_out(uow: Option<FakeUnitOfWork>, subscribers: Vec<Subscriber>) -> WebhookFanOut {
    let mut webhooks = MockWebhookQueries::new();
    webhooks
        .expect_list_subscribers()
        .withf(|organizations| *organizations == [ORGANIZATION])
        .returning(move |_| Ok(subscribers.clone()));
    let transactor = FakeTransactor::over_each(uow).shared();
    WebhookFanOut::new(
        CommandBus::new(transactor, []),
        Arc::new(webhooks),
        (FixedClock::at(NOW), Arc::<SequentialIds>::default()),
        Arc::default(),
    )
}

fn enqueueing(to: &'static [&'static [u128]]) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let note = uow.inbox.expect_keep_new();
    note.returning(|_, events| Ok(events.iter().copied().collect::<HashSet<_>>()));
    uow.webhook_deliveries
        .expect_enqueue()
        .once()
        .withf(move |messages, _| {
            let whom = |it: &WebhookMessage| -> Vec<_> {
                let ids = it.deliveries.iter();
                ids.map(|it| it.webhook_id.as_uuid().as_u128()).collect()
            };
            messages
                .iter()
                .map(whom)
                .eq(to.iter().map(|it| it.to_vec()))
        })
        .returning(|_, _| Ok(()));
    uow
}

#[tokio::test]
async fn an_event_goes_to_every_endpoint_of_its_organization_that_wants_it() {
    let subscribers = vec![
        subscriber(ORGANIZATION, 1, &["invoice.*"]),
        subscriber(ORGANIZATION, 2, &["user.*"]),
        subscriber(ORGANIZATION, 3, &["user.*", "*"]),
        subscriber(stranger().organization_id, 4, &["*"]),
    ];
    let fan_out = fan_out(Some(enqueueing(&[&[1, 3], &[1, 3]])), subscribers);

    let outcomes = fan_out
        .deliver(&[logged_event(1, 1, 1), logged_event(2, 2, 1)])
        .await
        .unwrap();

    assert_eq!(outcomes, [Delivered::Taken, Delivered::Taken]);
    fan_out.news.notified().await;
}

#[tokio::test]
async fn nothing_is_written_when_nobody_wants_anything() {
    let fan_out = fan_out(None, vec![subscriber(ORGANIZATION, 2, &["user.*"])]);

    let outcomes = fan_out.deliver(&[logged_event(1, 1, 1)]).await.unwrap();

    assert_eq!(outcomes, [Delivered::Taken]);
}

#[tokio::test]
async fn an_event_that_cannot_be_spelt_is_refused_and_the_others_are_not() {
    let subscribers = vec![subscriber(ORGANIZATION, 1, &["*"])];
    let fan_out = fan_out(Some(enqueueing(&[&[1]])), subscribers);
    let mut poison = logged_event(1, 1, 1);
    poison.event.data = "no json".to_owned();

    let outcomes = fan_out
        .deliver(&[poison, logged_event(2, 2, 1)])
        .await
        .unwrap();

    assert!(matches!(outcomes[0], Delivered::Refused(_)));
    assert_eq!(outcomes[1], Delivered::Taken);
}

#[tokio::test]
async fn a_failing_storage_takes_nothing() {
    let of_nobody = fan_out(None, vec![subscriber(ORGANIZATION, 1, &["*"])]);
    let mut webhooks = MockWebhookQueries::new();
    let list = webhooks.expect_list_subscribers();
    list.returning(|_| out_of_reach());
    let unreadable = WebhookFanOut {
        webhooks: Arc::new(webhooks),
        ..fan_out(None, vec![])
    };

    let unwritten = of_nobody.deliver(&[logged_event(1, 1, 1)]).await;
    let unread = unreadable.deliver(&[logged_event(1, 1, 1)]).await;

    assert!(unwritten.is_err() && unread.is_err());
}
