//! Counting requests, by route and never by path.

use std::{cell::RefCell, time::Duration};

use actix_web::http::{Method, StatusCode};
use metrics::{Counter, Histogram};

use super::Visit;
use crate::routes::Routes;

/// The meters of one worker thread. Each is looked up once, and then found by number.
pub(super) struct Meters {
    by_route: Vec<RefCell<RouteMeters>>,
}

struct RouteMeters {
    pattern: &'static str,
    durations: Vec<(&'static str, Histogram)>,
    counts: Vec<(&'static str, StatusCode, Counter)>,
}

impl Meters {
    pub(super) fn for_routes(routes: &Routes) -> Self {
        let meters = |pattern| {
            RefCell::new(RouteMeters {
                pattern,
                durations: Vec::new(),
                counts: Vec::new(),
            })
        };
        Self {
            by_route: routes.patterns().map(meters).collect(),
        }
    }

    pub(super) fn count(&self, visit: &Visit, status: StatusCode, took: Duration) {
        if let Some(meters) = self.by_route.get(visit.route_number) {
            let mut meters = meters.borrow_mut();
            let method = label(&visit.method);
            meters.histogram(method).record(took);
            meters.counter(method, status).increment(1);
        }
    }
}

impl RouteMeters {
    fn histogram(&mut self, method: &'static str) -> &Histogram {
        let known = self
            .durations
            .iter()
            .position(|(known, _)| *known == method);
        let index = known.unwrap_or_else(|| {
            let histogram = metrics::histogram!(
                "http_request_duration_seconds",
                "method" => method, "route" => self.pattern,
            );
            self.durations.push((method, histogram));
            self.durations.len() - 1
        });
        &self.durations[index].1
    }

    fn counter(&mut self, method: &'static str, status: StatusCode) -> &Counter {
        let is_same =
            |(known, code, _): &(&str, StatusCode, _)| *known == method && *code == status;
        let known = self.counts.iter().position(is_same);
        let index = known.unwrap_or_else(|| {
            let counter = metrics::counter!(
                "http_requests_total",
                "method" => method, "route" => self.pattern, "status" => status.as_str().to_owned(),
            );
            self.counts.push((method, status, counter));
            self.counts.len() - 1
        });
        &self.counts[index].2
    }
}

/// Clients can make up methods; the labels are to stay few.
pub(super) fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
