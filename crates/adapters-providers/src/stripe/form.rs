//! Requests as Stripe wants them: form encoding, with names such as `metadata[key]`.

use app::ports::{InvalidProviderData, ProviderOrder, ProviderWork};
use domain::values::InvalidValue;
use url::form_urlencoded::Serializer;

use super::amount::amount;

/// What our key is called in the metadata of everything that Stripe does for us.
pub(super) const KEY: &str = "tallystick_key";

/// What a charge is paid with.
const PAYMENT_METHOD: &str = "payment_method";
/// Whose it is, if it belongs to a customer.
const CUSTOMER: &str = "customer";
/// Which of the account's bank accounts or cards a payout goes to; the currency's default one without.
const DESTINATION: &str = "destination";

/// A request that does something.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Below the address of the API.
    pub(super) path: String,
    /// Its body.
    pub(super) body: String,
}

/// The request for an order. Always the same one for the same order: Stripe refuses a key with another body.
pub(super) fn form(order: &ProviderOrder) -> Result<Form, InvalidProviderData> {
    let path = match &order.work {
        ProviderWork::Charge => "/v1/payment_intents".to_owned(),
        ProviderWork::Payout => "/v1/payouts".to_owned(),
        ProviderWork::Refund { .. } => "/v1/refunds".to_owned(),
        ProviderWork::Recall { of } => format!("/v1/payouts/{}/reverse", path_piece(of.as_str())),
    };
    let mut fields = Fields(Serializer::new(String::new()));
    match &order.work {
        ProviderWork::Charge => charge(&mut fields, order)?,
        ProviderWork::Payout => payout(&mut fields, order)?,
        ProviderWork::Refund { of } => {
            let of = of.as_str();
            // What was charged before PaymentIntents can be given back as well.
            let field = if of.starts_with("ch_") {
                "charge"
            } else {
                "payment_intent"
            };
            fields.add(field, of);
            fields.add("amount", &checked_amount(order)?.to_string());
        }
        // It is taken back as a whole.
        ProviderWork::Recall { .. } => {}
    }
    fields.add(&format!("metadata[{KEY}]"), &order.key.to_string());
    Ok(Form {
        path,
        body: fields.0.finish(),
    })
}

fn charge(fields: &mut Fields, order: &ProviderOrder) -> Result<(), InvalidProviderData> {
    let method = order
        .provider_data
        .get(PAYMENT_METHOD)
        .ok_or(InvalidProviderData {
            field: "provider_data/payment_method",
            why: InvalidValue::Empty,
        })?;
    money(fields, order)?;
    fields.add(PAYMENT_METHOD, method);
    fields.add_some(CUSTOMER, order.provider_data.get(CUSTOMER));
    fields.add("confirm", "true");
    // Nobody sits before a screen to be sent somewhere else.
    fields.add("off_session", "true");
    fields.add("automatic_payment_methods[enabled]", "true");
    fields.add("automatic_payment_methods[allow_redirects]", "never");
    Ok(())
}

fn payout(fields: &mut Fields, order: &ProviderOrder) -> Result<(), InvalidProviderData> {
    money(fields, order)?;
    fields.add_some(DESTINATION, order.provider_data.get(DESTINATION));
    Ok(())
}

fn money(fields: &mut Fields, order: &ProviderOrder) -> Result<(), InvalidProviderData> {
    fields.add("amount", &checked_amount(order)?.to_string());
    fields.add("currency", &order.currency.code().to_ascii_lowercase());
    fields.add_some("description", order.description.as_ref());
    Ok(())
}

fn checked_amount(order: &ProviderOrder) -> Result<i64, InvalidProviderData> {
    amount(order).map_err(|why| InvalidProviderData {
        field: "amount_minor",
        why,
    })
}

/// What can stand in a path: references are Stripe's own, and those have nothing else in them.
pub(super) fn path_piece(reference: &str) -> String {
    let is_welcome = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    reference.chars().filter(is_welcome).collect()
}

struct Fields(Serializer<'static, String>);

impl Fields {
    fn add(&mut self, name: &str, value: &str) {
        self.0.append_pair(name, value);
    }

    fn add_some(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{order_for, works};

    #[test]
    fn a_charge_needs_a_payment_method() {
        let refused = form(&order_for(ProviderWork::Charge)).unwrap_err();

        assert_eq!(refused.field, "provider_data/payment_method");
    }

    #[test]
    fn everything_carries_our_key() {
        for work in works("re_1") {
            let mut order = order_for(work);
            let data = &mut order.provider_data;
            data.insert(PAYMENT_METHOD.to_owned(), "pm_1".to_owned());

            let form = form(&order).unwrap();

            let key = "metadata%5Btallystick_key%5D=00000000-0000-0000-0000-000000000007";
            assert!(form.body.ends_with(key), "{form:?}");
        }
    }

    #[test]
    fn a_reference_stays_within_its_part_of_the_path() {
        assert_eq!(path_piece("po_1/../../v1/charges?x"), "po_1v1chargesx");
    }
}
