mod revoked_keys;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use actix_web::test::TestRequest;
use app::{
    events::{EventPosition, LoggedEvent, TypePattern},
    ports::{AggregateKind, EventFilter, EventPage, MockEventLog},
    testing::{INVOICE, ORGANIZATION, logged_event},
};
use rstest::rstest;

use crate::testing::{Bench, Got, knowing};

fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(&format!("/api/v1/events{path}"))
}

fn page(events: Vec<LoggedEvent>, end: i64, has_more: bool) -> EventPage {
    EventPage {
        events,
        end: EventPosition::new(end),
        has_more,
    }
}

/// Over a log that gives these pages, one after the other, and notes from where it was read.
fn over(pages: Vec<EventPage>) -> (Bench, Arc<Mutex<Vec<i64>>>) {
    let read_from = Arc::new(Mutex::new(Vec::new()));
    let mut log = MockEventLog::new();
    let (pages, noted) = (Mutex::new(pages), read_from.clone());
    log.expect_list_events()
        .returning(move |owner, _, after, _| {
            assert_eq!(owner, ORGANIZATION);
            noted.lock().unwrap().push(after.as_i64());
            let mut pages = pages.lock().unwrap();
            if pages.is_empty() {
                return Err(app::ports::StorageError::Contended { attempts: 1 });
            }
            Ok(pages.remove(0))
        });
    log.expect_end().returning(|| Ok(EventPosition::new(40)));
    let bench = Bench::new().with(|parts| parts.events.log = Arc::new(log));
    (bench, read_from)
}

#[actix_web::test]
async fn a_piece_of_the_feed_leads_to_the_next() {
    let (bench, read_from) = over(vec![page(vec![logged_event(7, 1, 2)], 7, false)]);

    let got = bench.send(get("?limit=1")).await;

    assert_eq!(got.status, 200);
    let json = got.json();
    assert_eq!(json["data"][0]["sequence"], 2);
    assert_eq!(json["data"][0]["type"], "invoice.updated");
    assert_eq!(json["data"][0]["data"]["version"], 2);
    assert_eq!(json["has_more"], false);
    let cursor = json["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(*read_from.lock().unwrap(), [0]);

    let (bench, read_from) = over(vec![page(vec![], 7, false)]);
    let next = bench.send(get(&format!("?limit=1&cursor={cursor}"))).await;

    assert_eq!(next.status, 200);
    assert_eq!(*read_from.lock().unwrap(), [7]);
}

#[actix_web::test]
async fn filters_reach_the_log() {
    let mut log = MockEventLog::new();
    let expected = EventFilter {
        types: ["invoice.sent", "transfer.*"]
            .map(|it| TypePattern::parse(it).unwrap())
            .to_vec(),
        kind: Some(AggregateKind::Invoice),
        aggregate_id: Some(INVOICE.as_uuid()),
        from: Some("2026-11-20T12:00:00Z".parse().unwrap()),
        to: Some("2026-11-21T12:00:00Z".parse().unwrap()),
    };
    log.expect_list_events()
        .withf(move |_, filter, _, _| *filter == expected)
        .returning(|_, _, _, _| Ok(page(vec![], 0, false)));
    let bench = Bench::new().with(|parts| parts.events.log = Arc::new(log));

    let query = format!(
        "?type=invoice.sent&type=transfer.*&aggregate_type=invoice&aggregate_id={INVOICE}&from=2026-11-20T12:00:00Z&to=2026-11-21T12:00:00Z"
    );
    let got = bench.send(get(&query)).await;

    assert_eq!(got.status, 200);
}

#[rstest]
#[case("?type=Invoice", "type")]
#[case("?type=", "type")]
#[case("?aggregate_type=bill", "aggregate_type")]
#[case("?aggregate_id=7", "aggregate_id")]
#[case("?from=yesterday", "from")]
#[case("?to=2026-11-20", "to")]
#[case("?limit=0", "limit")]
#[case("?limit=101", "limit")]
#[case("?page=1", "page")]
#[case("?cursor=x", "cursor")]
#[case("?after=1", "after")]
#[actix_web::test]
async fn a_wrong_parameter_is_refused(#[case] query: &str, #[case] parameter: &str) {
    let (bench, _) = over(vec![]);

    let got = bench.send(get(query)).await;

    assert_eq!(got.problem().0, 400);
    assert_eq!(got.faults()[0].0, parameter);
}

#[rstest]
#[case("")]
#[case("/stream")]
#[actix_web::test]
async fn a_key_without_the_scope_is_refused(#[case] path: &str) {
    let bench = Bench::new()
        .with(|parts| parts.authenticator = knowing(&["invoices:read", "invoices:write"]));

    let got = bench.send(get(path)).await;

    assert_eq!(got.problem(), (403, "insufficient_scope".to_owned()));
}

fn text(got: &Got) -> String {
    String::from_utf8(got.bytes.to_vec()).unwrap()
}

/// The ids of the events in a stream.
fn ids(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("id: "))
        .collect()
}

