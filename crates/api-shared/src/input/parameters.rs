//! The query of a request.

use std::{borrow::Cow, cell::RefCell};

use domain::values::{InvalidValue, Name};
use uuid::Uuid;

use super::read_uuid;
use crate::problem::{
    Fault, Faults, Place,
    catalogue::{DUPLICATE_PARAMETER, INVALID_PARAMETER, UNKNOWN_PARAMETER},
};

/// The parameters of a query, each read at most once.
pub struct Parameters<'a> {
    pairs: Vec<Pair<'a>>,
}

struct Pair<'a> {
    name: Cow<'a, str>,
    value: Option<Cow<'a, str>>,
    is_read: bool,
}

impl<'a> Parameters<'a> {
    /// Those of a query, percent-encoded.
    pub fn of(query: &'a str) -> Self {
        let pair = |raw: &'a str| {
            let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
            Pair {
                name: decode(name).unwrap_or(Cow::Borrowed(name)),
                value: decode(value),
                is_read: false,
            }
        };
        let pairs = query.split('&').filter(|raw| !raw.is_empty()).map(pair);
        Self {
            pairs: pairs.collect(),
        }
    }

    /// Those that were sent under these names, in no code.
    pub fn listed(sent: impl IntoIterator<Item = (&'static str, String)>) -> Parameters<'static> {
        let pair = |(name, value)| Pair {
            name: Cow::Borrowed(name),
            value: Some(Cow::Owned(value)),
            is_read: false,
        };
        Parameters {
            pairs: sent.into_iter().map(pair).collect(),
        }
    }

    #[expect(
        clippy::option_option,
        reason = "faulty, absent and there are three different things to every reader"
    )]
    pub(super) fn one<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
        faults: &RefCell<Faults>,
    ) -> Option<Option<T>> {
        let mut sent = self.pairs.iter_mut().filter(|pair| pair.name == name);
        let Some(first) = sent.next() else {
            return Some(None);
        };
        first.is_read = true;
        let mut is_repeated = false;
        for pair in sent {
            pair.is_read = true;
            is_repeated = true;
        }
        if is_repeated {
            let place = Place::Parameter(name.to_owned());
            let message = "must not be given twice";
            let fault = Fault::new(&DUPLICATE_PARAMETER, place, "duplicate_parameter", message);
            faults.borrow_mut().push(fault);
            return None;
        }
        let first = self.pairs.iter().find(|pair| pair.name == name)?;
        read(name, first.value.as_deref(), parse, faults).map(Some)
    }

    pub(super) fn many<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, InvalidValue>,
        faults: &RefCell<Faults>,
    ) -> Option<Vec<T>> {
        let mut values = Vec::new();
        let mut is_valid = true;
        for pair in self.pairs.iter_mut().filter(|pair| pair.name == name) {
            pair.is_read = true;
            let value = read(name, pair.value.as_deref(), &parse, faults);
            is_valid &= value.is_some();
            values.extend(value);
        }
        is_valid.then_some(values)
    }

    /// The parameters that decide which rows a list has, in a fixed order.
    pub(super) fn filters(&self, is_filter: fn(&str) -> bool) -> Vec<(&str, &str)> {
        let mut filters: Vec<_> = self
            .pairs
            .iter()
            .filter(|pair| is_filter(&pair.name))
            .map(|pair| {
                (
                    pair.name.as_ref(),
                    pair.value.as_deref().unwrap_or_default(),
                )
            })
            .collect();
        filters.sort_unstable();
        filters
    }

    pub(super) fn refuse_unread(&self, faults: &RefCell<Faults>) {
        for pair in self.pairs.iter().filter(|pair| !pair.is_read) {
            let place = Place::Parameter(pair.name.clone().into_owned());
            let message = "is not a parameter of this operation";
            let fault = Fault::new(&UNKNOWN_PARAMETER, place, "unknown_parameter", message);
            faults.borrow_mut().push(fault);
        }
    }
}

fn read<T>(
    name: &str,
    value: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
    faults: &RefCell<Faults>,
) -> Option<T> {
    let expected = "percent-encoded UTF-8";
    let parsed = value
        .ok_or(InvalidValue::Malformed { expected })
        .and_then(parse);
    match parsed {
        Ok(value) => Some(value),
        Err(why) => {
            let place = Place::Parameter(name.to_owned());
            let fault = Fault::invalid(&INVALID_PARAMETER, place, &why);
            faults.borrow_mut().push(fault);
            None
        }
    }
}

/// Reads a whole number, spelt without a plus sign or leading zeros.
pub fn whole<T>(
    check: impl FnOnce(i64) -> Result<T, InvalidValue>,
) -> impl FnOnce(&str) -> Result<T, InvalidValue> {
    move |raw| {
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        let is_number = !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (!digits.starts_with('0') || raw == "0");
        if !is_number {
            let expected = "a whole number";
            return Err(InvalidValue::Malformed { expected });
        }
        let rule = "a number of at most 64 bits";
        let number = raw
            .parse()
            .map_err(|_beyond| InvalidValue::OutOfRange { rule });
        number.and_then(check)
    }
}

/// Reads an id.
pub fn parse_id<T>(wrap: fn(Uuid) -> T) -> impl FnOnce(&str) -> Result<T, InvalidValue> {
    move |raw| {
        let expected = "a UUID in lower case";
        read_uuid(raw)
            .map(wrap)
            .ok_or(InvalidValue::Malformed { expected })
    }
}

/// Reads a text to search for: 1 to 255 characters of one line.
pub fn search_text(raw: &str) -> Result<String, InvalidValue> {
    Name::parse(raw).map(|text| text.as_str().to_owned())
}

/// Undoes percent-encoding, where `+` is a space; `None` if what comes out is not UTF-8, or a `%` stands alone.
fn decode(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Some(Cow::Borrowed(raw));
    }
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => hex_digit(rest.next()?)? * 16 + hex_digit(rest.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

fn hex_digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}
