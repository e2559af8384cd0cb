//! Notices of PayPal, which it verifies itself (<https://developer.paypal.com/api/webhooks/v1/verify-webhook-signature-post>).

use std::sync::Arc;

use app::ports::{Clock, NoticeReader, NoticeRefused, RawNotice, ReadNotice};
use async_trait::async_trait;
use domain::payments::ProviderName;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{keys, texts};
use crate::{
    http::NoConnection,
    paypal::{PaypalOptions, Session},
};

/// Where our key may stand: captures and refunds, payouts, and their items.
const KEYS: [&str; 6] = [
    "/resource/custom_id",
    "/resource/invoice_id",
    "/resource/purchase_units/0/custom_id",
    "/resource/payout_item/sender_item_id",
    "/resource/sender_batch_id",
    "/resource/batch_header/sender_batch_header/sender_batch_id",
];
const REFERENCES: [&str; 3] = [
    "/resource/id",
    "/resource/payout_batch_id",
    "/resource/batch_header/payout_batch_id",
];
/// What tells that a payout has failed, or has come back: nobody claimed it, or the receiver sent it back.
const RETURNS: [&str; 6] = [
    "PAYMENT.PAYOUTS-ITEM.BLOCKED",
    "PAYMENT.PAYOUTS-ITEM.CANCELED",
    "PAYMENT.PAYOUTS-ITEM.DENIED",
    "PAYMENT.PAYOUTS-ITEM.FAILED",
    "PAYMENT.PAYOUTS-ITEM.REFUNDED",
    "PAYMENT.PAYOUTS-ITEM.RETURNED",
];
/// What the signature consists of: its header, and what PayPal wants it called.
const PROOFS: [(&str, &str); 5] = [
    ("paypal-auth-algo", "auth_algo"),
    ("paypal-cert-url", "cert_url"),
    ("paypal-transmission-id", "transmission_id"),
    ("paypal-transmission-sig", "transmission_sig"),
    ("paypal-transmission-time", "transmission_time"),
];
/// The most characters of each. PayPal publishes 500.
const PROOF_MAX: usize = 500;
/// How many notices PayPal is asked about at the same time.
const QUESTIONS_MAX: usize = 8;

/// Reads notices that PayPal says are its own.
pub struct PaypalNotices {
    name: ProviderName,
    webhook_id: String,
    session: Session,
    questions: Semaphore,
}

impl PaypalNotices {
    /// Those of the webhook of this id.
    pub fn new(
        options: PaypalOptions,
        webhook_id: String,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, NoConnection> {
        Ok(Self {
            name: ProviderName::parse("paypal").map_err(NoConnection::because)?,
            webhook_id,
            session: Session::new(options, clock)?,
            questions: Semaphore::new(QUESTIONS_MAX),
        })
    }

    /// The question whether it is authentic: with the notice as it came, byte for byte, since that is what was signed.
    fn question(&self, notice: RawNotice<'_>, body: &str) -> Option<String> {
        let mut proofs = json!({"webhook_id": self.webhook_id});
        for (header, name) in PROOFS {
            let proof = notice.header(header)?;
            if proof.len() > PROOF_MAX {
                return None;
            }
            proofs[name] = proof.into();
        }
        let proofs = proofs.to_string();
        let open = proofs.strip_suffix('}')?;
        Some(format!("{open},\"webhook_event\":{body}}}"))
    }

    async fn verify(&self, question: String) -> Result<(), NoticeRefused> {
        // Whoever knows this address can make us ask: not without bounds.
        let Ok(_asking) = self.questions.try_acquire() else {
            return Err(NoticeRefused::Unverifiable);
        };
        let path = "/v1/notifications/verify-webhook-signature";
        let asked = self.session.send(self.session.post(path, question)).await;
        let reply = asked.map_err(|_| NoticeRefused::Unverifiable)?;
        match (reply.status, reply.text("/verification_status")) {
            (200, Some("SUCCESS")) => Ok(()),
            (200 | 400 | 422, _) => Err(NoticeRefused::NotAuthentic),
            _ => Err(NoticeRefused::Unverifiable),
        }
    }
}

#[async_trait]
impl NoticeReader for PaypalNotices {
    fn provider(&self) -> &ProviderName {
        &self.name
    }

    async fn read<'a>(&self, notice: RawNotice<'a>) -> Result<ReadNotice, NoticeRefused> {
        // PayPal is not bothered with what cannot be its own.
        let text = str::from_utf8(notice.body).map_err(|_| NoticeRefused::Unreadable)?;
        let body: Value = serde_json::from_str(text).map_err(|_| NoticeRefused::Unreadable)?;
        let id = body["id"].as_str().ok_or(NoticeRefused::Unreadable)?;
        let question = self.question(notice, text);
        self.verify(question.ok_or(NoticeRefused::NotAuthentic)?)
            .await?;
        Ok(ReadNotice {
            id: id.to_owned(),
            keys: keys(&texts(&body, &KEYS)),
            references: texts(&body, &REFERENCES),
            tells_of_return: body["event_type"]
                .as_str()
                .is_some_and(|it| RETURNS.contains(&it)),
        })
    }
}
