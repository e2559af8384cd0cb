//! Notices of Stripe (<https://docs.stripe.com/webhooks/signatures>).

use std::sync::Arc;

use app::ports::{Clock, NoticeReader, NoticeRefused, RawNotice, ReadNotice};
use async_trait::async_trait;
use domain::payments::ProviderName;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use sha2::Sha256;

use super::{keys, texts};
use crate::http::NoConnection;

const SIGNATURE: &str = "stripe-signature";
/// How far the time of a signature may be from ours, in seconds.
const TOLERANCE_S: u64 = 300;
/// Whatever Stripe does for us carries our key there.
const KEYS: [&str; 1] = ["/data/object/metadata/tallystick_key"];
/// A payout can fail after it was paid: when the bank sends it back.
const PAYOUT_FAILED: &str = "payout.failed";
const REFERENCES: [&str; 2] = ["/data/object/id", "/data/object/payment_intent"];

/// Reads notices that Stripe has signed with a secret that it shares with us.
pub struct StripeNotices {
    name: ProviderName,
    secret: SecretString,
    clock: Arc<dyn Clock>,
}

impl StripeNotices {
    /// Those signed with this secret: `whsec_…`.
    pub fn new(secret: SecretString, clock: Arc<dyn Clock>) -> Result<Self, NoConnection> {
        Ok(Self {
            name: ProviderName::parse("stripe").map_err(NoConnection::because)?,
            secret,
            clock,
        })
    }

    /// One good signature is enough: while a secret is changed, there are two.
    fn is_authentic(&self, header: &str, body: &[u8]) -> bool {
        let parts = || {
            header
                .split(',')
                .filter_map(|part| part.trim().split_once('='))
        };
        let times: Vec<_> = parts().filter(|(name, _)| *name == "t").collect();
        let [(_, time)] = times[..] else {
            return false;
        };
        let is_fresh = time.parse().is_ok_and(|signed_at: i64| {
            self.clock.now().as_second().abs_diff(signed_at) <= TOLERANCE_S
        });
        let signed = [time.as_bytes(), b".", body].concat();
        let mut signatures = parts().filter(|(name, _)| *name == "v1");
        is_fresh && signatures.any(|(_, signature)| self.is_ours(&signed, signature))
    }

    fn is_ours(&self, signed: &[u8], signature: &str) -> bool {
        let secret = self.secret.expose_secret().as_bytes();
        let mac = Hmac::<Sha256>::new_from_slice(secret);
        match (mac, bytes_of(signature)) {
            (Ok(mut mac), Some(signature)) => {
                mac.update(signed);
                // In constant time.
                mac.verify_slice(&signature).is_ok()
            }
            _ => false,
        }
    }
}

#[async_trait]
impl NoticeReader for StripeNotices {
    fn provider(&self) -> &ProviderName {
        &self.name
    }

