//! The chain of an organization's transfers: each hash covers a transfer and the hash before it, so that whoever changes
//! history has to change everything since, and is found by whoever kept a hash.
//!
//! A hash is the SHA-256 of the hash before it (32 zeros in the beginning) and of the transfer in its canonical form. The
//! canonical form, all numbers big-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the version of this form: 1 |
//! | 16, 16 | organization, transfer |
//! | 16, 2, 8, 8, 8 | source: account, page, sequence, amount (negative), balance after |
//! | 16, 2, 8, 8, 8 | destination: the same |
//! | 8, 8 | amount; microseconds since 1970-01-01T00:00:00Z |
//! | 1, 16 or 0 | whether it reverses another transfer, and which |
//! | text ×4 | kind, currency, description, reference |
//! | 4, texts | the number of pairs of metadata, and these by their keys: key, value |
//!
//! A text is its length in bytes (4 bytes; `ff ff ff ff` and nothing more where there is none) and its UTF-8.

mod blocks;

use std::{collections::BTreeMap, fmt};

use domain::{
    ids::{OrganizationId, TransferId},
    ledger::Entry,
};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

pub use blocks::{BLOCK_MAX, ChainBlock, ChainTip, blocks_of};

/// The version of the canonical form.
const FORM: u8 = 1;
/// Stands for the length of a text that is not there. No text is so long.
const NO_TEXT: u32 = u32::MAX;

/// All that is stored of a transfer and its entries, as it is stored: also what no rule would let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainRecord {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which one.
    pub id: TransferId,
    /// The word for what sort it is.
    pub kind: String,
    /// The entry on the lowered side.
    pub source: Entry,
    /// The entry on the raised side.
    pub destination: Entry,
    /// By how much, in minor units.
    pub amount_minor: i64,
    /// The code of its currency.
    pub currency: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it belongs to.
    pub reference: Option<String>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// What it takes back.
    pub reverses: Option<TransferId>,
    /// When, to the microsecond.
    pub created_at: Timestamp,
}

impl ChainRecord {
    /// Appends the canonical form.
    pub fn write_canonical_form(&self, form: &mut Vec<u8>) {
        form.push(FORM);
        form.extend_from_slice(self.organization_id.as_uuid().as_bytes());
        form.extend_from_slice(self.id.as_uuid().as_bytes());
        write_entry(&self.source, form);
        write_entry(&self.destination, form);
        form.extend_from_slice(&self.amount_minor.to_be_bytes());
        form.extend_from_slice(&self.created_at.as_microsecond().to_be_bytes());
        form.push(u8::from(self.reverses.is_some()));
        if let Some(reversed) = self.reverses {
            form.extend_from_slice(reversed.as_uuid().as_bytes());
        }
        write_text(Some(&self.kind), form);
        write_text(Some(&self.currency), form);
        write_text(self.description.as_deref(), form);
        write_text(self.reference.as_deref(), form);
        form.extend_from_slice(&length(self.metadata.len()).to_be_bytes());
        for (key, value) in &self.metadata {
            write_text(Some(key), form);
            write_text(Some(value), form);
        }
    }
}

/// A link of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHash(pub [u8; Self::LENGTH]);

/// In hexadecimal digits.
impl fmt::LowerHex for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl ChainHash {
    /// How many bytes it has.
    pub const LENGTH: usize = 32;
    /// What comes before the first one.
    pub const BEFORE_ALL: Self = Self([0; Self::LENGTH]);

    /// The next one.
    #[must_use]
    pub fn followed_by(self, record: &ChainRecord) -> Self {
        let mut form = Vec::with_capacity(512);
        form.extend_from_slice(&self.0);
        record.write_canonical_form(&mut form);
        Self(Sha256::digest(&form).into())
    }
}

fn write_entry(entry: &Entry, form: &mut Vec<u8>) {
    form.extend_from_slice(entry.folio.account_id.as_uuid().as_bytes());
    form.extend_from_slice(&entry.folio.shard.as_i16().to_be_bytes());
    form.extend_from_slice(&entry.sequence.to_be_bytes());
    form.extend_from_slice(&entry.amount_minor.to_be_bytes());
    form.extend_from_slice(&entry.balance_after_minor.to_be_bytes());
}

fn write_text(text: Option<&str>, form: &mut Vec<u8>) {
    let length = text.map_or(NO_TEXT, |text| length(text.len()));
    form.extend_from_slice(&length.to_be_bytes());
    form.extend_from_slice(text.unwrap_or_default().as_bytes());
}

/// What is stored fits by far.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(NO_TEXT)
}

#[cfg(test)]
mod tests;
