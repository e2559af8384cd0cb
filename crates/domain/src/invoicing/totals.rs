//! The totals of an invoice, by the rules of EN 16931.

use std::collections::BTreeMap;

use super::{LineItems, TaxRate};
use crate::values::{AmountOutOfRange, Rounding, amount_in_range, round_ratio};

/// What is taxed at one rate (EN 16931 BG-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxShare {
    /// The rate.
    pub tax_rate: TaxRate,
    /// What of the invoice it applies to, after the discount, in minor units.
    pub taxable_minor: i64,
    /// The tax on that, in minor units.
    pub tax_minor: i64,
}

/// What an invoice comes to, in minor units of its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// The sum of the line nets (BR-CO-10).
    pub subtotal_minor: i64,
    /// What vouchers take off (BR-CO-11).
    pub discount_minor: i64,
    /// The sum of the taxes per rate (BR-CO-14).
    pub tax_minor: i64,
    /// Subtotal − discount + tax (BR-CO-15).
    pub total_minor: i64,
    /// By rate, lowest first.
    pub breakdown: Vec<TaxShare>,
}

impl Totals {
    /// Adds up `items`, less `discount_minor` (0 to the subtotal), with tax per rate and not per line (BR-CO-17).
    pub fn of(
        items: &LineItems,
        discount_minor: i64,
        rounding: Rounding,
    ) -> Result<Self, AmountOutOfRange> {
        let mut nets: BTreeMap<TaxRate, i128> = BTreeMap::new();
        for item in items.as_slice() {
            *nets.entry(item.tax_rate).or_default() += i128::from(item.net_minor(rounding)?);
        }
        let subtotal: i128 = nets.values().sum();
        let discount = i128::from(discount_minor);
        if discount < 0 || discount > subtotal {
            return Err(AmountOutOfRange);
        }
        let parts: Vec<i128> = nets.values().copied().collect();
        let breakdown = nets
            .iter()
            .zip(spread(discount, &parts))
            .map(|((tax_rate, net), off)| tax_share(*tax_rate, net - off, rounding))
            .collect::<Result<Vec<_>, _>>()?;
        let tax: i128 = breakdown
            .iter()
            .map(|share| i128::from(share.tax_minor))
            .sum();
        Ok(Self {
            subtotal_minor: amount_in_range(subtotal)?,
            discount_minor,
            tax_minor: amount_in_range(tax)?,
            total_minor: amount_in_range(subtotal - discount + tax)?,
            breakdown,
        })
    }
}

fn tax_share(
    tax_rate: TaxRate,
    taxable: i128,
    rounding: Rounding,
) -> Result<TaxShare, AmountOutOfRange> {
    let tax = round_ratio(taxable * i128::from(tax_rate.as_bps()), 10_000, rounding);
    Ok(TaxShare {
        tax_rate,
        taxable_minor: amount_in_range(taxable)?,
        tax_minor: amount_in_range(tax)?,
    })
}

/// Spreads `amount` over `parts` in proportion, whole units only: each gets its share rounded down, and what is left goes
/// one unit each to those with the largest remainders (the first of equals first). The result adds up to `amount`, and no
/// part gets more than itself.
fn spread(amount: i128, parts: &[i128]) -> Vec<i128> {
    let whole: i128 = parts.iter().sum();
    if whole == 0 {
        return vec![0; parts.len()];
    }
    let mut shares: Vec<i128> = parts.iter().map(|part| amount * part / whole).collect();
    let left = amount - shares.iter().sum::<i128>();
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by_key(|index| {
        let part = parts.get(*index).copied().unwrap_or_default();
        std::cmp::Reverse(amount * part % whole)
    });
    let lucky = usize::try_from(left).unwrap_or_default();
    for index in by_remainder.into_iter().take(lucky) {
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests;
