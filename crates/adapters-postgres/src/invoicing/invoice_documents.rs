//! What rows of `invoices` hold as JSON: the form of the API, read back into the domain.

use app::{
    invoicing::{LineView, PartyView, TaxShareView},
    ports::StorageError,
};
use domain::{
    invoicing::{LineItem, LineItems, Party, Quantity, TaxRate, TaxShare, UnitCode, UnitPrice},
    values::{Description, EmailAddress, InvalidValue, Name, TaxId},
};

use crate::{error::corrupt, values::address_from_view};

pub(super) const ENTITY: &str = "invoice";

pub(super) fn party_from(view: &PartyView) -> Result<Party, StorageError> {
    let party = || -> Result<Party, InvalidValue> {
        Ok(Party {
            name: Name::parse(&view.name)?,
            email: view.email.as_deref().map(EmailAddress::parse).transpose()?,
            address: view.address.as_ref().map(address_from_view).transpose()?,
            tax_id: view.tax_id.as_deref().map(TaxId::parse).transpose()?,
        })
    };
    party().map_err(|why| corrupt(ENTITY, why))
}

pub(super) fn items_from(views: &[LineView]) -> Result<LineItems, StorageError> {
    let items: Result<Vec<_>, _> = views.iter().map(item_from).collect();
    items
        .and_then(LineItems::new)
        .map_err(|why| corrupt(ENTITY, why))
}

fn item_from(view: &LineView) -> Result<LineItem, InvalidValue> {
    Ok(LineItem {
        description: Description::parse(&view.description)?,
        quantity: Quantity::parse(&view.quantity)?,
        unit_price: UnitPrice::from_minor(view.unit_price_minor)?,
        tax_rate: TaxRate::from_bps(i64::from(view.tax_rate_bps))?,
        unit: UnitCode::parse(&view.unit)?,
    })
}

pub(super) fn breakdown_from(views: &[TaxShareView]) -> Result<Vec<TaxShare>, StorageError> {
    let share = |view: &TaxShareView| {
        Ok(TaxShare {
            tax_rate: TaxRate::from_bps(i64::from(view.tax_rate_bps))?,
            taxable_minor: view.taxable_minor,
            tax_minor: view.tax_minor,
        })
    };
    let shares: Result<Vec<_>, InvalidValue> = views.iter().map(share).collect();
    shares.map_err(|why| corrupt(ENTITY, why))
}
