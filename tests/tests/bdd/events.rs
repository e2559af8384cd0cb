//! Following events.

use cucumber::{given, then, when};
use serde_json::Value;
use tests::{Client, EventStream, LIMIT, Tenant, eventually};

use crate::{shop::Shop, webhooks::telling};

/// Somebody who follows events, and where they are.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    stream: Option<EventStream>,
    /// The id of the last event of the stream.
    last: Option<String>,
    /// The place in the feed.
    cursor: Option<String>,
}

fn feed_of(shop: &Shop) -> String {
    format!("/events?aggregate_id={}", shop.customer())
}

fn types(events: &Value) -> String {
    let events = events.as_array().expect("a list");
    let types = events.iter().map(|it| it["type"].as_str().expect("a type"));
    types.collect::<Vec<_>>().join(", ")
}

/// A feed, once it tells this: an event has its place a little after its change.
async fn telling_of(client: &Client, path: &str, expected: &str) -> Value {
    eventually(format!("the feed tells {expected}"), async || {
        let feed = client.get(path).await.expect(200);
        (types(&feed["data"]) == expected).then_some(feed)
    })
    .await
}

#[given(expr = "the feed of that customer tells {string}")]
#[then(expr = "the feed of that customer tells {string}")]
async fn tells(shop: &mut Shop, expected: String) {
    telling_of(&shop.client, &feed_of(shop), &expected).await;
}

#[then(expr = "the feed of that customer, of {string} only, tells {string}")]
async fn tells_only(shop: &mut Shop, pattern: String, expected: String) {
    let path = format!("{}&type={pattern}", feed_of(shop));
    telling_of(&shop.client, &path, &expected).await;
}

#[then("another organization's feed of that customer tells nothing")]
async fn tells_strangers_nothing(shop: &mut Shop) {
    let service = telling().await;
    let stranger = Tenant::on(service.database()).await.at(service);
    let feed = stranger.get(&feed_of(shop)).await.expect(200);
    assert_eq!(types(&feed["data"]), "");
}

#[given("somebody has read the feed of that customer")]
async fn has_read(shop: &mut Shop) {
    let feed = telling_of(&shop.client, &feed_of(shop), "customer.created").await;
    shop.follower.cursor = feed["next_cursor"].as_str().map(str::to_owned);
}

#[then(expr = "reading on tells {string}")]
async fn tells_more(shop: &mut Shop, expected: String) {
    let cursor = shop.follower.cursor.clone().expect("somebody has read it");
    let path = format!("{}&cursor={cursor}", feed_of(shop));
    let feed = telling_of(&shop.client, &path, &expected).await;
    shop.follower.cursor = feed["next_cursor"].as_str().map(str::to_owned);
}

#[then("reading on tells nothing more")]
async fn tells_nothing_more(shop: &mut Shop) {
    tells_more(shop, String::new()).await;
}

async fn follow(shop: &mut Shop) {
    let mut call = shop.client.get("/events/stream?type=customer.*");
    if let Some(last) = &shop.follower.last {
        call = call.header("Last-Event-ID", last);
    }
    shop.follower.stream = Some(EventStream::open(call).await);
}

#[given("somebody follows the customers")]
async fn arrange_follower(shop: &mut Shop) {
    follow(shop).await;
}

#[when("the follower is cut off")]
fn cut_off(shop: &mut Shop) {
    shop.follower.stream = None;
}

#[when("the follower comes back")]
async fn come_back(shop: &mut Shop) {
    follow(shop).await;
}

#[then(expr = "the follower is told {string}")]
async fn follower_is_told(shop: &mut Shop, expected: String) {
    let follower = &mut shop.follower;
    let stream = follower.stream.as_mut().expect("somebody follows");
    let told = tokio::time::timeout(LIMIT, stream.next()).await;
    let told = told.expect("the follower is told something in time");
    let (id, event) = told.expect("the stream goes on");
    follower.last = Some(id);
    assert_eq!(event["type"], expected);
}
