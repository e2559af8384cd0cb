//! Values that every context uses: parsed once, legal ever after.

mod address;
mod country;
mod currency;
mod email_address;
mod identifier;
mod invalid;
mod metadata;
mod money;
mod number_text;
mod text;

pub use address::{Address, AddressPart};
pub use country::Country;
pub use currency::Currency;
pub use email_address::EmailAddress;
pub use identifier::{ExternalId, TaxId};
pub use invalid::InvalidValue;
pub use metadata::Metadata;
pub use money::{AMOUNT_MINOR_MAX, AmountOutOfRange, Rounding, amount_in_range, round_ratio};
pub(crate) use number_text::check_number_text;
pub(crate) use text::text_type;
pub use text::{Description, LengthLimits, Name, Notes, clean_line, clean_text};
