use actix_web::test::TestRequest;
use app::{
    invoicing::{TimelineActor, TimelineEntry},
    paging::{Limit, Listing, Position, Window},
    ports::MockInvoiceQueries,
    testing::{INVOICE, NOW, ORGANIZATION, out_of_reach},
};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{asking, path};
use crate::testing::{Bench, Got};

const KEY: Uuid = Uuid::from_u128(2);

fn entry(actor: TimelineActor) -> TimelineEntry {
    TimelineEntry {
        id: Uuid::from_u128(6),
        event_type: "invoice.sent".to_owned(),
        actor,
        occurred_at: NOW.parse().unwrap(),
        version: 2,
        changes: json!({"status": {"from": "draft", "to": "sent"}}),
    }
}

/// The invoice's timeline, of which this piece is asked for.
fn telling(window: Window, piece: Listing<TimelineEntry>) -> Bench {
    let mut queries = MockInvoiceQueries::new();
    queries
        .expect_timeline()
        .withf(move |owner, id, at| (*owner, *id, *at) == (ORGANIZATION, INVOICE, window))
        .returning(move |_, _, _| Ok(Some(piece.clone())));
    asking(queries)
}

fn piece(actor: TimelineActor, next: Option<Position>) -> Listing<TimelineEntry> {
    Listing {
        rows: vec![entry(actor)],
        next,
        total: None,
    }
}

fn after(position: Option<Position>) -> Window {
    Window::After {
        position,
        limit: Limit::default(),
    }
}

async fn getting(bench: Bench, query: &str) -> Got {
    let uri = format!("{}/events?{query}", path());
    bench.send(TestRequest::get().uri(&uri)).await
}

#[rstest]
#[case::key(
    TimelineActor::ApiKey { id: KEY, name: Some("shop".to_owned()) },
    json!({"kind": "api_key", "id": KEY, "name": "shop"})
)]
#[case::key_that_is_gone(
    TimelineActor::ApiKey { id: KEY, name: None }, json!({"kind": "api_key", "id": KEY, "name": null})
)]
#[case::role(
    TimelineActor::Role("scheduler".to_owned()), json!({"kind": "role", "id": null, "name": "scheduler"})
)]
#[case::command_line(TimelineActor::CommandLine, json!({"kind": "command_line", "id": null, "name": null}))]
#[actix_web::test]
async fn an_entry_tells_who_did_what_and_when(#[case] actor: TimelineActor, #[case] shown: Value) {
    let got = getting(telling(after(None), piece(actor, None)), "").await;

    let expected = json!({
        "id": "00000000-0000-0000-0000-000000000006",
        "type": "invoice.sent",
        "actor": shown,
        "occurred_at": "2026-11-20T12:00:00.000000Z",
        "changes": {"status": {"from": "draft", "to": "sent"}},
        "invoice_version": 2,
    });
    let expected = json!({"data": [expected], "next_cursor": null, "has_more": false});
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
}

#[actix_web::test]
async fn a_long_timeline_goes_on() {
    let position = Position {
        created_at: NOW.parse().unwrap(),
        id: Uuid::from_u128(6),
    };
    let piece = |next| piece(TimelineActor::CommandLine, next);
    let first = getting(telling(after(None), piece(Some(position))), "").await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();

    let second = telling(after(Some(position)), piece(None));
    let second = getting(second, &format!("cursor={cursor}")).await;

    let link = format!("<{}/events?limit=20&cursor={cursor}>; rel=\"next\"", path());
    assert_eq!(first.header("link"), link);
    assert_eq!(second.json()["has_more"], false);
}

#[actix_web::test]
async fn an_invoice_that_is_not_there_has_no_timeline() {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_timeline().returning(|_, _, _| Ok(None));

    let got = getting(asking(queries), "").await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
    let detail = format!("there is no invoice {INVOICE}");
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockInvoiceQueries::new();
    queries
        .expect_timeline()
        .returning(|_, _, _| out_of_reach());

    let got = getting(asking(queries), "").await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
