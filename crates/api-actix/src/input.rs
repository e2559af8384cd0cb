//! What a request says, read strictly: path, query, headers and body in one go, so that the client learns of everything
//! that is wrong with them at once.
//!
//! ```ignore
//! let (id, changes) = request.read(|input| {
//!     let id = input.id("id", CustomerId::from_uuid);
//!     let changes = input.body(customer_changes);
//!     Some((id?, changes?))
//! })?;
//! ```
//!
//! Each reading notes what is wrong and returns `None` then; so read everything first, and use `?` at the end only.
//! Whatever of the query or of the body was not asked for is refused.

mod payload;
mod request;
mod tags;

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
};

use actix_web::{HttpRequest, http::header};
pub use api_shared::input::{
    At, Fields, Json, Query, Value, parse_id, readers, rows, search_text, whole,
};
use api_shared::input::{settle, subject};
use app::{paging::Window, ports::IdempotencyKey};
use domain::{values::InvalidValue, version::Precondition};
use uuid::Uuid;

pub use self::request::Request;
pub(crate) use self::tags::{SeenTags, tag_of};
use crate::problem::{
    Fault, Faults, Place, Problem,
    catalogue::{INVALID_HEADER, MALFORMED_JSON, VALIDATION_FAILED},
};
use payload::Body;

/// A request that is being read.
pub struct Input<'a> {
    http: &'a HttpRequest,
    query: Query<'a>,
    body: &'a Body,
    json: &'a OnceCell<Json>,
    faults: &'a RefCell<Faults>,
    fatal: Option<Problem>,
}

impl Input<'_> {
    /// The id in the path.
    pub fn id<T>(&mut self, name: &'static str, wrap: fn(Uuid) -> T) -> Option<T> {
        let raw = self.http.match_info().query(name);
        subject(name, raw, wrap, &mut self.faults.borrow_mut())
    }

    /// What stands in the path under a name.
    pub fn path_text(&self, name: &str) -> &str {
        self.http.match_info().query(name)
    }

    /// The query, for a reader that takes several of its parameters.
    pub fn query<T>(&mut self, read: impl FnOnce(&mut Query<'_>) -> Option<T>) -> Option<T> {
        read(&mut self.query)
    }

    /// A query parameter that may be given once; `Some(None)` when it is not there.
    pub fn parameter<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Option<Option<T>> {
        self.query.parameter(name, parse)
    }

    /// A query parameter that may be given several times, for example `status=draft&status=sent`.
    pub fn parameters<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, InvalidValue>,
    ) -> Option<Vec<T>> {
        self.query.parameters(name, parse)
    }

    /// Notes that a query or path parameter is wrong, for reasons that its own parser cannot know.
    pub fn refuse_parameter(&mut self, name: &str, code: &'static str, message: &'static str) {
        self.query.refuse(name, code, message);
    }

    /// Which piece of a list: `limit` and `cursor`, or `page` and `page_size`. Read it after all filters.
    pub fn window(&mut self) -> Option<Window> {
        self.query.window()
    }

    /// `If-Match`: which versions the client is ready to change.
    pub fn if_match(&mut self) -> Option<Precondition> {
        let tags = SeenTags::read(self.http.headers(), header::IF_MATCH);
        if tags.is_none() {
            self.refuse_header("If-Match");
        }
        tags.map(|tags| tags.as_precondition())
    }

    /// The body: one JSON object.
    pub fn body<T>(&mut self, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        let text = match self.body.text() {
            Ok(text) => text,
            Err(problem) => {
                self.fatal = Some(problem);
                return None;
            }
        };
        match Json::parse(text, self.faults) {
            Ok(json) => {
                let json = self.json.get_or_init(|| json);
                Value::root(json, self.faults).object(read)
            }
            Err(why) => {
                self.fatal = Some(Problem::of(&MALFORMED_JSON).because(why));
                None
            }
        }
    }

    /// The same for a body that may be missing, which means the same as one without fields.
    pub fn body_if_any<T>(&mut self, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        if self.body.is_empty() {
            let json = self.json.get_or_init(|| Json::Object(BTreeMap::new()));
            return Value::root(json, self.faults).object(read);
        }
        self.body(read)
    }

    /// Notes that a field of the body is wrong, for reasons beyond the field itself.
    pub fn refuse_field(
        &mut self,
        pointer: &str,
        code: &'static str,
        message: impl Into<std::borrow::Cow<'static, str>>,
    ) {
        let place = Place::Pointer(pointer.to_owned());
        let fault = Fault::new(&VALIDATION_FAILED, place, code, message);
        self.faults.borrow_mut().push(fault);
    }

    fn refuse_header(&mut self, name: &'static str) {
        let message = "must be * or a list of entity tags such as \"3\"";
        let fault = Fault::new(
            &INVALID_HEADER,
            Place::Header(name),
            "invalid_format",
            message,
        );
        self.faults.borrow_mut().push(fault);
    }

    /// Checks what every request may carry, whether the endpoint asks for it or not.
    fn check_common_headers(&mut self) {
        if SeenTags::read(self.http.headers(), header::IF_NONE_MATCH).is_none() {
            self.refuse_header("If-None-Match");
        }
        if let Err(fault) = idempotency_key(self.http) {
            self.faults.borrow_mut().push(fault);
        }
    }

    /// Looks at the rest of the request. What is so wrong that nothing else matters is returned.
    fn finish(mut self) -> Option<Problem> {
        self.query.refuse_unread();
        self.check_common_headers();
        self.fatal.take()
    }
}

/// The `Idempotency-Key` of a request, if it has one.
pub(crate) fn idempotency_key(http: &HttpRequest) -> Result<Option<IdempotencyKey>, Fault> {
    let sent = http.headers().get_all("idempotency-key");
    api_shared::input::idempotency_key(sent.map(|value| value.to_str().ok()))
}

#[cfg(test)]
mod tests;
