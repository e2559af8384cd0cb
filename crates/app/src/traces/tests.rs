use std::sync::{Arc, Mutex};

use super::*;
use crate::{
    ports::SpanSink,
    testing::{FixedClock, NOW, SequentialIds},
};

const SAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const UNSAMPLED: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

/// Keeps what is over.
#[derive(Default)]
struct Kept(Mutex<Vec<FinishedSpan>>);

impl Kept {
    fn names(&self) -> Vec<String> {
        let spans = self.0.lock().unwrap();
        spans.iter().map(|it| it.name.to_string()).collect()
    }
}

impl SpanSink for Kept {
    fn take(&self, span: FinishedSpan) {
        self.0.lock().unwrap().push(span);
    }
}

fn tracer(per_million: u32) -> (Arc<Tracer>, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let ports: (Arc<_>, Arc<SequentialIds>) = (FixedClock::at(NOW), Arc::default());
    let sink: Arc<dyn SpanSink> = kept.clone();
    let sampling = Sampling::per_million(per_million);
    let tracer = Tracer::new(Some(sink), sampling, (ports.0, ports.1));
    (Arc::new(tracer), kept)
}

fn context(raw: &str) -> Option<TraceContext> {
    TraceContext::parse(raw)
}

#[tokio::test]
async fn parts_belong_to_what_goes_on_around_them() {
    let (tracer, kept) = tracer(1_000_000);
    let request = tracer.receive("GET /things", None);

    let part = request
        .around(async {
            let part = child(SpanKind::Client, "SELECT things");
            assert_eq!(current(), request.context());
            part.context()
        })
        .await;

    let (part, request) = (part.unwrap(), request.context().unwrap());
    assert_eq!(part.trace_id, request.trace_id);
    assert_ne!(part.span_id, request.span_id);
    let spans = kept.0.lock().unwrap();
    assert_eq!(spans.len(), 1);
    let parent = spans[0].parent.unwrap();
    assert_eq!((parent.id, parent.is_remote), (request.span_id, false));
}

#[tokio::test]
async fn a_task_of_its_own_goes_on_with_what_it_was_made_in() {
    let (tracer, _kept) = tracer(1_000_000);
    let request = tracer.receive("GET /things", None);

    let seen = request.around(async {
        let carried = tokio::spawn(carry(async { current() })).await;
        let left_behind = tokio::spawn(async { current() }).await;
        (carried.unwrap(), left_behind.unwrap())
    });

    assert_eq!(seen.await, (request.context(), None));
}

#[test]
fn what_others_record_is_recorded_here_whatever_the_dice_say() {
    let (tracer, kept) = tracer(0);

    let span = tracer.follow(SpanKind::Server, "GET /things", context(SAMPLED));
    let expected = context(SAMPLED).unwrap();
    assert_eq!(span.trace_id(), Some(expected.trace_id));
    drop(span);

    let spans = kept.0.lock().unwrap();
    let parent = spans[0].parent.unwrap();
    assert_eq!((parent.id, parent.is_remote), (expected.span_id, true));
}

#[test]
fn what_strangers_record_is_recorded_here_as_often_as_what_begins_here() {
    let (never, nothing) = tracer(0);
    let (always, kept) = tracer(1_000_000);
    let sampled = context(SAMPLED);

    let unheard = never.receive("GET /things", sampled);
    let heard = always.receive("GET /things", sampled);

    // It has its name in the log all the same, and makes nobody behind us record it.
    assert_eq!(unheard.context(), context(UNSAMPLED));
    assert_eq!(heard.trace_id(), sampled.map(|it| it.trace_id));
    drop((unheard, heard));
    assert_eq!(nothing.names(), [""; 0]);
    assert_eq!(kept.names(), ["GET /things"]);
}

#[test]
fn what_was_received_is_recorded_once_its_sender_is_known() {
    let received = || receive("GET /things", context(SAMPLED));

    let trusted = trust(received(), "GET /things", context(SAMPLED));
    let unsampled = trust(received(), "GET /things", context(UNSAMPLED));

    assert_eq!(received().context(), context(UNSAMPLED));
    assert_eq!(trusted.context(), context(SAMPLED));
    assert_eq!(unsampled.context(), context(UNSAMPLED));
}

#[tokio::test]
async fn what_others_do_not_record_is_passed_on_as_it_came() {
    let (tracer, kept) = tracer(1_000_000);

    let span = tracer.receive("GET /things", context(UNSAMPLED));

    let passed_on = span.around(async { (current(), child(SpanKind::Client, "x").context()) });
    assert_eq!(passed_on.await, (context(UNSAMPLED), None));
    drop(span);
    assert_eq!(kept.names(), [""; 0]);
}

#[tokio::test]
async fn a_trace_of_ours_that_is_not_recorded_has_a_name_and_is_not_passed_on() {
    let (tracer, kept) = tracer(0);

    let span = tracer.receive("GET /things", None);

    let inside = span.around(async { (trace_id(), operation(), current()) });
    let (id, operation, passed_on) = inside.await;
    assert!(id.is_some() && id == span.trace_id());
    assert_eq!((operation, passed_on), (Some("GET /things"), None));
    drop(span);
    assert_eq!(kept.names(), [""; 0]);
}

#[test]
fn what_has_no_cause_is_in_no_trace() {
    let (tracer, _kept) = tracer(1_000_000);

    let span = tracer.follow(SpanKind::Consumer, "validator", None);

    assert_eq!((span.is_recorded(), span.trace_id()), (false, None));
}

#[tokio::test]
async fn each_of_several_things_goes_on_with_its_own_cause() {
    let (tracer, _kept) = tracer(1_000_000);
    let batch = tracer.receive("batch", None);

    let seen = batch.around(async {
        let with_one = within(context(UNSAMPLED), async { current() }).await;
        let without = within(None, async { current() }).await;
        (with_one, without)
    });

    assert_eq!(seen.await, (context(UNSAMPLED), None));
}

#[test]
fn a_part_of_the_traces_is_recorded() {
    let ids = (0..10_000_u32).map(|n| {
        // Spread over all dice, as random ids are.
        let dice = u128::from(n.wrapping_mul(0x9E37_79B9));
        TraceId::of(uuid::Uuid::from_u128(1 << 64 | dice))
    });

    let taken = ids
        .filter(|id| Sampling::per_million(10_000).takes(*id))
        .count();

    assert!((50..200).contains(&taken), "{taken}");
    assert!(!Sampling::NONE.takes(TraceId::of(uuid::Uuid::from_u128(1 << 64))));
}

#[test]
fn a_span_tells_how_it_went() {
    let (tracer, kept) = tracer(1_000_000);
    let mut span = tracer.receive("GET /things", None);

    span.rename(|| "GET /things/{id}");
    span.note("http.response.status_code", 500_u16);
    span.fail("500");
    drop(span);

    let spans = kept.0.lock().unwrap();
    let over = &spans[0];
    assert_eq!(over.name, "GET /things/{id}");
    assert_eq!(
        over.details,
        [("http.response.status_code", Detail::Number(500))]
    );
    assert_eq!(over.failure.as_deref(), Some("500"));
}
