//! Things as Redis keeps them: `V<version>:<JSON>`, and what is known beside them. The scripts read the head only.

use std::{fmt::Display, hash::Hash, sync::Arc};

use app::ports::{CacheAnswer, Versioned};
use domain::{ids::OrganizationId, version::Version};

/// More than an invoice can have that came in a body of at most 1 MiB. Anything larger is not worth its transport.
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// What Redis can keep.
pub trait Stored: Versioned + Send + Sync + Sized + 'static {
    /// What such a thing is found by, beside its organization. Shown, it is a part of the name of its entry.
    type Id: Clone + Eq + Hash + Display + Send + Sync + 'static;

    /// What such a thing is called in the names of its entries. The number in it counts the forms in which it is stored:
    /// with another one, releases that run beside each other do not read each other's.
    const KIND: &'static str;

    /// Writes it as JSON.
    fn write(&self, json: &mut Vec<u8>) -> Result<(), serde_json::Error>;

    /// Reads it. None when it is not valid, or not the one that was looked for.
    fn read(json: &[u8], organization_id: OrganizationId, id: &Self::Id) -> Option<Self>;
}

/// What to store. Of a thing that is too large, only the version.
pub(super) fn encode<S: Stored>(value: &S) -> Result<Vec<u8>, serde_json::Error> {
    let version = value.version().as_i64();
    let mut bytes = format!("V{version}:").into_bytes();
    value.write(&mut bytes)?;
    if bytes.len() > BYTES_MAX {
        return Ok(format!("F{version}").into_bytes());
    }
    Ok(bytes)
}

/// What the stored bytes say of a thing. Bytes that say nothing, or of another one, are a miss: what is stored may have
/// been written by anybody.
pub(super) fn decode<S: Stored>(
    bytes: &[u8],
    (organization_id, id): &(OrganizationId, S::Id),
) -> CacheAnswer<S> {
    match bytes {
        [b'A'] => CacheAnswer::Absent,
        [b'F', rest @ ..] => announced_in(rest),
        [b'V', rest @ ..] if rest.len() <= BYTES_MAX => {
            let value = value_in(rest, *organization_id, id);
            value.map_or(CacheAnswer::Miss, |value| CacheAnswer::Hit(Arc::new(value)))
        }
        _ => CacheAnswer::Miss,
    }
}

/// A version, and perhaps that there was none any more after it.
fn announced_in<V>(bytes: &[u8]) -> CacheAnswer<V> {
    let (version, is_gone) = match bytes {
        [version @ .., b':', b'A'] => (version, true),
        version => (version, false),
    };
    match version_in(version) {
        Some(_) if is_gone => CacheAnswer::Absent,
        Some(version) => CacheAnswer::Announced(Version::new(version)),
        None => CacheAnswer::Miss,
    }
}

fn version_in(bytes: &[u8]) -> Option<i64> {
    let is_number = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    let digits = std::str::from_utf8(bytes).ok().filter(|_| is_number)?;
    digits.parse().ok()
}

fn value_in<S: Stored>(bytes: &[u8], organization_id: OrganizationId, id: &S::Id) -> Option<S> {
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let (version, [_, json @ ..]) = bytes.split_at(colon) else {
        return None;
    };
    let version = version_in(version)?;
    let value = S::read(json, organization_id, id)?;
    (value.version().as_i64() == version).then_some(value)
}

#[cfg(test)]
mod tests {
    use app::{invoicing::InvoiceView, testing::draft_contents};
    use domain::{ids::InvoiceId, invoicing::Invoice};
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn key() -> (OrganizationId, InvoiceId) {
        (
            OrganizationId::from_uuid(Uuid::from_u128(2)),
            InvoiceId::from_uuid(Uuid::from_u128(1)),
        )
    }

    fn read(bytes: &[u8]) -> CacheAnswer<InvoiceView> {
        decode(bytes, &key())
    }

    fn view() -> InvoiceView {
        let (organization, id) = key();
        let drafted = Invoice::draft(id, organization, draft_contents(), Timestamp::UNIX_EPOCH);
        InvoiceView::from(drafted.unwrap().facts())
    }

    #[test]
    fn an_invoice_reads_back_as_it_was() {
        let mut view = view();
        view.notes = Some("zwölf: \u{1F600}\n".to_owned());
        view.seller = Some(view.entry.customer.clone());
        view.entry.version = i64::MAX;

        let bytes = encode(&view).unwrap();

        assert_eq!(read(&bytes), CacheAnswer::Hit(Arc::new(view)));
    }

    #[test]
    fn bytes_that_are_cut_off_or_of_something_else_are_a_miss() {
        let bytes = encode(&view()).unwrap();
        let other = (key().0, InvoiceId::from_uuid(Uuid::from_u128(3)));
        let other_version = [b"V2", &bytes[2..]].concat();

        assert!((0..bytes.len()).all(|end| read(&bytes[..end]) == CacheAnswer::Miss));
        assert_eq!(decode(&bytes, &other), CacheAnswer::<InvoiceView>::Miss);
        assert_eq!(read(&other_version), CacheAnswer::Miss);
        for rubbish in [
            "", "V", "V1", "V:", "V1:", "V1:{}", "AA", "\u{0}", "F", "F:A", "F1:", "F1:AA", "F-1",
            "F+1",
        ] {
            assert_eq!(read(rubbish.as_bytes()), CacheAnswer::Miss);
        }
    }

    #[test]
    fn what_was_deleted_is_told_from_what_was_changed() {
        let changed = CacheAnswer::Announced(Version::new(i64::MAX));

        assert_eq!(read(b"F9223372036854775807"), changed);
        assert_eq!(read(b"F9223372036854775807:A"), CacheAnswer::Absent);
        assert_eq!(read(b"A"), CacheAnswer::Absent);
    }

    #[test]
    fn what_is_too_large_is_not_stored_but_its_version_is() {
        let mut view = view();
        view.notes = Some("n".repeat(BYTES_MAX));

        let bytes = encode(&view).unwrap();

        assert_eq!(bytes, b"F1");
        assert_eq!(read(&bytes), CacheAnswer::Announced(Version::FIRST));
        let grown = [b"V1:".as_slice(), &vec![b' '; BYTES_MAX]].concat();
        assert_eq!(read(&grown), CacheAnswer::Miss);
    }
}
