//! Cursors: where the next piece of a list begins, as text that only we can make.

use app::paging::Position;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ids::OrganizationId;
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::seal::keyed;

/// The secret that cursors are signed with, and answers that hold secrets are sealed with. All instances of one deployment share it.
#[derive(Clone)]
pub struct CursorKey([u8; 32]);

impl CursorKey {
    /// A key of 32 secret bytes.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// A key for another purpose, from which this one cannot be told.
    pub(crate) fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        let mut mac = keyed(&self.0);
        mac.update(purpose);
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey(…)")
    }
}

/// What a cursor is good for: this list of this organization, and no other.
#[derive(Debug, Clone, Copy)]
pub struct CursorSpace<'a> {
    /// The key.
    pub key: &'a CursorKey,
    /// The organization.
    pub organization_id: Option<OrganizationId>,
    /// The path of the list.
    pub path: &'a str,
}

/// Why a cursor is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorRefused {
    /// It was not made for this list, or it was tampered with.
    Invalid,
    /// It was made for other filters.
    Mismatch,
}

/// Makes and reads cursors.
///
/// A cursor is base64url of: the format (1 byte), the instant in microseconds (8), the id (16), the first 8 bytes of the
/// SHA-256 of the filters, and the first 16 of an HMAC-SHA-256 over all of these with the organization and the path.
pub struct Cursor;

const FORMAT: u8 = 1;
const FILTERS_AT: usize = 1 + 8 + 16;
const PAYLOAD_LENGTH: usize = FILTERS_AT + 8;
const TAG_LENGTH: usize = 16;

impl Cursor {
    /// Spells a position.
    pub fn write<'f>(
        position: Position,
        space: &CursorSpace<'_>,
        filters: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> String {
        let mut bytes = Vec::with_capacity(PAYLOAD_LENGTH + TAG_LENGTH);
        bytes.push(FORMAT);
        bytes.extend(position.created_at.as_microsecond().to_be_bytes());
        bytes.extend(position.id.as_bytes());
        bytes.extend(digest_of(filters));
        let tag = signature(space, &bytes).finalize().into_bytes();
        bytes.extend(tag.iter().take(TAG_LENGTH));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads one.
    pub fn read<'f>(
        raw: &str,
        space: &CursorSpace<'_>,
        filters: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Result<Position, CursorRefused> {
        let invalid = CursorRefused::Invalid;
        let bytes = URL_SAFE_NO_PAD.decode(raw).map_err(|_| invalid)?;
        let (payload, tag) = bytes.split_at_checked(PAYLOAD_LENGTH).ok_or(invalid)?;
        if tag.len() != TAG_LENGTH {
            return Err(invalid);
        }
        // Compared in constant time.
        signature(space, payload)
            .verify_truncated_left(tag)
            .map_err(|_| invalid)?;
        let (format, rest) = payload.split_first().ok_or(invalid)?;
        let (instant, rest) = rest.split_first_chunk::<8>().ok_or(invalid)?;
        let (id, bound_to) = rest.split_first_chunk::<16>().ok_or(invalid)?;
        let created_at = Timestamp::from_microsecond(i64::from_be_bytes(*instant));
        if *format != FORMAT {
            Err(invalid)
        } else if bound_to != digest_of(filters) {
            Err(CursorRefused::Mismatch)
        } else {
            Ok(Position {
                created_at: created_at.map_err(|_| invalid)?,
                id: Uuid::from_bytes(*id),
            })
        }
    }
}

fn digest_of<'f>(filters: impl Iterator<Item = (&'f str, &'f str)>) -> [u8; 8] {
    let mut hash = Sha256::new();
    for (name, value) in filters {
        for part in [name, value] {
            // The length first, so that no two lists of filters look alike.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
    }
    let mut digest = [0; 8];
    let whole: [u8; 32] = hash.finalize().into();
    digest.copy_from_slice(whole.first_chunk::<8>().unwrap_or(&[0; 8]));
    digest
}

fn signature(space: &CursorSpace<'_>, payload: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed(&space.key.0);
    let organization = space.organization_id.map_or(Uuid::nil(), |id| id.as_uuid());
    mac.update(organization.as_bytes());
    mac.update(payload);
    // The only part without a fixed length stands last.
    mac.update(space.path.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: CursorKey = CursorKey::new([7; 32]);
    const INVALID: Result<Position, CursorRefused> = Err(CursorRefused::Invalid);

    fn space(organization: u128, path: &str) -> CursorSpace<'_> {
        CursorSpace {
            key: &KEY,
            organization_id: Some(OrganizationId::from_uuid(Uuid::from_u128(organization))),
            path,
        }
    }

    fn position(microseconds: i64, id: u128) -> Position {
        Position {
            created_at: Timestamp::from_microsecond(microseconds).unwrap(),
            id: Uuid::from_u128(id),
        }
    }

    fn filters() -> impl Iterator<Item = (&'static str, &'static str)> {
        [("status", "sent"), ("client", "ada")].into_iter()
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(microseconds in 0_i64..4_102_444_800_000_000, id: u128) {
            let position = position(microseconds, id);
            let space = space(1, "/invoices");

            let cursor = Cursor::write(position, &space, filters());

            prop_assert_eq!(Cursor::read(&cursor, &space, filters()), Ok(position));
        }

        #[test]
        fn a_changed_byte_is_noticed(at in 0_usize..PAYLOAD_LENGTH + TAG_LENGTH, bit in 0_u8..8) {
            let space = space(1, "/invoices");
            let cursor = Cursor::write(position(1, 2), &space, filters());
            let mut bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap();

            bytes[at] ^= 1 << bit;

            let forged = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(Cursor::read(&forged, &space, filters()), INVALID);
        }

        #[test]
        fn arbitrary_text_is_no_cursor(raw in ".{0,120}") {
            prop_assert_eq!(Cursor::read(&raw, &space(1, "/invoices"), filters()), INVALID);
        }
    }

    #[test]
    fn a_cursor_is_bound_to_its_list() {
        let cursor = Cursor::write(position(1, 2), &space(1, "/invoices"), filters());
        let other_filters = || [("status", "paid"), ("client", "ada")].into_iter();
        let shifted = || [("statuss", "ent"), ("client", "ada")].into_iter();
        let read = |space| Cursor::read(&cursor, &space, filters());

        assert_eq!(read(space(2, "/invoices")), INVALID);
        assert_eq!(read(space(1, "/customers")), INVALID);
        let mismatch = Err(CursorRefused::Mismatch);
        assert_eq!(
            Cursor::read(&cursor, &space(1, "/invoices"), other_filters()),
            mismatch
        );
        assert_eq!(
            Cursor::read(&cursor, &space(1, "/invoices"), shifted()),
            mismatch
        );
    }
}
