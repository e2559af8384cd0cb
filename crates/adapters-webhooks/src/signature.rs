//! Signatures as Standard Webhooks has them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::webhooks::WebhookSecret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The value of `webhook-signature`: one signature per secret, parted by spaces.
pub(crate) fn signatures(
    secrets: &[WebhookSecret],
    (id, timestamp, body): (&str, i64, &str),
) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let signatures = secrets
        .iter()
        .filter_map(|secret| signature(secret, signed.as_bytes()));
    signatures.collect::<Vec<_>>().join(" ")
}

/// HMAC takes keys of any length, so there always is one.
fn signature(secret: &WebhookSecret, signed: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(signed);
    let spelt = STANDARD.encode(mac.finalize().into_bytes());
    Some(format!("v1,{spelt}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with the `hmac` of Python.
    #[test]
    fn a_signature_is_over_id_time_and_body() {
        let key = std::array::from_fn(|at| u8::try_from(at).unwrap());
        let secret = WebhookSecret::from_bytes(key);

        let signed = signatures(
            &[secret],
            ("msg_1", 1_614_265_330, "{\"test\": 2432232314}"),
        );

        assert_eq!(signed, "v1,GWvjEzx3AphU7wha3hNZPXJnymF9Fg+ZdvPQqWPOjZ0=");
    }

    #[test]
    fn each_secret_gives_a_signature() {
        let secrets = [1, 2].map(|byte| WebhookSecret::from_bytes([byte; 32]));

        let signed = signatures(&secrets, ("a", 1, "{}"));

        let each: Vec<_> = signed.split(' ').collect();
        assert_eq!(each.len(), 2);
        assert!(each.iter().all(|it| it.starts_with("v1,")) && each[0] != each[1]);
    }
}
