//! Invoices that instances remember together.

use app::invoicing::{InvoiceEntry, InvoiceView, LineView, PartyView, TaxShareView};
use domain::ids::{InvoiceId, OrganizationId};
use serde::{Deserialize, Serialize};

use crate::versioned_cache::{RedisCache, Stored};

/// Remembers invoices in Redis.
pub type RedisInvoiceCache = RedisCache<InvoiceView>;

/// As [`InvoiceView`], but with the entry as a part: flattened, it would be read through a buffer, field by field.
#[derive(Deserialize)]
struct Reading {
    entry: InvoiceEntry,
    seller: Option<PartyView>,
    items: Vec<LineView>,
    tax_breakdown: Vec<TaxShareView>,
    notes: Option<String>,
}

#[derive(Serialize)]
struct Writing<'a> {
    entry: &'a InvoiceEntry,
    seller: Option<&'a PartyView>,
    items: &'a [LineView],
    tax_breakdown: &'a [TaxShareView],
    notes: Option<&'a str>,
}

impl Stored for InvoiceView {
    type Id = InvoiceId;

    const KIND: &'static str = "invoice:1";

    fn write(&self, json: &mut Vec<u8>) -> Result<(), serde_json::Error> {
        let writing = Writing {
            entry: &self.entry,
            seller: self.seller.as_ref(),
            items: &self.items,
            tax_breakdown: &self.tax_breakdown,
            notes: self.notes.as_deref(),
        };
        serde_json::to_writer(json, &writing)
    }

    /// Its organization is in the name of its entry only.
    fn read(json: &[u8], _organization_id: OrganizationId, id: &InvoiceId) -> Option<Self> {
        let read: Reading = serde_json::from_slice(json).ok()?;
        (read.entry.id == id.as_uuid()).then_some(Self {
            entry: read.entry,
            seller: read.seller,
            items: read.items,
            tax_breakdown: read.tax_breakdown,
            notes: read.notes,
        })
    }
}
