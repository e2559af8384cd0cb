//! Tells Sentry of panics, and of what was answered with 5xx.
//!
//! It is told what went wrong where, of which release, and in which trace: fields of ours, one by one. What clients have sent
//! is in none of them, nor is what errors say, which may quote it; that is in the log, under the same trace.

mod layer;

use std::{
    collections::HashMap,
    panic::PanicHookInfo,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use sentry::{
    Client, ClientOptions, Level,
    protocol::{Event, Exception},
};

pub(crate) use self::layer::IncidentLayer;
use crate::config::Settings;

/// The same thing is not told again for so long: an outage is one incident, not one per request.
const AGAIN_AFTER: Duration = Duration::from_mins(1);
/// How long the process waits at its end for reports to leave. A part of what the page of operations tells.
const FLUSH_MAX: Duration = Duration::from_secs(2);

/// Whom incidents are told.
pub(crate) struct Incidents {
    client: Client,
    told: Mutex<HashMap<String, Instant>>,
}

/// Something that went wrong.
#[derive(Debug, Default)]
struct Incident {
    /// What, in words of ours.
    title: String,
    /// Doing what: a route, an rpc, a consumer.
    operation: Option<String>,
    /// What else is known of it.
    tags: Vec<(&'static str, String)>,
}

impl Incidents {
    /// As the settings want it; nobody where they name nobody.
    pub(crate) fn of(settings: &Settings) -> anyhow::Result<Option<Arc<Self>>> {
        let Some(dsn) = &settings.telemetry.sentry_dsn else {
            return Ok(None);
        };
        let dsn = dsn.expose_secret().parse();
        // Everything that would gather something by itself is off.
        let mut options = ClientOptions::new()
            .release(concat!("tallystick@", env!("CARGO_PKG_VERSION")))
            .environment(environment(settings))
            .default_integrations(false)
            .send_default_pii(false)
            .max_breadcrumbs(0);
        options.dsn = Some(dsn.context("TALLYSTICK_TELEMETRY__SENTRY_DSN is no DSN")?);
        let options = sentry::apply_defaults(options);
        Ok(Some(Arc::new(Self::with(options))))
    }

    fn with(options: ClientOptions) -> Self {
        Self {
            client: Client::with_options(options),
            told: Mutex::default(),
        }
    }

    /// Tells of a panic: where it was, and never with which words.
    pub(crate) fn panicked(&self, panic: &PanicHookInfo<'_>) {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let exception = Exception {
            ty: "panic".to_owned(),
            value: Some(place.clone()),
            stacktrace: sentry::integrations::backtrace::current_stacktrace(),
            ..Exception::default()
        };
        let trace = app::traces::trace_id().map(|id| ("trace_id", id.to_string()));
        let incident = Incident {
            title: format!("panic at {place}"),
            operation: app::traces::operation().map(str::to_owned),
            tags: trace.into_iter().collect(),
        };
        self.tell(incident, Some(exception));
    }

    fn tell(&self, incident: Incident, exception: Option<Exception>) {
        if !self.is_new(&incident.title) {
            return;
        }
        let operation = incident.operation.iter().map(|it| ("route", it.clone()));
        let tags = incident.tags.into_iter().chain(operation);
        let event = Event {
            level: Level::Error,
            fingerprint: vec![incident.title.clone().into()].into(),
            message: exception.is_none().then_some(incident.title),
            tags: tags.map(|(key, value)| (key.to_owned(), value)).collect(),
            transaction: incident.operation,
            exception: exception.into_iter().collect::<Vec<_>>().into(),
            ..Event::default()
        };
        self.client.capture_event(event, None);
    }

    /// Titles are made of routes and codes, of which there are few.
    fn is_new(&self, title: &str) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let is_new = told
            .get(title)
            .is_none_or(|at| now.duration_since(*at) >= AGAIN_AFTER);
        if is_new {
            told.insert(title.to_owned(), now);
        }
        is_new
    }

    /// Lets what was told leave, if it can in a short while.
    pub(crate) fn finish(&self) {
        self.client.close(Some(FLUSH_MAX));
    }
}

fn environment(settings: &Settings) -> &'static str {
    if settings.is_production() {
        "production"
    } else {
        "development"
    }
}

#[cfg(test)]
mod tests;
