//! Invoices as Redis keeps them: `V<version>:<JSON>`. The scripts read the head only.

use std::sync::Arc;

use app::{
    invoicing::{InvoiceEntry, InvoiceView, LineView, PartyView, TaxShareView},
    ports::CacheAnswer,
};
use domain::ids::InvoiceId;
use serde::{Deserialize, Serialize};

/// More than an invoice can have that came in a body of at most 1 MiB. Anything larger is not worth its transport.
const BYTES_MAX: usize = 2 * 1024 * 1024;

/// As [`InvoiceView`], but with the entry as a part: flattened, it would be read through a buffer, field by field.
#[derive(Deserialize)]
struct Stored {
    entry: InvoiceEntry,
    seller: Option<PartyView>,
    items: Vec<LineView>,
    tax_breakdown: Vec<TaxShareView>,
    notes: Option<String>,
}

#[derive(Serialize)]
struct Storing<'a> {
    entry: &'a InvoiceEntry,
    seller: Option<&'a PartyView>,
    items: &'a [LineView],
    tax_breakdown: &'a [TaxShareView],
    notes: Option<&'a str>,
}

/// What to store. Of an invoice that is too large, only the version.
pub(super) fn encode(view: &InvoiceView) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = format!("V{}:", view.entry.version).into_bytes();
    let storing = Storing {
        entry: &view.entry,
        seller: view.seller.as_ref(),
        items: &view.items,
        tax_breakdown: &view.tax_breakdown,
        notes: view.notes.as_deref(),
    };
    serde_json::to_writer(&mut bytes, &storing)?;
    if bytes.len() > BYTES_MAX {
        return Ok(format!("F{}", view.entry.version).into_bytes());
    }
    Ok(bytes)
}

/// What the stored bytes say of an invoice. Bytes that say nothing, or of another one, are a miss: what is stored may
/// have been written by anybody.
pub(super) fn decode(bytes: &[u8], id: InvoiceId) -> CacheAnswer {
    match bytes {
        [b'A'] => CacheAnswer::Absent,
        [b'V', rest @ ..] if rest.len() <= BYTES_MAX => {
            view_in(rest, id).map_or(CacheAnswer::Miss, |view| CacheAnswer::Hit(Arc::new(view)))
        }
        _ => CacheAnswer::Miss,
    }
}

fn view_in(bytes: &[u8], id: InvoiceId) -> Option<InvoiceView> {
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let (version, [_, json @ ..]) = bytes.split_at(colon) else {
        return None;
    };
    let version: i64 = std::str::from_utf8(version).ok()?.parse().ok()?;
    let stored: Stored = serde_json::from_slice(json).ok()?;
    let is_it = stored.entry.id == id.as_uuid() && stored.entry.version == version;
    is_it.then_some(InvoiceView {
        entry: stored.entry,
        seller: stored.seller,
        items: stored.items,
        tax_breakdown: stored.tax_breakdown,
        notes: stored.notes,
    })
}

#[cfg(test)]
mod tests {
    use app::testing::draft_contents;
    use domain::{ids::OrganizationId, invoicing::Invoice};
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn id() -> InvoiceId {
        InvoiceId::from_uuid(Uuid::from_u128(1))
    }

    fn view() -> InvoiceView {
        let organization = OrganizationId::from_uuid(Uuid::from_u128(2));
        let drafted = Invoice::draft(id(), organization, draft_contents(), Timestamp::UNIX_EPOCH);
        InvoiceView::from(drafted.unwrap().facts())
    }

    #[test]
    fn an_invoice_reads_back_as_it_was() {
        let mut view = view();
        view.notes = Some("zwölf: \u{1F600}\n".to_owned());
        view.seller = Some(view.entry.customer.clone());
        view.entry.version = i64::MAX;

        let bytes = encode(&view).unwrap();

        assert_eq!(decode(&bytes, id()), CacheAnswer::Hit(Arc::new(view)));
    }

    #[test]
    fn bytes_that_are_cut_off_or_of_something_else_are_a_miss() {
        let bytes = encode(&view()).unwrap();
        let other = InvoiceId::from_uuid(Uuid::from_u128(3));
        let other_version = [b"V2", &bytes[2..]].concat();

        assert!((0..bytes.len()).all(|end| decode(&bytes[..end], id()) == CacheAnswer::Miss));
        assert_eq!(decode(&bytes, other), CacheAnswer::Miss);
        assert_eq!(decode(&other_version, id()), CacheAnswer::Miss);
        for rubbish in ["", "F1", "V", "V1", "V:", "V1:", "V1:{}", "AA", "\u{0}"] {
            assert_eq!(decode(rubbish.as_bytes(), id()), CacheAnswer::Miss);
        }
    }

    #[test]
    fn what_is_too_large_is_not_stored_but_its_version_is() {
        let mut view = view();
        view.notes = Some("n".repeat(BYTES_MAX));

        let bytes = encode(&view).unwrap();

        assert_eq!(bytes, b"F1");
        let grown = [b"V1:".as_slice(), &vec![b' '; BYTES_MAX]].concat();
        assert_eq!(decode(&grown, id()), CacheAnswer::Miss);
    }
}
