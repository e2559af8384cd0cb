//! Values that rows of several tables hold.

use std::collections::BTreeMap;

use app::{customers::AddressView, ports::StorageError};
use domain::values::{Address, AddressPart, Country, InvalidValue, Metadata, Rounding};
use tokio_postgres::types::Json;

use crate::error::corrupt;

pub(crate) fn corrupt_value(entity: &'static str, why: InvalidValue) -> StorageError {
    corrupt(entity, why)
}

pub(crate) fn optional<T>(
    raw: Option<&str>,
    parse: impl Fn(&str) -> Result<T, InvalidValue>,
    entity: &'static str,
) -> Result<Option<T>, StorageError> {
    let parsed = raw.map(parse).transpose();
    parsed.map_err(|why| corrupt_value(entity, why))
}

pub(crate) fn address_json(address: Option<&Address>) -> Option<Json<AddressView>> {
    address.map(|address| Json(AddressView::from(address)))
}

pub(crate) fn address_from(
    stored: Option<Json<AddressView>>,
    entity: &'static str,
) -> Result<Option<Address>, StorageError> {
    let address = stored
        .map(|Json(view)| address_from_view(&view))
        .transpose();
    address.map_err(|why| corrupt_value(entity, why))
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

pub(crate) fn metadata_from(Json(pairs): Json<BTreeMap<String, String>>) -> Metadata {
    Metadata::restore(pairs)
}

pub(crate) const fn rounding_code(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::HalfAwayFromZero => "half_away_from_zero",
        Rounding::HalfEven => "half_even",
    }
}

pub(crate) fn rounding_from(code: &str, entity: &'static str) -> Result<Rounding, StorageError> {
    match code {
        "half_away_from_zero" => Ok(Rounding::HalfAwayFromZero),
        "half_even" => Ok(Rounding::HalfEven),
        other => Err(corrupt(entity, format!("unknown rounding {other:?}"))),
    }
}
