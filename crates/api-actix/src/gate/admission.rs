//! Who may come in: known callers, not too often, for something that exists, in a form that we speak.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use actix_web::{HttpRequest, dev::ServiceRequest, http::header};
use api_shared::{
    doorkeeper::{Doorkeeper, bearer},
    trusted_proxies::TrustedProxies,
};

use super::{Visit, accept};
use crate::{
    api::Api,
    problem::{
        Problem,
        catalogue::{METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, ROUTE_NOT_FOUND},
    },
};

/// Everything below needs a key.
pub(crate) const API_PREFIX: &str = "/api/v1";

/// Decides about requests. One per worker thread.
pub(super) struct Admission {
    api: Arc<Api>,
    doorkeeper: Doorkeeper,
}

impl Admission {
    pub(super) fn new(api: Arc<Api>) -> Self {
        let doorkeeper = Doorkeeper::new(
            Arc::clone(&api.authenticator),
            Arc::clone(&api.rate_limiter),
            Arc::clone(&api.known_keys),
        );
        Self { api, doorkeeper }
    }

    /// Lets a request in, or says why not.
    pub(super) async fn admit(
        &self,
        request: &mut ServiceRequest,
        visit: &Visit,
    ) -> Result<(), Problem> {
        self.identify(request, visit).await?;
        let route = visit.route.ok_or_else(|| Problem::of(&ROUTE_NOT_FOUND))?;
        if !self.api.surface.routes.has_method(route, &visit.method) {
            let methods = self.api.surface.routes.allowed(visit.route);
            return Err(Problem::of(&METHOD_NOT_ALLOWED).allowing(methods));
        }
        if accept::is_answerable(request.headers())
            || self.api.surface.routes.answers_more_than_json(route)
        {
            Ok(())
        } else {
            Err(Problem::of(&NOT_ACCEPTABLE))
        }
    }

    /// Finds out by whom it is, and counts it.
    async fn identify(&self, request: &ServiceRequest, visit: &Visit) -> Result<(), Problem> {
        let address = client_address(request.request(), &self.api.settings.trusted_proxies);
        let admission = if needs_key(&visit.path) {
            self.doorkeeper.admit(secret(request), address).await
        } else if is_counted(visit.pattern) {
            self.doorkeeper.welcome(secret(request), address).await
        } else {
            return Ok(());
        };
        visit.limit.set(admission.limit);
        if let Some(key) = admission.key {
            visit.admit(key);
        }
        Ok(admission.outcome?)
    }
}

/// Where a request comes from.
pub(crate) fn client_address(request: &HttpRequest, proxies: &TrustedProxies) -> IpAddr {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    let peer = request.peer_addr().map_or(unknown, |peer| peer.ip());
    let forwarded = request.headers().get_all(header::X_FORWARDED_FOR);
    let forwarded = forwarded.map(|value| value.to_str().unwrap_or_default());
    proxies.client_address(peer, forwarded)
}

fn needs_key(path: &str) -> bool {
    path.strip_prefix(API_PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether requests to such a path are counted here. Probes are never to be told to wait; and what a provider sends is
/// counted by its endpoint, if it is not authentic.
pub(crate) fn is_counted(pattern: &str) -> bool {
    !(pattern.starts_with("/health") || pattern.starts_with("/provider-webhooks/"))
}

/// The secret of the one `Authorization` header.
fn secret(request: &ServiceRequest) -> Option<&str> {
    let mut sent = request.headers().get_all(header::AUTHORIZATION);
    match (sent.next(), sent.next()) {
        (Some(value), None) => bearer(value.to_str().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_counted, needs_key};

    #[test]
    fn only_the_api_itself_needs_a_key() {
        assert!(needs_key("/api/v1"));
        assert!(needs_key("/api/v1/invoices"));
        assert!(!needs_key("/api/v10"));
        assert!(!needs_key("/health"));
    }

    #[test]
    fn all_but_probes_and_notices_are_counted() {
        let free = ["/health", "/health/ready", "/provider-webhooks/{provider}"];
        let counted = [
            "/",
            "/openapi.json",
            "/docs/{file:.*}",
            "/problems/{slug}",
            "unmatched",
        ];

        assert!(free.into_iter().all(|pattern| !is_counted(pattern)));
        assert!(counted.into_iter().all(is_counted));
    }
}