    async fn read<'a>(&self, notice: RawNotice<'a>) -> Result<ReadNotice, NoticeRefused> {
        let header = notice
            .header(SIGNATURE)
            .ok_or(NoticeRefused::NotAuthentic)?;
        if !self.is_authentic(header, notice.body) {
            return Err(NoticeRefused::NotAuthentic);
        }
        let body: Value =
            serde_json::from_slice(notice.body).map_err(|_| NoticeRefused::Unreadable)?;
        let id = body["id"].as_str().ok_or(NoticeRefused::Unreadable)?;
        Ok(ReadNotice {
            id: id.to_owned(),
            keys: keys(&texts(&body, &KEYS)),
            references: texts(&body, &REFERENCES),
            tells_of_return: body["type"].as_str() == Some(PAYOUT_FAILED),
        })
    }
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    let digits = hexadecimal.as_bytes().chunks(2);
    let bytes = digits.map(|pair| match pair {
        [high, low] => {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
        }
        _ => None,
    });
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use app::testing::{FixedClock, NOW};
    use jiff::SignedDuration;
    use rstest::rstest;

    use super::*;

    /// Signed at `NOW` with `whsec_test`, by the `hmac` of Python.
    const BODY: &str = r#"{"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1", "metadata": {"tallystick_key": "01936912-0000-7000-8000-000000000007"}}}}"#;
    const TIME: &str = "1795176000";
    const GOOD: &str = "5e96836f454f385b62f3aa0b38ff9282c8de21efdbb3a719704601e3210be344";

    async fn read(
        header: &str,
        body: &str,
        later: SignedDuration,
    ) -> Result<ReadNotice, NoticeRefused> {
        let clock = FixedClock::at(NOW);
        clock.advance(later);
        let reader = StripeNotices::new("whsec_test".into(), clock).unwrap();
        let headers = [("stripe-signature".to_owned(), header.to_owned())];
        let notice = RawNotice {
            headers: &headers,
            body: body.as_bytes(),
        };
        reader.read(notice).await
    }

    #[rstest]
    #[case::one(format!("t={TIME},v1={GOOD}"))]
    #[case::two(format!("t={TIME},v1=00,v1={GOOD},v0=11"))]
    #[case::blanks(format!("t={TIME}, v1={GOOD}"))]
    #[tokio::test]
    async fn a_signed_notice_tells_what_it_is_about(#[case] header: String) {
        let notice = read(&header, BODY, SignedDuration::ZERO).await.unwrap();

        let key = "01936912-0000-7000-8000-000000000007".parse().unwrap();
        let expected = ReadNotice {
            id: "evt_1".to_owned(),
            keys: vec![key],
            references: vec!["pi_1".to_owned()],
            tells_of_return: false,
        };
        assert_eq!(notice, expected);
    }

    #[tokio::test]
    async fn a_failed_payout_may_be_back() {
        let body = BODY.replace("payment_intent.succeeded", "payout.failed");
        let signed = format!("{TIME}.{body}");
        let mut mac = Hmac::<Sha256>::new_from_slice(b"whsec_test").unwrap();
        mac.update(signed.as_bytes());
        let mac = mac.finalize().into_bytes();
        let signature = mac
            .iter()
            .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let header = format!("t={TIME},v1={signature}");

        let notice = read(&header, &body, SignedDuration::ZERO).await.unwrap();

        assert!(notice.tells_of_return);
    }

    #[rstest]
    #[case::nothing(String::new(), BODY)]
    #[case::no_time(format!("v1={GOOD}"), BODY)]
    #[case::two_times(format!("t={TIME},t={TIME},v1={GOOD}"), BODY)]
    #[case::no_signature(format!("t={TIME}"), BODY)]
    #[case::an_old_scheme(format!("t={TIME},v0={GOOD}"), BODY)]
    #[case::half_a_signature(format!("t={TIME},v1={}", &GOOD[..32]), BODY)]
    #[case::no_hexadecimal(format!("t={TIME},v1=zz"), BODY)]
    #[case::another_time(format!("t=1795176001,v1={GOOD}"), BODY)]
    #[case::another_body(format!("t={TIME},v1={GOOD}"), "{}")]
    #[tokio::test]
    async fn what_is_not_signed_as_stripe_signs_is_refused(
        #[case] header: String,
        #[case] body: &str,
    ) {
        let refused = read(&header, body, SignedDuration::ZERO).await;

        assert_eq!(refused, Err(NoticeRefused::NotAuthentic));
    }

    #[rstest]
    #[case::just_in_time(300, true)]
    #[case::too_old(301, false)]
    #[case::of_a_clock_ahead(-300, true)]
    #[case::of_the_future(-301, false)]
    #[tokio::test]
    async fn a_signature_is_good_for_five_minutes(#[case] seconds: i64, #[case] is_good: bool) {
        let header = format!("t={TIME},v1={GOOD}");

        let read = read(&header, BODY, SignedDuration::from_secs(seconds)).await;

        assert_eq!(read.is_ok(), is_good);
    }
}
