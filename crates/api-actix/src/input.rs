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

mod json;
mod list;
mod parameters;
mod payload;
mod place;
pub mod readers;
mod request;
mod tags;
mod value;

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
};

use actix_web::{HttpRequest, http::header};
use app::{paging::Window, ports::IdempotencyKey};
use domain::{values::InvalidValue, version::Precondition};
use uuid::Uuid;

pub use self::{
    json::Json,
    list::rows,
    parameters::{parse_id, search_text, whole},
    place::At,
    request::Request,
    value::{Fields, Value},
};
pub(crate) use self::{
    list::ListQuery,
    payload::within,
    tags::{SeenTags, tag_of},
};
use crate::{
    cursor::CursorSpace,
    problem::{
        Fault, Faults, Place, Problem,
        catalogue::{
            INVALID_HEADER, INVALID_IDEMPOTENCY_KEY, INVALID_PARAMETER, MALFORMED_JSON,
            VALIDATION_FAILED,
        },
    },
};
use parameters::Parameters;
use payload::Body;

/// A request that is being read.
pub struct Input<'a> {
    http: &'a HttpRequest,
    query: Parameters<'a>,
    body: &'a Body,
    json: &'a OnceCell<Json>,
    cursors: CursorSpace<'a>,
    faults: RefCell<Faults>,
    fatal: Option<Problem>,
}

impl Input<'_> {
    /// The id in the path.
    pub fn id<T>(&mut self, name: &'static str, wrap: fn(Uuid) -> T) -> Option<T> {
        let raw = self.http.match_info().query(name);
        let id = read_uuid(raw);
        if id.is_none() {
            self.refuse_parameter(name, "invalid_format", "must be a UUID in lower case");
        }
        id.map(wrap)
    }

    /// A query parameter that may be given once; `Some(None)` when it is not there.
    pub fn parameter<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    ) -> Option<Option<T>> {
        self.query.one(name, parse, &self.faults)
    }

    /// A query parameter that may be given several times, for example `status=draft&status=sent`.
    pub fn parameters<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, InvalidValue>,
    ) -> Option<Vec<T>> {
        self.query.many(name, parse, &self.faults)
    }

    /// Notes that a query or path parameter is wrong, for reasons that its own parser cannot know.
    pub fn refuse_parameter(&mut self, name: &str, code: &'static str, message: &'static str) {
        let place = Place::Parameter(name.to_owned());
        let fault = Fault::new(&INVALID_PARAMETER, place, code, message);
        self.faults.get_mut().push(fault);
    }

    /// Which piece of a list: `limit` and `cursor`, or `page` and `page_size`. Read it after all filters.
    pub fn window(&mut self) -> Option<Window> {
        list::window(&mut self.query, &self.cursors, &self.faults)
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
        match Json::parse(text, &self.faults) {
            Ok(json) => {
                let json = self.json.get_or_init(|| json);
                Value::root(json, &self.faults).object(read)
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
            return Value::root(json, &self.faults).object(read);
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
        self.faults.get_mut().push(fault);
    }

    fn refuse_header(&mut self, name: &'static str) {
        let message = "must be * or a list of entity tags such as \"3\"";
        let fault = Fault::new(
            &INVALID_HEADER,
            Place::Header(name),
            "invalid_format",
            message,
        );
        self.faults.get_mut().push(fault);
    }

    /// Checks what every request may carry, whether the endpoint asks for it or not.
    fn check_common_headers(&mut self) {
        if SeenTags::read(self.http.headers(), header::IF_NONE_MATCH).is_none() {
            self.refuse_header("If-None-Match");
        }
        if idempotency_key(self.http).is_err() {
            let message = "must be one key of 1 to 255 printable ASCII characters";
            let place = Place::Header("Idempotency-Key");
            let kind = &INVALID_IDEMPOTENCY_KEY;
            let fault = Fault::new(kind, place, "invalid_format", message);
            self.faults.get_mut().push(fault);
        }
    }

    fn finish<T>(mut self, read: Option<T>) -> Result<T, Problem> {
        self.query.refuse_unread(&self.faults);
        self.check_common_headers();
        if let Some(problem) = self.fatal {
            return Err(problem);
        }
        match (read, self.faults.into_inner().into_problem()) {
            (_, Some(problem)) => Err(problem),
            (Some(read), None) => Ok(read),
            (None, None) => {
                let why = "a reader returned nothing without noting a fault";
                Err(Problem::of(&crate::problem::catalogue::INTERNAL_ERROR)
                    .caused_by(&std::io::Error::other(why)))
            }
        }
    }
}

/// UUIDs are answered in lower case with hyphens, and read in no other form: an id is a name, and a thing has one name.
fn read_uuid(raw: &str) -> Option<Uuid> {
    let is_spelt_like_ours = raw.len() == 36 && !raw.bytes().any(|byte| byte.is_ascii_uppercase());
    Uuid::try_parse(raw).ok().filter(|_| is_spelt_like_ours)
}

/// The `Idempotency-Key` of a request, if it has one.
pub(crate) fn idempotency_key(http: &HttpRequest) -> Result<Option<IdempotencyKey>, ()> {
    let mut sent = http.headers().get_all("idempotency-key");
    match (sent.next(), sent.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let text = value.to_str().map_err(|_not_ascii| ())?;
            IdempotencyKey::parse(text).map(Some).ok_or(())
        }
        (Some(_), Some(_)) => Err(()),
    }
}

#[cfg(test)]
mod tests;
