//! Invoices remembered in this process.

use app::{invoicing::InvoiceView, ports::InvoiceKey};

use super::LocalCache;
use crate::version_memory::{Key, Remembered};

mod weight;

/// Remembers invoices in this process only.
pub type LocalInvoiceCache = LocalCache<InvoiceKey, InvoiceView>;

impl Key for InvoiceKey {
    /// The last byte of an id of version 7 is random.
    fn spread(&self) -> u8 {
        let [.., byte] = self.1.as_uuid().into_bytes();
        byte
    }
}

impl Remembered for InvoiceView {
    fn weight_bytes(&self) -> usize {
        weight::of(self)
    }
}
