//! JSON, read strictly: no key twice, no deep nesting, nothing after the document, and no number that is not as it was
//! sent.

use std::{cell::RefCell, collections::BTreeMap, fmt};

use serde::{
    Serialize, Serializer,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};

use super::At;
use crate::problem::{Fault, Faults, Place, catalogue::DUPLICATE_FIELD};

/// A JSON value. Objects are sorted by key.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number written without fraction or exponent, within 64 bits.
    Integer(i64),
    /// A number beyond 64 bits.
    Huge(f64),
    /// A number written with a fraction or an exponent.
    Fraction(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// The deepest nesting of arrays and objects.
    pub const DEPTH_MAX: usize = 64;

    /// Reads one document. Keys that are there twice are noted as faults; the error says what is not JSON at all.
    pub fn parse(text: &str, faults: &RefCell<Faults>) -> Result<Self, String> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let seed = Node {
            at: At::Root,
            depth: 0,
            faults,
        };
        let read = seed.deserialize(&mut deserializer);
        read.and_then(|json| deserializer.end().map(|()| json))
            .map_err(|error| error.to_string())
    }

    /// The document without insignificant space and with sorted keys: equal for equal documents.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => to.serialize_unit(),
            Self::Boolean(value) => to.serialize_bool(*value),
            Self::Integer(value) => to.serialize_i64(*value),
            Self::Huge(value) | Self::Fraction(value) => to.serialize_f64(*value),
            Self::Text(value) => to.serialize_str(value),
            Self::List(items) => to.collect_seq(items),
            Self::Object(fields) => to.collect_map(fields),
        }
    }
}

/// A value that is about to be read.
#[derive(Clone, Copy)]
struct Node<'a> {
    at: At<'a>,
    depth: usize,
    faults: &'a RefCell<Faults>,
}

impl Node<'_> {
    fn depth_below<E: Error>(&self) -> Result<usize, E> {
        if self.depth < Json::DEPTH_MAX {
            Ok(self.depth + 1)
        } else {
            Err(E::custom("nested deeper than 64 levels"))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::Huge(f64::INFINITY), Json::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        // serde_json reads `-0` as a float, and so every integer beyond 64 bits.
        Ok(if value == 0.0 && value.is_sign_negative() {
            Json::Integer(0)
        } else if value.abs() >= 9_223_372_036_854_775_808.0 {
            Json::Huge(value)
        } else {
            Json::Fraction(value)
        })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Json, A::Error> {
        let depth = self.depth_below()?;
        let mut items = Vec::new();
        let item = |index| Node {
            at: At::Item(&self.at, index),
            depth,
            faults: self.faults,
        };
        while let Some(value) = sequence.next_element_seed(item(items.len()))? {
            items.push(value);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let depth = self.depth_below()?;
        let mut fields = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let at = At::Field(&self.at, &key);
            let value = map.next_value_seed(Node { at, depth, ..self })?;
            if fields.contains_key(&key) {
                note_duplicate(self.faults, at.pointer());
            }
            fields.entry(key).or_insert(value);
        }
        Ok(Json::Object(fields))
    }
}

fn note_duplicate(faults: &RefCell<Faults>, pointer: String) {
    let message = "must not be there twice";
    let place = Place::Pointer(pointer);
    let fault = Fault::new(&DUPLICATE_FIELD, place, "duplicate_field", message);
    faults.borrow_mut().push(fault);
}
