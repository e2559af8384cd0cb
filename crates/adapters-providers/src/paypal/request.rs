//! Requests as PayPal wants them.

use app::ports::{InvalidProviderData, ProviderOrder, ProviderWork};
use domain::values::InvalidValue;
use serde_json::{Value, json};

use super::amount::amount;

/// What was kept of the payer's means of payment, and of which kind it is.
const VAULT_ID: &str = "vault_id";
const PAYMENT_SOURCE: &str = "payment_source";
const PAYMENT_SOURCES: [&str; 3] = ["paypal", "card", "venmo"];
/// Who gets a payout, and how they are named.
const RECEIVER: &str = "receiver";
const RECIPIENT_TYPE: &str = "recipient_type";
const RECIPIENT_TYPES: [&str; 3] = ["EMAIL", "PHONE", "PAYPAL_ID"];
/// The most characters of a description of an order, and of a note.
const DESCRIPTION_MAX: usize = 127;

/// A request that does something.
#[derive(Debug, PartialEq)]
pub(super) struct Demand {
    /// Below the address of the API.
    pub(super) path: String,
    /// Its body.
    pub(super) body: Value,
}

/// The request for an order. Always the same one for the same order.
pub(super) fn demand(order: &ProviderOrder) -> Result<Demand, InvalidProviderData> {
    let value = amount(order).map_err(|why| invalid("amount_minor", why))?;
    let (key, currency) = (order.key.to_string(), order.currency.code());
    let money = json!({"currency_code": currency, "value": value});
    let (path, body) = match &order.work {
        ProviderWork::Charge => (
            "/v2/checkout/orders".to_owned(),
            json!({
                "intent": "CAPTURE",
                "purchase_units": [{
                    "amount": money, "custom_id": key, "invoice_id": key, "description": description(order),
                }],
                "payment_source": payment_source(order)?,
            }),
        ),
        ProviderWork::Payout => (
            "/v1/payments/payouts".to_owned(),
            json!({
                "sender_batch_header": {"sender_batch_id": key},
                "items": [{
                    "sender_item_id": key,
                    "amount": {"currency": currency, "value": value},
                    "receiver": required(order, (RECEIVER, "provider_data/receiver"))?,
                    "recipient_type": one_of(order, (RECIPIENT_TYPE, "provider_data/recipient_type"), RECIPIENT_TYPES)?,
                    "note": description(order),
                }],
            }),
        ),
        ProviderWork::Refund { of } => (
            format!("/v2/payments/captures/{}/refund", path_piece(of.as_str())),
            json!({"amount": money, "custom_id": key, "note_to_payer": description(order)}),
        ),
        // PayPal takes back only what nobody has claimed, and by itself after 30 days.
        ProviderWork::Recall { .. } => {
            let expected = "something that PayPal can take back: payouts are not";
            return Err(invalid("provider", InvalidValue::Unsupported { expected }));
        }
    };
    Ok(Demand {
        path,
        body: without_nulls(body),
    })
}

/// What can stand in a path: references are PayPal's own, and those have nothing else in them.
pub(super) fn path_piece(reference: &str) -> String {
    let is_welcome = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    reference.chars().filter(is_welcome).collect()
}

fn payment_source(order: &ProviderOrder) -> Result<Value, InvalidProviderData> {
    let vault_id = required(order, (VAULT_ID, "provider_data/vault_id"))?;
    let place = (PAYMENT_SOURCE, "provider_data/payment_source");
    let source = one_of(order, place, PAYMENT_SOURCES)?;
    Ok(json!({source: {"vault_id": vault_id}}))
}

fn required<'a>(
    order: &'a ProviderOrder,
    (name, field): (&str, &'static str),
) -> Result<&'a str, InvalidProviderData> {
    let value = order.provider_data.get(name).map(String::as_str);
    value.ok_or(invalid(field, InvalidValue::Empty))
}

/// The first one unless it says otherwise.
fn one_of(
    order: &ProviderOrder,
    (name, field): (&str, &'static str),
    known: [&'static str; 3],
) -> Result<&'static str, InvalidProviderData> {
    let [first, ..] = known;
    let Some(wanted) = order.provider_data.get(name) else {
        return Ok(first);
    };
    let found = known.into_iter().find(|it| it == wanted);
    found.ok_or(invalid(
        field,
        InvalidValue::Unsupported {
            expected: match first {
                "paypal" => "paypal, card or venmo",
                _ => "EMAIL, PHONE or PAYPAL_ID",
            },
        },
    ))
}

fn description(order: &ProviderOrder) -> Option<String> {
    let text = order.description.as_ref()?;
    Some(text.chars().take(DESCRIPTION_MAX).collect())
}

/// PayPal takes a field that is null for one that is wrong.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

const fn invalid(field: &'static str, why: InvalidValue) -> InvalidProviderData {
    InvalidProviderData { field, why }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::fixtures::{order_for, works};

    fn with(work: ProviderWork, data: &[(&str, &str)]) -> Result<Demand, InvalidProviderData> {
        let mut order = order_for(work);
        let data = data
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        order.provider_data = data.collect();
        demand(&order)
    }

    #[rstest]
    #[case::no_vault_id(ProviderWork::Charge, &[], "provider_data/vault_id")]
    #[case::odd_source(ProviderWork::Charge, &[("vault_id", "1"), ("payment_source", "cheque")], "provider_data/payment_source")]
    #[case::no_receiver(ProviderWork::Payout, &[], "provider_data/receiver")]
    #[case::odd_recipient(ProviderWork::Payout, &[("receiver", "a"), ("recipient_type", "FAX")], "provider_data/recipient_type")]
    fn what_is_missing_or_odd_is_named(
        #[case] work: ProviderWork,
        #[case] data: &[(&str, &str)],
        #[case] field: &str,
    ) {
        assert_eq!(with(work, data).unwrap_err().field, field);
    }

    #[test]
    fn payouts_are_not_taken_back() {
        let [.., recall] = works("B1");

        assert_eq!(with(recall, &[]).unwrap_err().field, "provider");
    }

    #[test]
    fn nothing_is_null() {
        let mut order = order_for(ProviderWork::Charge);
        order.description = None;
        order
            .provider_data
            .insert("vault_id".to_owned(), "1".to_owned());

        let body = demand(&order).unwrap().body.to_string();

        assert!(!body.contains("null"), "{body}");
    }
}
