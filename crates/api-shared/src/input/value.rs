//! Values and fields of a body.

use std::{borrow::Cow, cell::RefCell, collections::BTreeMap};

use domain::values::InvalidValue;

use super::{At, Json};
use crate::problem::{
    Fault, Faults, Place, ProblemKind,
    catalogue::{UNKNOWN_FIELD, VALIDATION_FAILED},
};

/// One value of a body. A reader is a function from it to `Option`: `None` after it has noted what is wrong.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    json: &'a Json,
    at: At<'a>,
    faults: &'a RefCell<Faults>,
}

impl<'a> Value<'a> {
    /// The document of a request.
    pub const fn root(json: &'a Json, faults: &'a RefCell<Faults>) -> Self {
        Self {
            json,
            at: At::Root,
            faults,
        }
    }

    /// What was sent.
    pub const fn json(&self) -> &'a Json {
        self.json
    }

    /// Notes that it is wrong.
    pub fn refuse<T>(
        &self,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Option<T> {
        note(
            self.faults,
            &VALIDATION_FAILED,
            &self.at,
            (code, message.into()),
        );
        None
    }

    /// Notes that it is of the wrong type.
    pub fn wrong_type<T>(&self, expected: &'static str) -> Option<T> {
        self.refuse("wrong_type", expected)
    }

    /// Passes on what the domain has accepted, and notes what it has refused.
    pub fn accept<T>(&self, parsed: Result<T, InvalidValue>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(why) => self.refuse(why.code(), why.to_string()),
        }
    }

    /// Reads an object, of which only the fields that `read` asks for may be there.
    pub fn object<T>(self, read: impl FnOnce(&mut Fields<'_>) -> Option<T>) -> Option<T> {
        let Json::Object(object) = self.json else {
            return self.wrong_type("must be an object");
        };
        let mut fields = Fields {
            object,
            at: &self.at,
            faults: self.faults,
            asked: Vec::new(),
        };
        let value = read(&mut fields);
        fields.refuse_unasked();
        value
    }

    /// Reads an array. All items are read, also after one was wrong.
    pub fn list<T>(self, read: impl Fn(Value<'_>) -> Option<T>) -> Option<Vec<T>> {
        let Json::List(items) = self.json else {
            return self.wrong_type("must be an array");
        };
        let mut values = Vec::with_capacity(items.len());
        for (index, json) in items.iter().enumerate() {
            let at = At::Item(&self.at, index);
            values.extend(read(Value { json, at, ..self }));
        }
        (values.len() == items.len()).then_some(values)
    }

    /// Reads the pairs of an object whose keys are the client's own.
    pub fn pairs(self) -> Option<Vec<(&'a str, Value<'a>)>> {
        let Json::Object(object) = self.json else {
            return self.wrong_type("must be an object");
        };
        let pair = |(key, json): (&'a String, &'a Json)| (key.as_str(), Value { json, ..self });
        Some(object.iter().map(pair).collect())
    }

    /// Notes that the entry of an object under a key of the client's own is wrong.
    pub fn refuse_entry(
        &self,
        key: &str,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) {
        let at = At::Field(&self.at, key);
        note(self.faults, &VALIDATION_FAILED, &at, (code, message.into()));
    }
}

/// The fields of an object that is being read.
pub struct Fields<'a> {
    object: &'a BTreeMap<String, Json>,
    at: &'a At<'a>,
    faults: &'a RefCell<Faults>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// A field that must be there and must not be `null`.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value<'_>) -> Option<T>,
    ) -> Option<T> {
        match self.find(name) {
            Some(Json::Null) | None => self.refuse(name, "required", "must be given"),
            Some(json) => self.read(name, json, read),
        }
    }

    /// A field that may be missing or `null`; `Some(None)` then.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.find(name) {
            Some(Json::Null) | None => Some(None),
            Some(json) => self.read(name, json, read).map(Some),
        }
    }

    /// A field of a change that cannot be taken away: `Some(None)` keeps what is there, `null` is refused.
    pub fn change<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value<'_>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.find(name) {
            None => Some(None),
            Some(Json::Null) => self.refuse(name, "required", "must not be null"),
            Some(json) => self.read(name, json, read).map(Some),
        }
    }

    /// A field of a change that can be taken away: `Some(None)` keeps what is there, `Some(Some(None))` (sent as `null`)
    /// takes it away.
    pub fn clearable<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(Value<'_>) -> Option<T>,
    ) -> Option<Option<Option<T>>> {
        match self.find(name) {
            None => Some(None),
            Some(Json::Null) => Some(Some(None)),
            Some(json) => self.read(name, json, read).map(|value| Some(Some(value))),
        }
    }

    /// Notes that a field is wrong, for reasons beyond the field itself.
    pub fn refuse<T>(
        &mut self,
        name: &'static str,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Option<T> {
        let at = At::Field(self.at, name);
        note(self.faults, &VALIDATION_FAILED, &at, (code, message.into()));
        None
    }

    /// Notes that the object as a whole is wrong.
    pub fn refuse_whole<T>(
        &mut self,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Option<T> {
        note(
            self.faults,
            &VALIDATION_FAILED,
            self.at,
            (code, message.into()),
        );
        None
    }

    /// Whether a field is there and not `null`.
    pub fn has(&self, name: &str) -> bool {
        self.object
            .get(name)
            .is_some_and(|json| *json != Json::Null)
    }

    fn find(&mut self, name: &'static str) -> Option<&'a Json> {
        self.asked.push(name);
        self.object.get(name)
    }

    fn read<T>(
        &self,
        name: &str,
        json: &Json,
        read: impl FnOnce(Value<'_>) -> Option<T>,
    ) -> Option<T> {
        let at = At::Field(self.at, name);
        let faults = self.faults;
        read(Value { json, at, faults })
    }

    fn refuse_unasked(self) {
        for name in self.object.keys() {
            if !self.asked.contains(&name.as_str()) {
                let at = At::Field(self.at, name);
                let what = (
                    "unknown_field",
                    Cow::Borrowed("is not a field of this object"),
                );
                note(self.faults, &UNKNOWN_FIELD, &at, what);
            }
        }
    }
}

fn note(
    faults: &RefCell<Faults>,
    kind: &'static ProblemKind,
    at: &At<'_>,
    (code, message): (&'static str, Cow<'static, str>),
) {
    let fault = Fault::new(kind, Place::Pointer(at.pointer()), code, message);
    faults.borrow_mut().push(fault);
}
