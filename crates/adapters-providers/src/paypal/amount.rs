//! Amounts as PayPal has them (<https://developer.paypal.com/api/rest/reference/currency-codes/>).

use app::ports::ProviderOrder;
use domain::values::InvalidValue;
use serde_json::Value;

/// The currencies that PayPal knows.
const KNOWN: [&str; 24] = [
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY",
    "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "SEK", "SGD", "THB", "TWD", "USD",
];
/// Those of which it takes no decimals, whatever ISO 4217 says.
const WHOLE: [&str; 3] = ["HUF", "JPY", "TWD"];

/// The amount of an order as a decimal number.
pub(super) fn amount(order: &ProviderOrder) -> Result<String, InvalidValue> {
    let (minor, currency) = (order.amount.as_minor(), order.currency);
    if !KNOWN.contains(&currency.code()) {
        return Err(InvalidValue::Unsupported {
            expected: "a currency that PayPal knows",
        });
    }
    let unit = 10_i64.pow(currency.minor_unit_digits().into());
    let (whole, rest) = (minor / unit, minor % unit);
    match (WHOLE.contains(&currency.code()), rest) {
        (true, 0) => Ok(whole.to_string()),
        (true, _) => Err(InvalidValue::Unsupported {
            expected: "a whole amount: PayPal takes no decimals of this currency",
        }),
        (false, rest) => Ok(format!("{whole}.{rest:02}")),
    }
}

/// Whether this is as much money as was ordered, as far as it tells.
pub(super) fn is_as_ordered(order: &ProviderOrder, money: &Value) -> bool {
    let told = money["value"].as_str();
    let currency = money["currency_code"].as_str();
    let currency = currency.or_else(|| money["currency"].as_str());
    let ordered = amount(order).ok();
    told.is_none_or(|told| Some(plain(told)) == ordered.as_deref().map(plain))
        && currency.is_none_or(|told| told == order.currency.code())
}

/// `10` and `10.00` are the same.
fn plain(value: &str) -> &str {
    if value.contains('.') {
        value.trim_end_matches('0').trim_end_matches('.')
    } else {
        value
    }
}

/// Narrows a search in PayPal's transactions down to those of this amount. Which smallest unit it means of a currency of
/// which it takes no decimals, PayPal does not say: those are told apart by their currency alone.
pub(super) fn narrowing(order: &ProviderOrder) -> Vec<(&'static str, String)> {
    let (minor, currency) = (order.amount.as_minor(), order.currency.code());
    let mut narrowing = vec![("transaction_currency", currency.to_owned())];
    if !WHOLE.contains(&currency) {
        narrowing.push(("transaction_amount", format!("{minor} TO {minor}")));
    }
    narrowing
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::fixtures::order_of;

    #[rstest]
    #[case(json!({"value": "10.00", "currency_code": "EUR"}), true)]
    #[case(json!({"value": "10", "currency": "EUR"}), true)]
    #[case(json!({}), true)]
    #[case(json!({"value": "10.01", "currency_code": "EUR"}), false)]
    #[case(json!({"value": "100", "currency_code": "EUR"}), false)]
    #[case(json!({"value": "10.00", "currency_code": "USD"}), false)]
    fn money_is_as_much_as_was_ordered(#[case] money: Value, #[case] expected: bool) {
        assert_eq!(is_as_ordered(&order_of(1_000, "EUR"), &money), expected);
    }

    #[rstest]
    #[case("EUR", 1_234, Some("12.34"))]
    #[case("USD", 5, Some("0.05"))]
    #[case("JPY", 1_234, Some("1234"))]
    #[case("HUF", 1_200, Some("12"))]
    #[case("HUF", 1_234, None)]
    #[case("KWD", 1_230, None)]
    fn amounts_are_decimal_numbers(
        #[case] currency: &str,
        #[case] minor: i64,
        #[case] expected: Option<&str>,
    ) {
        let spelt = amount(&order_of(minor, currency)).ok();

        assert_eq!(spelt.as_deref(), expected);
    }

    #[rstest]
    #[case("EUR", &["EUR", "1234 TO 1234"])]
    #[case("JPY", &["JPY"])]
    #[case("HUF", &["HUF"])]
    fn searches_are_narrowed_by_what_is_certain(#[case] currency: &str, #[case] expected: &[&str]) {
        let narrowing = narrowing(&order_of(1_234, currency));

        let values: Vec<_> = narrowing.iter().map(|(_, value)| value).collect();
        assert_eq!(values, expected);
    }
}
