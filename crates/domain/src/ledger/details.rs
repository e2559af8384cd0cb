//! What a transfer is for, in the words of whoever asked for it.

use crate::{
    ids::TransferId,
    values::{InvalidValue, LengthLimits, Metadata, clean_line, clean_text, text_type},
};

text_type!(
    /// What a transfer is for.
    TransferDescription, clean_text, 1..=500
);
text_type!(
    /// What a transfer belongs to, in the client's own system.
    TransferReference, clean_line, 1..=255
);

/// What does not decide whether a transfer is posted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TransferDetails {
    /// What it is for.
    pub description: Option<TransferDescription>,
    /// What it belongs to, in the client's own system.
    pub reference: Option<TransferReference>,
    /// The client's notes.
    pub metadata: Metadata,
    /// The transfer that it takes back.
    pub reverses: Option<TransferId>,
}
