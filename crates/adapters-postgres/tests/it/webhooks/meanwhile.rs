//! What an owner does while something is on its way to the endpoint counts for more than what comes of that.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use app::ports::{SendReport, SignedParcel, WebhookQueries, WebhookSender};
use async_trait::async_trait;
use domain::webhooks::{AttemptOutcome, Reach, Webhook, WebhookState, WebhookUrl};
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use rstest::rstest;

use super::support::{event, webhook_id};
use crate::support::{World, at};

const NOW: &str = "2026-11-20T12:00:00Z";

/// Something that the owner does.
type Deed = Box<dyn FnMut() -> BoxFuture<'static, ()> + Send>;

/// Lets the owner do something before the receiver answers.
struct Meanwhile {
    deed: tokio::sync::Mutex<Deed>,
    status: u16,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl WebhookSender for Meanwhile {
    async fn send<'a>(&self, parcel: SignedParcel<'a>) -> SendReport {
        self.asked
            .lock()
            .unwrap()
            .push(parcel.url.as_str().to_owned());
        (self.deed.lock().await)().await;
        SendReport {
            outcome: AttemptOutcome::Answered(self.status),
            took: Duration::ZERO,
        }
    }
}

/// The endpoint moves.
fn moved(webhook: &mut Webhook) {
    let mut profile = webhook.facts().profile.clone();
    profile.url = WebhookUrl::parse("https://new.example/hooks", &Reach::default()).unwrap();
    webhook.revise(profile, true, at(NOW)).unwrap();
}

/// The endpoint is disabled and enabled again.
fn enabled_again(webhook: &mut Webhook) {
    let profile = webhook.facts().profile.clone();
    webhook.revise(profile.clone(), false, at(NOW)).unwrap();
    webhook.revise(profile, true, at(NOW)).unwrap();
}

async fn found(world: &World) -> Webhook {
    let queries = world.webhooks();
    let owner = app::testing::ORGANIZATION;
    let found = queries.find(owner, webhook_id(1)).await.unwrap();
    Webhook::restore(found.unwrap())
}

/// An attempt that is answered with a status after the endpoint was changed, which had failed since an instant before.
async fn attempt(
    failing_since: Option<&str>,
    change: fn(&mut Webhook),
    status: u16,
) -> (Webhook, Option<Timestamp>) {
    let world = Arc::new(World::with_webhooks(1).await);
    world.fan_out(&[event(1)]).await;
    if let Some(since) = failing_since {
        let failing = format!("UPDATE webhook_lanes SET failing_since = '{since}'");
        world.admin().await.run(&failing).await;
    }
    let owner = world.clone();
    let sender = Arc::new(Meanwhile {
        deed: tokio::sync::Mutex::new(Box::new(move || {
            let owner = owner.clone();
            Box::pin(async move {
                let mut webhook = found(&owner).await;
                change(&mut webhook);
                owner.update_webhook(&webhook).await;
            })
        })),
        status,
        asked: Mutex::default(),
    });
    world.clock.advance(SignedDuration::from_secs(1));

    world.courier(sender.clone()).work_off().await.unwrap();

    assert_eq!(sender.asked.lock().unwrap().len(), 1);
    let since = "SELECT failing_since FROM webhook_lanes";
    (found(&world).await, world.admin().await.value(since).await)
}

#[rstest]
#[case::moved_that_was_well(None, moved)]
#[case::moved_that_had_failed(Some("2026-11-20T11:00:00Z"), moved)]
#[case::moved_that_had_failed_for_long(Some("2026-11-01T00:00:00Z"), moved)]
#[case::enabled_again_that_had_failed(Some("2026-11-20T11:00:00Z"), enabled_again)]
#[case::enabled_again_that_had_failed_for_long(Some("2026-11-01T00:00:00Z"), enabled_again)]
#[tokio::test]
async fn an_endpoint_that_has_begun_anew_has_not_failed(
    #[case] failing_since: Option<&str>,
    #[case] change: fn(&mut Webhook),
) {
    let (webhook, since) = attempt(failing_since, change, 503).await;

    assert_eq!(webhook.facts().state, WebhookState::Enabled);
    assert_eq!(since, None);
}

#[tokio::test]
async fn a_farewell_of_where_an_endpoint_was_is_not_one_of_where_it_is() {
    let (webhook, _) = attempt(None, moved, 410).await;

    assert_eq!(webhook.facts().state, WebhookState::Enabled);
}

#[rstest]
#[case::a_failure(503, Some("2026-11-20T11:00:00Z"))]
#[case::a_success(200, None)]
#[tokio::test]
async fn what_comes_of_an_endpoint_that_is_only_described_counts(
    #[case] status: u16,
    #[case] expected: Option<&str>,
) {
    let described = |webhook: &mut Webhook| {
        let profile = webhook.facts().profile.clone();
        webhook.revise(profile, true, at(NOW)).unwrap();
    };

    let (_, since) = attempt(Some("2026-11-20T11:00:00Z"), described, status).await;

    assert_eq!(since, expected.map(at));
}
