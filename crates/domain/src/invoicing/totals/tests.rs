use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    invoicing::{LineItem, Quantity, UnitCode, UnitPrice},
    values::{AMOUNT_MINOR_MAX, Description},
};

fn items(lines: &[(&str, i64, i64)]) -> LineItems {
    let line = |(quantity, unit_price_minor, bps): &(&str, i64, i64)| LineItem {
        description: Description::parse("work").unwrap(),
        quantity: Quantity::parse(quantity).unwrap(),
        unit_price: UnitPrice::from_minor(*unit_price_minor).unwrap(),
        tax_rate: TaxRate::from_bps(*bps).unwrap(),
        unit: UnitCode::default(),
    };
    LineItems::new(lines.iter().map(line).collect()).unwrap()
}

fn totals(lines: &[(&str, i64, i64)], discount_minor: i64) -> Result<Totals, AmountOutOfRange> {
    Totals::of(&items(lines), discount_minor, Rounding::HalfAwayFromZero)
}

#[rstest]
#[case::sixteen_percent(&[("10", 15_000, 1_600)], 174_000)]
#[case::untaxed(&[("1", 10_000, 0)], 10_000)]
#[case::eight_percent(&[("5", 2_000, 800)], 10_800)]
#[case::tax_per_rate_not_per_line(&[("1", 33, 1_900), ("1", 33, 1_900), ("1", 33, 1_900)], 118)]
#[case::half_away_from_zero(&[("2.5", 1_001, 0)], 2_503)]
fn the_vectors_of_the_specification(#[case] lines: &[(&str, i64, i64)], #[case] total: i64) {
    assert_eq!(totals(lines, 0).unwrap().total_minor, total);
}

#[test]
fn rates_are_broken_down_lowest_first() {
    let totals = totals(&[("1", 1_000, 1_900), ("2", 500, 700), ("1", 1, 1_900)], 0).unwrap();

    let shares: Vec<_> = totals
        .breakdown
        .iter()
        .map(|share| {
            (
                share.tax_rate.as_bps(),
                share.taxable_minor,
                share.tax_minor,
            )
        })
        .collect();
    assert_eq!(shares, [(700, 1_000, 70), (1_900, 1_001, 190)]);
}

#[test]
fn a_discount_lowers_what_is_taxed_in_proportion() {
    let totals = totals(&[("1", 100, 0), ("1", 200, 1_000)], 100).unwrap();

    let taxable: Vec<_> = totals
        .breakdown
        .iter()
        .map(|share| share.taxable_minor)
        .collect();
    assert_eq!(taxable, [67, 133]);
    assert_eq!(totals.total_minor, 300 - 100 + 13);
}

#[rstest]
#[case::negative(-1)]
#[case::beyond_the_subtotal(101)]
fn an_impossible_discount_is_refused(#[case] discount: i64) {
    assert_eq!(totals(&[("1", 100, 0)], discount), Err(AmountOutOfRange));
}

#[test]
fn a_sum_that_json_cannot_carry_is_refused() {
    assert!(totals(&[("1", AMOUNT_MINOR_MAX, 0)], 0).is_ok());
    assert_eq!(
        totals(&[("1", AMOUNT_MINOR_MAX, 1)], 0),
        Err(AmountOutOfRange)
    );
    let two = [("1", AMOUNT_MINOR_MAX, 0), ("1", 1, 0)];
    assert_eq!(totals(&two, 0), Err(AmountOutOfRange));
}

proptest! {
    #[test]
    fn what_is_spread_adds_up_and_no_part_gets_more_than_itself(
        parts in prop::collection::vec(0_i64..=AMOUNT_MINOR_MAX, 1..20),
        permille in 0_i128..=1_000,
    ) {
        let parts: Vec<i128> = parts.into_iter().map(i128::from).collect();
        let amount = parts.iter().sum::<i128>() * permille / 1_000;

        let shares = spread(amount, &parts);

        prop_assert_eq!(shares.iter().sum::<i128>(), amount);
        for (share, part) in shares.iter().zip(&parts) {
            prop_assert!(0 <= *share && share <= part);
        }
    }

    #[test]
    fn totals_add_up(
        lines in prop::collection::vec((1_i64..10_000_000, 1_i64..10_000_000, 0_i64..=10_000), 1..30),
        percent in 0_i64..=100,
    ) {
        let spelt: Vec<(String, i64, i64)> = lines
            .into_iter()
            .map(|(millionths, price, bps)| {
                (Quantity::from_millionths(millionths).unwrap().to_string(), price, bps)
            })
            .collect();
        let lines: Vec<(&str, i64, i64)> =
            spelt.iter().map(|(quantity, price, bps)| (quantity.as_str(), *price, *bps)).collect();
        let discount = totals(&lines, 0).unwrap().subtotal_minor * percent / 100;

        let totals = totals(&lines, discount).unwrap();

        let taxable: i64 = totals.breakdown.iter().map(|share| share.taxable_minor).sum();
        let tax: i64 = totals.breakdown.iter().map(|share| share.tax_minor).sum();
        prop_assert_eq!(taxable, totals.subtotal_minor - discount);
        prop_assert_eq!(tax, totals.tax_minor);
        prop_assert_eq!(totals.total_minor, taxable + tax);
    }
}
