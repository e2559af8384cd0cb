//! Who buys, and what.

use domain::{
    customers::CustomerProfile,
    invoicing::{LineItem, LineItems, Quantity, TaxRate, UnitCode, UnitPrice},
    platform::{NumberPrefix, OrganizationProfile, PaymentTerms},
    values::{
        Address, AddressPart, Country, Currency, Description, EmailAddress, InvalidValue, Metadata,
        Name, Rounding, TaxId,
    },
};

use super::dice::Dice;

const FIRST_WORDS: &[&str] = &[
    "Alder", "Birch", "Copper", "Dune", "Ember", "Fjord", "Granite", "Harbour", "Iris", "Juniper",
    "Kestrel", "Lumen", "Meadow", "North", "Orchid", "Pebble", "Quartz", "River", "Saffron",
    "Tide",
];
const SECOND_WORDS: &[&str] = &[
    "Bakery",
    "Books",
    "Cycles",
    "Dental",
    "Foods",
    "Gardens",
    "Hotels",
    "Instruments",
    "Labs",
    "Logistics",
    "Media",
    "Optics",
    "Pottery",
    "Sailing",
    "Software",
    "Textiles",
    "Tools",
    "Wines",
];

struct Place {
    street: &'static str,
    postal_code: &'static str,
    city: &'static str,
    country: &'static str,
    tax_id: &'static str,
}

const PLACES: &[Place] = &[
    Place {
        street: "Hafenstraße",
        postal_code: "20457",
        city: "Hamburg",
        country: "DE",
        tax_id: "DE811907980",
    },
    Place {
        street: "Rue de la République",
        postal_code: "69002",
        city: "Lyon",
        country: "FR",
        tax_id: "FR40303265045",
    },
    Place {
        street: "Via Garibaldi",
        postal_code: "16124",
        city: "Genova",
        country: "IT",
        tax_id: "IT00743110157",
    },
    Place {
        street: "Calle Mayor",
        postal_code: "28013",
        city: "Madrid",
        country: "ES",
        tax_id: "ESB58378431",
    },
    Place {
        street: "Keizersgracht",
        postal_code: "1015 CJ",
        city: "Amsterdam",
        country: "NL",
        tax_id: "NL001234567B01",
    },
    Place {
        street: "Mariahilfer Straße",
        postal_code: "1070",
        city: "Wien",
        country: "AT",
        tax_id: "ATU13585627",
    },
];

struct Offer {
    description: &'static str,
    unit_price_minor: i64,
    unit: &'static str,
    quantity_max: u32,
    tax_rate_bps: i64,
}

const OFFERS: &[Offer] = &[
    Offer {
        description: "Consulting",
        unit_price_minor: 12_500,
        unit: "HUR",
        quantity_max: 40,
        tax_rate_bps: 1_900,
    },
    Offer {
        description: "Software development",
        unit_price_minor: 9_800,
        unit: "HUR",
        quantity_max: 120,
        tax_rate_bps: 1_900,
    },
    Offer {
        description: "Interface design",
        unit_price_minor: 8_900,
        unit: "HUR",
        quantity_max: 60,
        tax_rate_bps: 1_900,
    },
    Offer {
        description: "Workshop, one day",
        unit_price_minor: 145_000,
        unit: "DAY",
        quantity_max: 3,
        tax_rate_bps: 1_900,
    },
    Offer {
        description: "Hosting, per month",
        unit_price_minor: 4_900,
        unit: "MON",
        quantity_max: 12,
        tax_rate_bps: 1_900,
    },
    Offer {
        description: "Support contract, per month",
        unit_price_minor: 29_000,
        unit: "MON",
        quantity_max: 3,
        tax_rate_bps: 1_900,
    },
    Offer {
        description: "Printed handbook",
        unit_price_minor: 2_450,
        unit: "C62",
        quantity_max: 50,
        tax_rate_bps: 700,
    },
    Offer {
        description: "Travel expenses",
        unit_price_minor: 36,
        unit: "KMT",
        quantity_max: 900,
        tax_rate_bps: 1_900,
    },
];

/// The agency, for a database that has no organization yet.
pub(crate) fn organization() -> Result<OrganizationProfile, InvalidValue> {
    Ok(OrganizationProfile {
        legal_name: Name::parse("Kerbholz & Partner Agency")?,
        address: Some(address(&PLACES[0], 12)?),
        tax_id: Some(TaxId::parse("DE136695976")?),
        email: Some(EmailAddress::parse("billing@kerbholz.example")?),
        default_currency: Currency::parse("EUR")?,
        invoice_number_prefix: NumberPrefix::parse("INV-")?,
        payment_terms: PaymentTerms::days(30)?,
        rounding: Rounding::HalfAwayFromZero,
    })
}

/// Somebody who buys.
pub(super) fn customer(dice: &mut Dice) -> Result<CustomerProfile, InvalidValue> {
    let (first, second) = (dice.pick(FIRST_WORDS), dice.pick(SECOND_WORDS));
    let place = dice.pick(PLACES);
    let domain = format!("{first}-{second}.example").to_lowercase();
    Ok(CustomerProfile {
        name: Name::parse(&format!("{first} {second}"))?,
        email: Some(EmailAddress::parse(&format!("accounts@{domain}"))?),
        address: Some(address(place, dice.between(1, 180))?),
        tax_id: Some(TaxId::parse(place.tax_id)?),
        currency: None,
        external_id: None,
        metadata: metadata()?,
    })
}

/// What they buy at once.
pub(super) fn items(dice: &mut Dice) -> Result<LineItems, InvalidValue> {
    let count = dice.between(1, 5);
    let items: Result<Vec<_>, _> = (0..count).map(|_| item(dice)).collect();
    LineItems::new(items?)
}

/// How a story is told from what really happened.
pub(super) fn metadata() -> Result<Metadata, InvalidValue> {
    let mut metadata = Metadata::default();
    metadata.insert("made_by", "tallystick demo")?;
    Ok(metadata)
}

fn item(dice: &mut Dice) -> Result<LineItem, InvalidValue> {
    let offer = dice.pick(OFFERS);
    let halves = dice.between(1, offer.quantity_max * 2);
    let is_divisible = offer.unit == "HUR";
    let millionths = if is_divisible {
        i64::from(halves) * 500_000
    } else {
        i64::from(halves.div_ceil(2)) * 1_000_000
    };
    Ok(LineItem {
        description: Description::parse(offer.description)?,
        quantity: Quantity::from_millionths(millionths)?,
        unit_price: UnitPrice::from_minor(offer.unit_price_minor)?,
        tax_rate: TaxRate::from_bps(offer.tax_rate_bps)?,
        unit: UnitCode::parse(offer.unit)?,
    })
}

fn address(place: &Place, house: u32) -> Result<Address, InvalidValue> {
    Ok(Address {
        line1: Some(AddressPart::parse(&format!("{} {house}", place.street))?),
        line2: None,
        city: Some(AddressPart::parse(place.city)?),
        postal_code: Some(AddressPart::parse(place.postal_code)?),
        region: None,
        country: Country::parse(place.country)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_in_the_catalogue_is_valid() {
        let mut dice = Dice::new(1);

        for _ in 0..2_000 {
            customer(&mut dice).unwrap();
            items(&mut dice).unwrap();
        }

        organization().unwrap();
    }
}
