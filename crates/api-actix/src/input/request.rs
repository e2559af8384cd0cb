//! The extractor that every endpoint takes.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::Method, web};
use api_shared::{cursor::CursorSpace, input::Parameters};
use app::{paging::Window, ports::Fingerprint};
use futures_util::future::LocalBoxFuture;

use super::{Input, Json, Query, payload::Body, settle};
use crate::{
    api::Api,
    gate::Visit,
    problem::{Faults, Occasion, Problem, catalogue::INTERNAL_ERROR},
};

/// A request whose body has arrived. Take it after [`crate::caller::Caller`], so that 401 and 403 come before 400.
pub struct Request {
    http: HttpRequest,
    api: web::Data<Api>,
    visit: Rc<Visit>,
    body: Body,
    json: OnceCell<Json>,
}

impl Request {
    /// Reads everything that the endpoint wants of it, and refuses it with all its faults if there are any.
    pub fn read<T>(&self, reader: impl FnOnce(&mut Input<'_>) -> Option<T>) -> Result<T, Problem> {
        let faults = RefCell::new(Faults::default());
        let parameters = Parameters::of(self.http.query_string());
        let mut input = Input {
            http: &self.http,
            query: Query::new(parameters, self.cursors(), &faults),
            body: &self.body,
            json: &self.json,
            faults: &faults,
            fatal: None,
        };
        let read = reader(&mut input);
        match input.finish() {
            Some(fatal) => Err(fatal),
            None => Ok(settle(read, faults.into_inner())?),
        }
    }

    /// Refuses it if it says anything at all, for endpoints that want nothing.
    pub fn read_nothing(&self) -> Result<(), Problem> {
        self.read(|_nothing| Some(()))
    }

    /// Reads which piece of a list is wanted, for lists without filters.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is not general enough over its lifetime"
    )]
    pub fn read_window(&self) -> Result<Window, Problem> {
        self.read(|input| input.window())
    }

    /// The body as it came, of whatever kind it is.
    pub(crate) fn raw_body(&self) -> &[u8] {
        self.body.bytes()
    }

    pub(crate) fn http(&self) -> &HttpRequest {
        &self.http
    }

    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    pub(crate) fn visit(&self) -> &Visit {
        &self.visit
    }

    pub(crate) fn cursors(&self) -> CursorSpace<'_> {
        CursorSpace {
            key: &self.api.settings.cursor_key,
            organization_id: self.visit.organization_id(),
            path: self.http.path(),
        }
    }

    /// Equal for equal requests: of the method, the path and the canonical body, by a key of the deployment, since a body may
    /// hold what could be guessed from a plain hash.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let body = self.json.get().map(Json::canonical).unwrap_or_default();
        let (method, path) = (self.http.method().as_str(), self.http.path());
        let parts = [method.as_bytes(), path.as_bytes(), &body];
        Fingerprint(self.api.seal.fingerprint(&parts))
    }

    pub(crate) fn occasion(&self) -> Occasion {
        Occasion {
            instance: self.http.path().to_owned(),
            request_id: self.visit.request_id().to_owned(),
        }
    }
}

impl FromRequest for Request {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(http: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let http = http.clone();
        let payload = payload.take();
        Box::pin(async move {
            let unassembled = || Problem::of(&INTERNAL_ERROR);
            let api = http
                .app_data::<web::Data<Api>>()
                .cloned()
                .ok_or_else(unassembled)?;
            let visit = Visit::of(&http).ok_or_else(unassembled)?;
            let has_body = matches!(*http.method(), Method::POST | Method::PUT | Method::PATCH);
            let body = if has_body {
                Body::take(&http, payload, api.settings.body_read_max).await?
            } else {
                Body::default()
            };
            Ok(Self {
                http,
                api,
                visit,
                body,
                json: OnceCell::new(),
            })
        })
    }
}