#[actix_web::test]
async fn a_stream_begins_with_what_happens_next_and_goes_on_where_it_was() {
    let (bench, read_from) = over(vec![
        page(
            vec![logged_event(41, 1, 1), logged_event(42, 2, 1)],
            42,
            false,
        ),
        page(vec![logged_event(43, 1, 2)], 43, false),
    ]);

    let got = bench.send(get("/stream")).await;

    assert_eq!(got.header("content-type"), "text/event-stream");
    let stream = text(&got);
    assert!(stream.starts_with("retry: 2000\nid: "), "{stream}");
    assert_eq!(
        stream
            .matches("event: invoice.updated\ndata: {\"specversion\":\"1.0\"")
            .count(),
        3
    );
    assert_eq!(*read_from.lock().unwrap(), [40, 42, 43]);

    // The first one is that of the place where it began.
    let second = ids(&stream)[2].to_owned();
    let (bench, read_from) = over(vec![]);
    bench
        .send(get("/stream").insert_header(("last-event-id", second)))
        .await;

    assert_eq!(*read_from.lock().unwrap(), [42]);
}

#[actix_web::test]
async fn a_stream_that_breaks_before_its_first_event_goes_on_where_it_began() {
    let (bench, _) = over(vec![]);
    let broken = text(&bench.send(get("/stream")).await);

    let began_at = ids(&broken)[0].to_owned();
    let (bench, read_from) = over(vec![page(vec![logged_event(41, 1, 1)], 41, false)]);
    let request = get("/stream").insert_header(("last-event-id", began_at));
    let resumed = text(&bench.send(request).await);

    assert!(!broken.contains("data: "), "{broken}");
    assert_eq!(read_from.lock().unwrap()[0], 40);
    assert!(resumed.contains("data: "), "{resumed}");
}

/// The clock of the runtime runs ahead as soon as there is nothing else to do.
#[actix_web::test]
async fn a_stream_in_which_nothing_happens_tells_how_far_it_is() {
    let mut log = MockEventLog::new();
    let asked = AtomicUsize::new(0);
    log.expect_list_events().returning(move |_, _, _, _| {
        // For longer than the stream is silent.
        if asked.fetch_add(1, Ordering::SeqCst) > 40 {
            return Err(app::ports::StorageError::Contended { attempts: 1 });
        }
        Ok(page(vec![], 77, false))
    });
    log.expect_end().returning(|| Ok(EventPosition::new(40)));
    let bench = Bench::new().with(|parts| parts.events.log = Arc::new(log));
    tokio::time::pause();

    let stream = text(&bench.send(get("/stream")).await);

    tokio::time::resume();
    assert!(stream.contains(": still here\nid: "), "{stream}");
    let told = ids(&stream)[1].to_owned();
    let (bench, read_from) = over(vec![]);
    bench
        .send(get("/stream").insert_header(("last-event-id", told)))
        .await;
    assert_eq!(*read_from.lock().unwrap(), [77]);
}

#[actix_web::test]
async fn a_cursor_of_the_feed_is_good_for_the_stream() {
    let (bench, _) = over(vec![page(vec![], 9, false)]);
    let feed = bench.send(get("?type=invoice.*")).await;
    let cursor = feed.json()["next_cursor"].as_str().unwrap().to_owned();

    let (bench, read_from) = over(vec![]);
    let request = get("/stream?type=invoice.*").insert_header(("last-event-id", cursor));
    let got = bench.send(request).await;

    assert_eq!(got.status, 200);
    assert_eq!(*read_from.lock().unwrap(), [9]);
}

#[actix_web::test]
async fn an_id_of_another_stream_is_refused() {
    let (bench, _) = over(vec![page(vec![], 9, false)]);
    let feed = bench.send(get("?type=invoice.*")).await;
    let cursor = feed.json()["next_cursor"].as_str().unwrap().to_owned();

    let (bench, _) = over(vec![]);
    let other = bench
        .send(get("/stream").insert_header(("last-event-id", cursor)))
        .await;
    let (bench, _) = over(vec![]);
    let made_up = bench
        .send(get("/stream").insert_header(("last-event-id", "42")))
        .await;

    assert_eq!(other.problem(), (400, "cursor_mismatch".to_owned()));
    assert_eq!(made_up.problem(), (400, "invalid_cursor".to_owned()));
}
