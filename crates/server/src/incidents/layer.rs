//! Listens to the log for the lines of requests that were answered with 5xx.

use std::{fmt, sync::Arc};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};

use super::{Incident, Incidents};

/// The targets of the lines that requests and calls leave.
const TARGETS: [&str; 2] = ["http", "grpc"];

/// Tells of lines that are errors.
pub(crate) struct IncidentLayer(pub(crate) Arc<Incidents>);

impl<S: Subscriber> Layer<S> for IncidentLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = event.metadata();
        if *line.level() != Level::ERROR || !TARGETS.contains(&line.target()) {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        if let Some(incident) = fields.into_incident() {
            self.0.tell(incident, None);
        }
    }
}

/// The fields that are told, and no others.
#[derive(Default)]
struct Fields {
    method: Option<String>,
    route: Option<String>,
    service: Option<String>,
    outcome: Option<String>,
    trace_id: Option<String>,
}

impl Fields {
    /// Lines without an outcome are others than those of requests.
    fn into_incident(self) -> Option<Incident> {
        let outcome = self.outcome?;
        let operation = match (self.route, self.service, self.method) {
            // Clients can make up methods.
            (Some(route), _, _) => route,
            (None, Some(service), Some(method)) => format!("{service}/{method}"),
            (None, ..) => return None,
        };
        let trace = self.trace_id.map(|id| ("trace_id", id));
        let status = ("status", outcome.clone());
        Some(Incident {
            title: format!("{outcome} {operation}"),
            operation: Some(operation),
            tags: std::iter::once(status).chain(trace).collect(),
        })
    }

    fn place(&mut self, field: &Field) -> Option<&mut Option<String>> {
        match field.name() {
            "method" => Some(&mut self.method),
            "route" => Some(&mut self.route),
            "service" => Some(&mut self.service),
            "status" | "code" => Some(&mut self.outcome),
            "trace_id" => Some(&mut self.trace_id),
            _ => None,
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if let Some(place) = self.place(field) {
            *place = Some(format!("{value:?}"));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if let Some(place) = self.place(field) {
            *place = Some(value.to_owned());
        }
    }
}
