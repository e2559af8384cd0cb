use std::{
    panic,
    sync::{Mutex, PoisonError},
};

use sentry::{Envelope, Transport};
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

const MARKER: &str = "m4rk3r";

/// Keeps what would leave, as it would.
#[derive(Default)]
struct Kept(Mutex<Vec<String>>);

impl Kept {
    fn all(&self) -> Vec<String> {
        let kept = self.0.lock();
        kept.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Kept {
    fn send_envelope(&self, envelope: Envelope) {
        let mut bytes = Vec::new();
        envelope.to_writer(&mut bytes).unwrap();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(String::from_utf8(bytes).unwrap());
    }
}

fn incidents() -> (Arc<Incidents>, Arc<Kept>) {
    let kept = Arc::new(Kept::default());
    let mut options = ClientOptions::new()
        .release("tallystick@1")
        .default_integrations(false);
    options.dsn = Some("https://key@sentry.example/1".parse().unwrap());
    options.transport = Some(Arc::new(kept.clone()));
    (Arc::new(Incidents::with(options)), kept)
}

#[test]
fn a_panic_is_told_by_its_place_and_not_by_its_words() {
    let (incidents, kept) = incidents();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| incidents.panicked(info)));

    let panicked = panic::catch_unwind(|| panic!("{MARKER}"));
    panic::set_hook(before);

    assert!(panicked.is_err());
    let told = kept.all();
    let of_here = told.iter().find(|it| it.contains("incidents/tests.rs"));
    let report = of_here.expect("it is told");
    assert!(
        report.contains("tallystick@1") && report.contains("stacktrace"),
        "{report}"
    );
    assert!(!told.iter().any(|it| it.contains(MARKER)));
}

#[test]
fn of_the_log_only_the_lines_of_failed_requests_are_told_and_of_these_only_what_is_ours() {
    let (incidents, kept) = incidents();
    let log = tracing_subscriber::registry().with(IncidentLayer(incidents));

    tracing::subscriber::with_default(log, || {
        let trace_id = tracing::field::display("4bf92f3577b34da6a3ce929d0e0e4736");
        let (status, route) = (500_u16, "/api/v1/customers/{id}");
        tracing::info!(target: "http", status = 200_u16, route, "request");
        tracing::error!(target: "http", error = MARKER, "the cause");
        tracing::error!(target: "elsewhere", status, route, "request");
        tracing::error!(
            target: "http", request_id = MARKER, trace_id, method = MARKER, route, status, "request"
        );
        tracing::error!(
            target: "grpc", service = "tallystick.v1.LedgerService", method = "Post", code = "INTERNAL", "call"
        );
    });

    let told = kept.all();
    assert_eq!(told.len(), 2, "{told:#?}");
    for word in [
        "500 /api/v1/customers/{id}",
        "4bf92f3577b34da6a3ce929d0e0e4736",
    ] {
        assert!(told[0].contains(word), "{}", told[0]);
    }
    assert!(told[1].contains("INTERNAL tallystick.v1.LedgerService/Post"));
    assert!(!told.iter().any(|it| it.contains(MARKER)));
}

#[test]
fn the_same_is_not_told_again_at_once() {
    let (incidents, kept) = incidents();

    for title in ["500 /a", "500 /a", "503 /a"] {
        let incident = Incident {
            title: title.to_owned(),
            ..Incident::default()
        };
        incidents.tell(incident, None);
    }

    assert_eq!(kept.all().len(), 2);
}
