//! What a request leaves behind: metrics, and one line in the log.

use std::{
    cell::RefCell,
    fmt::Write as _,
    sync::{Arc, Mutex, Once},
};

use actix_web::test::TestRequest;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use tracing::{
    Event, Id, Level, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Record},
};

use super::{finding_organization, organization};
use crate::testing::Bench;

/// Remembers what is counted, as `name{labels}`.
#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<Vec<String>>>);

impl Ledger {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn entry(&self, key: &Key) -> Entry {
        let labels: Vec<_> = key
            .labels()
            .map(|it| format!("{}={}", it.key(), it.value()))
            .collect();
        Entry {
            line: format!("{}{{{}}}", key.name(), labels.join(",")),
            ledger: self.clone(),
        }
    }
}

struct Entry {
    line: String,
    ledger: Ledger,
}

impl CounterFn for Entry {
    fn increment(&self, value: u64) {
        let line = format!("{} {value}", self.line);
        self.ledger.0.lock().unwrap().push(line);
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for Entry {
    fn record(&self, _: f64) {
        self.ledger.0.lock().unwrap().push(self.line.clone());
    }
}

impl Recorder for Ledger {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(Arc::new(self.entry(key)))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(self.entry(key)))
    }
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let ledger = Ledger::default();
    let recording = metrics::set_default_local_recorder(&ledger);
    let id = "/api/v1/api-keys/01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23";
    let requests = [
        TestRequest::get().uri(id),
        TestRequest::get().uri("/nowhere"),
        TestRequest::with_uri("/health").method(actix_web::http::Method::TRACE),
    ];

    Bench::new().send_each(requests).await;
    drop(recording);

    let counted = [
        "http_request_duration_seconds{method=GET,route=/api/v1/api-keys/{id}}",
        "http_requests_total{method=GET,route=/api/v1/api-keys/{id},status=401} 1",
        "http_request_duration_seconds{method=GET,route=unmatched}",
        "http_requests_total{method=GET,route=unmatched,status=404} 1",
        "http_request_duration_seconds{method=other,route=/health}",
        "http_requests_total{method=other,route=/health,status=405} 1",
    ];
    assert_eq!(ledger.lines(), counted);
}

thread_local! {
    static LINES: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// A level, and fields.
type Line = (Level, String);

/// Remembers the events of the target `http` of each thread. It is set once for all tests: what one of them sets for its
/// thread only can be missed, since the interest in an event is remembered by all.
struct Log;

fn listen() {
    static SET: Once = Once::new();
    SET.call_once(|| tracing::subscriber::set_global_default(Log).unwrap());
    LINES.take();
}

#[derive(Default)]
struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() != "latency_ms" {
            write!(self.0, "{}={value:?} ", field.name()).unwrap();
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == "http" && metadata.is_event()
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let line = (*event.metadata().level(), fields.0.trim_end().to_owned());
        LINES.with_borrow_mut(|lines| lines.push(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[actix_web::test]
async fn every_request_leaves_one_line_without_its_contents() {
    listen();
    let request = organization()
        .insert_header(("x-request-id", "r-1"))
        .insert_header((
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ));

    finding_organization().send(request).await;

    let line = "message=request request_id=\"r-1\" trace_id=4bf92f3577b34da6a3ce929d0e0e4736 \
                organization=00000000-0000-0000-0000-000000000001 method=\"GET\" \
                route=\"/api/v1/organization\" status=200";
    assert_eq!(LINES.take(), [(Level::INFO, line.to_owned())]);
}

#[actix_web::test]
async fn what_we_are_to_blame_for_is_an_error() {
    listen();

    Bench::new().send(organization()).await;

    let levels: Vec<_> = LINES.take().into_iter().map(|(level, _)| level).collect();
    assert_eq!(levels, [Level::ERROR]);
}
