//! Values that rows of several tables hold.

use app::customers::AddressView;
use domain::values::{Address, AddressPart, Country, InvalidValue};
use tokio_postgres::types::Json;

/// A text as it is compared with others when the case of letters does not matter.
///
/// Letter by letter: `str::to_lowercase` spells a sigma by its place in the word, so a part of a word would not be found.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == 'ς' { 'σ' } else { letter })
        .collect()
}

pub(crate) fn address_json(address: Option<&Address>) -> Option<Json<AddressView>> {
    address.map(|address| Json(AddressView::from(address)))
}

pub(crate) fn address_from_view(view: &AddressView) -> Result<Address, InvalidValue> {
    let part = |raw: &Option<String>| raw.as_deref().map(AddressPart::parse).transpose();
    Ok(Address {
        line1: part(&view.line1)?,
        line2: part(&view.line2)?,
        city: part(&view.city)?,
        postal_code: part(&view.postal_code)?,
        region: part(&view.region)?,
        country: Country::parse(&view.country)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_text_folds_as_it_does_in_the_whole() {
        assert!(folded("ΟΔΥΣΣΕΥΣ ΑΕ").contains(&folded("ΟΔΥΣ")));
        assert!(folded("Οδυσσεύς").ends_with(&folded("ΎΣ")));
        assert_eq!(folded("ÄRGER Ñ"), "ärger ñ");
    }
}
