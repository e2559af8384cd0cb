//! Identifiers that others have given.

use super::{
    InvalidValue, LengthLimits,
    text::{clean_line, text_type},
};

text_type!(
    /// A tax or VAT number, as the tax office wrote it.
    TaxId, clean_line, 1..=50
);
text_type!(
    /// What a client calls a thing in its own system.
    ExternalId, clean_line, 1..=255
);
