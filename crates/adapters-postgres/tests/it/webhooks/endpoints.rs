//! Endpoints come back as they were stored.

use app::{
    paging::{Limit, PageNumber, Window},
    ports::WebhookQueries,
    testing::{ORGANIZATION, stranger, webhook_profile},
};
use domain::{
    values::Metadata,
    webhooks::{
        DisabledReason, FormerSecret, SealedSecret, SigningSecrets, Webhook, WebhookDescription,
        WebhookFacts, WebhookProfile, WebhookState,
    },
};
use futures_util::FutureExt;

use super::support::{webhook, webhook_id};
use crate::support::{World, at, first};

const LATER: &str = "2026-11-21T08:30:00.000001Z";

/// With everything in it.
fn whole() -> Webhook {
    let mut metadata = Metadata::default();
    metadata.insert("team", "billing").unwrap();
    let secrets = SigningSecrets {
        current: SealedSecret(vec![2; 40]),
        former: Some(FormerSecret {
            sealed: SealedSecret(vec![1; 40]),
            until: at(LATER),
        }),
    };
    Webhook::restore(WebhookFacts {
        profile: WebhookProfile {
            description: Some(WebhookDescription::parse("a\nb 🧾").unwrap()),
            metadata,
            ..webhook_profile(&["invoice.*", "user.closed"])
        },
        state: WebhookState::Disabled {
            reason: DisabledReason::Failing,
            since: at(LATER),
        },
        secrets,
        ..webhook(1).facts().clone()
    })
}

#[tokio::test]
async fn endpoints_come_back_as_they_were_stored() {
    let world = World::new().await;
    let queries = world.webhooks();
    let mut changing = webhook(1);

    world.store_webhook(&changing).await;
    let stored = queries.find(ORGANIZATION, webhook_id(1)).await.unwrap();
    assert_eq!(stored.as_ref(), Some(changing.facts()));

    changing = whole();
    world.update_webhook(&changing).await;
    let stored = queries.find(ORGANIZATION, webhook_id(1)).await.unwrap();
    assert_eq!(stored.as_ref(), Some(changing.facts()));

    changing.delete(at(LATER)).unwrap();
    world.update_webhook(&changing).await;
    let stored = queries.find(ORGANIZATION, webhook_id(1)).await.unwrap();
    let listed = queries.list(ORGANIZATION, first()).await.unwrap();
    assert!(stored.is_none() && listed.rows.is_empty());
}

#[tokio::test]
async fn what_is_theirs_is_not_found() {
    let world = World::with_webhooks(1).await;
    let us = stranger().organization_id;
    let queries = world.webhooks();

    let found = queries.find(us, webhook_id(1)).await.unwrap();
    let listed = queries.list(us, first()).await.unwrap();
    let subscribed = queries.list_subscribers(&[us]).await.unwrap();
    let locked = world
        .write(move |uow| {
            async move { uow.webhooks().find_for_update(us, webhook_id(1)).await }.boxed()
        })
        .await
        .unwrap();

    assert!(found.is_none() && listed.rows.is_empty());
    assert!(subscribed.is_empty() && locked.is_none());
}

#[tokio::test]
async fn lists_come_in_pieces_and_pages() {
    let world = World::with_webhooks(5).await;
    let queries = world.webhooks();
    let two = Limit::new(2).unwrap();
    let mut seen = Vec::new();
    let mut position = None;

    loop {
        let window = Window::After {
            position,
            limit: two,
        };
        let piece = queries.list(ORGANIZATION, window).await.unwrap();
        seen.extend(piece.rows.iter().map(|it| it.id.as_uuid().as_u128()));
        position = piece.next;
        if position.is_none() {
            break;
        }
    }
    let page = Window::Page {
        number: PageNumber::new(2, two).unwrap(),
        size: two,
    };
    let page = queries.list(ORGANIZATION, page).await.unwrap();

    assert_eq!(seen, [5, 4, 3, 2, 1]);
    let on_page: Vec<_> = page.rows.iter().map(|it| it.id).collect();
    assert_eq!(on_page, [webhook_id(3), webhook_id(2)]);
    assert_eq!(page.total.map(|it| it.rows), Some(5));
}

#[tokio::test]
async fn only_enabled_endpoints_are_subscribers() {
    let world = World::with_webhooks(3).await;
    let mut deleted = webhook(2);
    deleted.delete(at(LATER)).unwrap();
    world.update_webhook(&deleted).await;
    world.set_enabled(3, false).await;

    let subscribers = world
        .webhooks()
        .list_subscribers(&[ORGANIZATION, stranger().organization_id])
        .await
        .unwrap();

    assert_eq!(subscribers.len(), 1);
    assert_eq!(subscribers[0].webhook_id, webhook_id(1));
    assert_eq!(subscribers[0].organization_id, ORGANIZATION);
    assert_eq!(
        subscribers[0].event_types,
        webhook_profile(&["*"]).event_types
    );
}
