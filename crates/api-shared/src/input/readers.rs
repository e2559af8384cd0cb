//! Readers of single values, to be given to [`super::Fields::required`] and its like.

use domain::values::{
    Address, AddressPart, Country, Currency, EmailAddress, InvalidValue, Metadata, TaxId,
};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::{Fields, Json, Value, read_uuid};

/// Reads a string.
pub fn text<T>(
    parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
) -> impl FnOnce(Value<'_>) -> Option<T> {
    move |value| match value.json() {
        Json::Text(text) => value.accept(parse(text)),
        _ => value.wrong_type("must be a string"),
    }
}

/// Reads a whole number, written without fraction or exponent.
pub fn integer<T>(
    check: impl FnOnce(i64) -> Result<T, InvalidValue>,
) -> impl FnOnce(Value<'_>) -> Option<T> {
    move |value| match value.json() {
        Json::Integer(number) => value.accept(check(*number)),
        Json::Huge(_) => value.refuse("out_of_range", "must be a number of at most 64 bits"),
        _ => value.wrong_type("must be a whole number"),
    }
}

/// Reads a decimal number: a whole JSON number, or a string.
pub fn decimal<T>(
    parse: impl FnOnce(&str) -> Result<T, InvalidValue>,
) -> impl FnOnce(Value<'_>) -> Option<T> {
    move |value| match value.json() {
        Json::Integer(number) => value.accept(parse(&number.to_string())),
        Json::Text(text) => value.accept(parse(text)),
        Json::Huge(_) => value.refuse("out_of_range", "must be a number of at most 64 bits"),
        _ => value.wrong_type("must be a whole number or a decimal string"),
    }
}

/// Reads an id.
pub fn id<T>(wrap: fn(Uuid) -> T) -> impl FnOnce(Value<'_>) -> Option<T> {
    text(move |raw| {
        let expected = "a UUID in lower case";
        read_uuid(raw)
            .map(wrap)
            .ok_or(InvalidValue::Malformed { expected })
    })
}

/// Reads an object.
pub fn object<T>(
    read: impl FnOnce(&mut Fields<'_>) -> Option<T>,
) -> impl FnOnce(Value<'_>) -> Option<T> {
    move |value| value.object(read)
}

/// Reads an array.
pub fn list<T>(read: impl Fn(Value<'_>) -> Option<T>) -> impl FnOnce(Value<'_>) -> Option<Vec<T>> {
    move |value| value.list(read)
}

/// Reads an instant (RFC 3339, with any offset), to the microsecond.
pub fn instant(value: Value<'_>) -> Option<Timestamp> {
    text(parse_instant)(value)
}

/// There is no year 0 in PostgreSQL.
const YEAR_ONE: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// Reads an instant.
pub fn parse_instant(raw: &str) -> Result<Timestamp, InvalidValue> {
    let expected = "an instant such as 2026-11-20T13:02:11Z";
    raw.parse::<Timestamp>()
        .ok()
        .filter(|instant| is_rfc_3339(raw.as_bytes()) && *instant >= YEAR_ONE)
        .and_then(|instant| Timestamp::from_microsecond(instant.as_microsecond()).ok())
        .ok_or(InvalidValue::Malformed { expected })
}

/// jiff reads ISO 8601, which leaves more out: `date-time` of RFC 3339, 5.6, wants seconds and an offset.
fn is_rfc_3339(raw: &[u8]) -> bool {
    let Some((local, rest)) = raw.split_at_checked(19) else {
        return false;
    };
    let fraction = rest
        .iter()
        .take_while(|byte| **byte == b'.' || byte.is_ascii_digit())
        .count();
    let is_local = local.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        10 => matches!(byte, b'T' | b't'),
        13 | 16 => *byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let offset = rest.get(fraction..).unwrap_or_default();
    is_local && (matches!(offset, b"Z" | b"z") || is_numeric_offset(offset))
}

/// `+23:59` at most: jiff takes more than a day.
fn is_numeric_offset(offset: &[u8]) -> bool {
    match offset {
        [b'+' | b'-', tens, ones, b':', _, _] => [*tens, *ones] < *b"24",
        _ => false,
    }
}

/// Reads a date: `YYYY-MM-DD` and nothing else.
pub fn parse_date(raw: &str) -> Result<Date, InvalidValue> {
    let expected = "a date such as 2026-11-20";
    raw.parse::<Date>()
        .ok()
        .filter(|date| raw.len() == 10 && date.to_string() == raw)
        .ok_or(InvalidValue::Malformed { expected })
}

/// Reads a currency.
pub fn currency(value: Value<'_>) -> Option<Currency> {
    text(Currency::parse)(value)
}

/// Reads an e-mail address.
pub fn email(value: Value<'_>) -> Option<EmailAddress> {
    text(EmailAddress::parse)(value)
}

/// Reads a tax id.
pub fn tax_id(value: Value<'_>) -> Option<TaxId> {
    text(TaxId::parse)(value)
}

/// Reads an address.
pub fn address(value: Value<'_>) -> Option<Address> {
    value.object(|fields| {
        let line1 = fields.optional("line1", text(AddressPart::parse));
        let line2 = fields.optional("line2", text(AddressPart::parse));
        let city = fields.optional("city", text(AddressPart::parse));
        let postal_code = fields.optional("postal_code", text(AddressPart::parse));
        let region = fields.optional("region", text(AddressPart::parse));
        let country = fields.required("country", text(Country::parse));
        Some(Address {
            line1: line1?,
            line2: line2?,
            city: city?,
            postal_code: postal_code?,
            region: region?,
            country: country?,
        })
    })
}

/// Reads metadata.
pub fn metadata(value: Value<'_>) -> Option<Metadata> {
    let mut metadata = Metadata::default();
    let mut is_valid = true;
    for (key, entry) in value.pairs()? {
        let refused = match entry.json() {
            Json::Text(text) => metadata.insert(key, text).err(),
            _ => Some(InvalidValue::Malformed {
                expected: "a string",
            }),
        };
        if let Some(why) = refused {
            let is_string = matches!(entry.json(), Json::Text(_));
            let code = if is_string { why.code() } else { "wrong_type" };
            value.refuse_entry(key, code, why.to_string());
            is_valid = false;
        }
    }
    is_valid.then_some(metadata)
}
