//! How values look outside of the service: in events, in caches, in answers.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer};

/// Instants: RFC 3339, UTC, always six fraction digits, as they are stored.
pub mod instant {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    /// Writes an instant.
    pub fn serialize<S: Serializer>(instant: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{instant:.6}"))
    }

    /// Reads an instant.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::deserialize(from)
    }
}

/// Instants that may be missing: `null` then.
pub mod optional_instant {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    /// Writes an instant or `null`.
    pub fn serialize<S: Serializer>(instant: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
        match instant {
            Some(instant) => to.collect_str(&format_args!("{instant:.6}")),
            None => to.serialize_none(),
        }
    }

    /// Reads an instant or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        Option::deserialize(from)
    }
}

/// Invoice statuses: their words.
pub mod invoice_status {
    use domain::invoicing::InvoiceStatus;
    use serde::de::Error;

    use super::{Deserialize, Deserializer, Serializer};

    /// Writes the word.
    pub fn serialize<S: Serializer>(status: &InvoiceStatus, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(status.code())
    }

    /// Reads the word.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<InvoiceStatus, D::Error> {
        let word = std::borrow::Cow::<str>::deserialize(from)?;
        InvoiceStatus::parse(&word).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
