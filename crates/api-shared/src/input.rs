//! What a request says, read strictly, so that the client learns of everything that is wrong with it at once.
//!
//! Each reading notes what is wrong and returns `None` then; so read everything first, and use `?` at the end only.
//! Whatever was not asked for is refused.

mod json;
mod list;
mod parameters;
mod place;
mod query;
pub mod readers;
mod value;

use std::io;

use app::ports::IdempotencyKey;
use uuid::Uuid;

pub use self::{
    json::Json,
    list::{ListQuery, rows},
    parameters::{Parameters, parse_id, search_text, whole},
    place::At,
    query::Query,
    value::{Fields, Value},
};
use crate::problem::{
    Fault, Faults, Place, Refusal,
    catalogue::{INTERNAL_ERROR, INVALID_IDEMPOTENCY_KEY, INVALID_PARAMETER},
};

/// What was read, unless faults were noted: then it is refused with all of them.
pub fn settle<T>(read: Option<T>, faults: Faults) -> Result<T, Refusal> {
    match (read, faults.into_refusal()) {
        (_, Some(refusal)) => Err(refusal),
        (Some(read), None) => Ok(read),
        (None, None) => {
            let why = "a reader returned nothing without noting a fault";
            Err(Refusal::of(&INTERNAL_ERROR).caused_by(&io::Error::other(why)))
        }
    }
}

/// Reads the id that a request is about.
pub fn subject<T>(name: &str, raw: &str, wrap: fn(Uuid) -> T, faults: &mut Faults) -> Option<T> {
    let id = read_uuid(raw);
    if id.is_none() {
        let place = Place::Parameter(name.to_owned());
        let message = "must be a UUID in lower case";
        faults.push(Fault::new(
            &INVALID_PARAMETER,
            place,
            "invalid_format",
            message,
        ));
    }
    id.map(wrap)
}

/// Reads the key under which a request may be repeated, of the values that were sent as one: there may be one at most. A
/// value that is not text is `None`.
pub fn idempotency_key<'v>(
    mut sent: impl Iterator<Item = Option<&'v str>>,
) -> Result<Option<IdempotencyKey>, Fault> {
    let key = match (sent.next(), sent.next()) {
        (None, _) => return Ok(None),
        (Some(text), None) => text.and_then(IdempotencyKey::parse),
        (Some(_), Some(_)) => None,
    };
    key.map(Some).ok_or_else(|| {
        let message = "must be one key of 1 to 255 printable ASCII characters";
        let place = Place::Header("Idempotency-Key");
        Fault::new(&INVALID_IDEMPOTENCY_KEY, place, "invalid_format", message)
    })
}

/// UUIDs are answered in lower case with hyphens, and read in no other form: an id is a name, and a thing has one name.
fn read_uuid(raw: &str) -> Option<Uuid> {
    let is_spelt_like_ours = raw.len() == 36 && !raw.bytes().any(|byte| byte.is_ascii_uppercase());
    Uuid::try_parse(raw).ok().filter(|_| is_spelt_like_ours)
}
