//! Amounts as Stripe has them (<https://docs.stripe.com/currencies>).

use app::ports::ProviderOrder;
use domain::values::InvalidValue;
use serde_json::Value;

/// Without decimals by ISO 4217, and with two by Stripe, of which both are zero.
const WRITTEN_WITH_TWO: [&str; 2] = ["ISK", "UGX"];
/// With two decimals by ISO 4217, and without any by Stripe.
const WRITTEN_WITHOUT: [&str; 1] = ["MGA"];

/// The amount of an order in Stripe's smallest unit of its currency.
pub(super) fn amount(order: &ProviderOrder) -> Result<i64, InvalidValue> {
    let (minor, currency) = (order.amount.as_minor(), order.currency);
    if WRITTEN_WITH_TWO.contains(&currency.code()) {
        minor.checked_mul(100).ok_or(InvalidValue::OutOfRange {
            rule: "an amount that Stripe can write",
        })
    } else if WRITTEN_WITHOUT.contains(&currency.code()) {
        divided(minor)
    } else if currency.minor_unit_digits() == 3 && minor % 10 != 0 {
        Err(InvalidValue::Unsupported {
            expected: "a multiple of 10: Stripe takes two decimals of currencies with three",
        })
    } else {
        Ok(minor)
    }
}

/// Whether an object of Stripe's is about as much money as was ordered, as far as it tells. What takes a payout back is
/// told as less than nothing.
pub(super) fn is_as_ordered(order: &ProviderOrder, object: &Value) -> bool {
    let told = object["amount"].as_i64().map(i64::abs);
    let currency = object["currency"].as_str();
    let ordered = amount(order).ok();
    told.is_none_or(|told| Some(told) == ordered)
        && currency.is_none_or(|told| told.eq_ignore_ascii_case(order.currency.code()))
}

fn divided(minor: i64) -> Result<i64, InvalidValue> {
    if minor % 100 == 0 {
        Ok(minor / 100)
    } else {
        Err(InvalidValue::Unsupported {
            expected: "a multiple of 100: Stripe takes no decimals of this currency",
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::fixtures::order_of;

    #[rstest]
    #[case(json!({"amount": 1_200, "currency": "isk"}), true)]
    #[case(json!({"amount": -1_200}), true)]
    #[case(json!({}), true)]
    #[case(json!({"amount": 12, "currency": "isk"}), false)]
    #[case(json!({"amount": 1_200, "currency": "eur"}), false)]
    fn an_object_is_about_what_was_ordered(#[case] object: Value, #[case] expected: bool) {
        assert_eq!(is_as_ordered(&order_of(12, "ISK"), &object), expected);
    }

    #[rstest]
    #[case("EUR", 1_234, Some(1_234))]
    #[case("JPY", 1_234, Some(1_234))]
    #[case("ISK", 12, Some(1_200))]
    #[case("UGX", 12, Some(1_200))]
    #[case("MGA", 1_200, Some(12))]
    #[case("MGA", 1_234, None)]
    #[case("KWD", 1_230, Some(1_230))]
    #[case("KWD", 1_234, None)]
    fn some_currencies_have_other_decimals(
        #[case] currency: &str,
        #[case] minor: i64,
        #[case] expected: Option<i64>,
    ) {
        assert_eq!(amount(&order_of(minor, currency)).ok(), expected);
    }
}
