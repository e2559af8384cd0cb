//! Who may come in: known callers, not too often, for something that exists, in a form that we speak.

use std::{rc::Rc, sync::Arc};

use actix_web::{dev::ServiceRequest, http::header};
use app::{
    platform::AuthenticationError,
    ports::{LimitDecision, LimitSubject},
};

use super::{Visit, accept, strangers::Strangers};
use crate::{
    api::Api,
    problem::{
        Problem,
        catalogue::{
            METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, RATE_LIMITED, ROUTE_NOT_FOUND, UNAUTHENTICATED,
        },
    },
};

/// Everything below needs a key.
pub(crate) const API_PREFIX: &str = "/api/v1";

/// Decides about requests. One per worker thread.
pub(super) struct Admission {
    api: Arc<Api>,
    strangers: Strangers,
}

impl Admission {
    pub(super) fn new(api: Arc<Api>) -> Self {
        Self {
            api,
            strangers: Strangers::default(),
        }
    }

    /// Lets a request in, or says why not.
    pub(super) async fn admit(
        &self,
        request: &mut ServiceRequest,
        visit: &Visit,
    ) -> Result<(), Problem> {
        if needs_key(&visit.path) {
            self.identify(request, visit).await?;
        }
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

    async fn identify(&self, request: &ServiceRequest, visit: &Visit) -> Result<(), Problem> {
        let Some(secret) = bearer(request) else {
            return Err(self.turn_away(request, visit).await);
        };
        let address = self.api.settings.trusted_proxies.client_address(request);
        let known = &self.api.known_keys;
        if let Some(decision) = self.strangers.held_up(address, secret, known) {
            visit.limit.set(Some(decision));
            return Err(over_limit(&decision));
        }
        match self.api.authenticator.authenticate(secret).await {
            Ok(key) => {
                known.add(secret);
                let subject = LimitSubject::ApiKey(key.key_id);
                let decision = self.api.rate_limiter.take(subject).await;
                visit.limit.set(Some(decision));
                // A visit begins without a key, so there is none to replace.
                let _ = visit.key.set(Rc::new(key));
                if decision.is_allowed {
                    Ok(())
                } else {
                    Err(over_limit(&decision))
                }
            }
            Err(AuthenticationError::Unknown) => Err(self.turn_away(request, visit).await),
            Err(AuthenticationError::Storage(error)) => Err(Problem::from(error)),
        }
    }

    /// Counts a request with no valid key.
    async fn turn_away(&self, request: &ServiceRequest, visit: &Visit) -> Problem {
        let address = self.api.settings.trusted_proxies.client_address(request);
        let decision = match self.strangers.held_up_for_now(address) {
            Some(decision) => decision,
            None => {
                self.api
                    .rate_limiter
                    .take(LimitSubject::Stranger(address))
                    .await
            }
        };
        visit.limit.set(Some(decision));
        if decision.is_allowed {
            Problem::of(&UNAUTHENTICATED)
        } else {
            self.strangers.hold_up(address, decision);
            over_limit(&decision)
        }
    }
}

fn needs_key(path: &str) -> bool {
    path.strip_prefix(API_PREFIX)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn over_limit(decision: &LimitDecision) -> Problem {
    Problem::of(&RATE_LIMITED).retry_after(decision.retry_after)
}

/// The secret of `Authorization: Bearer <secret>` (RFC 6750); the scheme may be written in any case.
fn bearer(request: &ServiceRequest) -> Option<&str> {
    let mut sent = request.headers().get_all(header::AUTHORIZATION);
    let (Some(value), None) = (sent.next(), sent.next()) else {
        return None;
    };
    let (scheme, secret) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| secret.trim_start_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::needs_key;

    #[test]
    fn only_the_api_itself_needs_a_key() {
        assert!(needs_key("/api/v1"));
        assert!(needs_key("/api/v1/invoices"));
        assert!(!needs_key("/api/v10"));
        assert!(!needs_key("/health"));
    }
}
