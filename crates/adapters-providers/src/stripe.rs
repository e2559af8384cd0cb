//! Stripe (<https://docs.stripe.com/api>).
//!
//! Everything is asked with our key as `Idempotency-Key`, and carries it in its metadata. Stripe keeps what it answered to a
//! key for a day at least: within it, the sure way to learn what became of a request is to send it again. After that, what
//! was done is looked for by the metadata.

mod amount;
mod answer;
mod form;
mod search;

use std::{sync::Arc, time::Duration};

use app::ports::{
    Clock, InvalidProviderData, PaymentProvider, ProviderOrder, ProviderWork, Sighting,
};
use async_trait::async_trait;
use domain::payments::{Outcome, ProviderAnswer, ProviderName, ProviderReference};
use jiff::SignedDuration;
use reqwest::{
    RequestBuilder,
    header::{CONTENT_TYPE, HeaderName},
};
use secrecy::{ExposeSecret as _, SecretString};

use self::{
    answer::meaning,
    form::{form, path_piece},
};
use crate::{
    confirmation::confirmed,
    http::{NoConnection, Reply, Silence, Transport},
};

const NAME: &str = "stripe";
const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The version of the API that this was written for.
const VERSION: &str = "2025-03-31.basil";
/// How long a key is surely remembered: Stripe's 24 hours, less what clocks may differ and requests take.
const KEY_REMEMBERED: SignedDuration = SignedDuration::from_hours(23);

/// How Stripe is reached.
#[derive(Debug, Clone)]
pub struct StripeOptions {
    /// The address of its API, without a path: `https://api.stripe.com`.
    pub url: String,
    /// What we identify ourselves with.
    pub secret_key: SecretString,
    /// How long an answer may take.
    pub answer_max: Duration,
}

/// Payments through Stripe.
pub struct Stripe {
    name: ProviderName,
    options: StripeOptions,
    transport: Transport,
    clock: Arc<dyn Clock>,
}

impl Stripe {
    /// Over connections of its own. Nothing is sent yet.
    pub fn new(options: StripeOptions, clock: Arc<dyn Clock>) -> Result<Self, NoConnection> {
        Ok(Self {
            name: ProviderName::parse(NAME).map_err(NoConnection::because)?,
            transport: Transport::new(options.answer_max)?,
            options,
            clock,
        })
    }

    /// Whether Stripe still knows our key, if it ever heard of it.
    fn remembers_key(&self, order: &ProviderOrder) -> bool {
        self.clock.now().duration_since(order.created_at) < KEY_REMEMBERED
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Reply, Silence> {
        let url = format!("{}{path}", self.options.url);
        let request = self.transport.get(&url).query(query);
        self.transport.send(self.signed(request)).await
    }

    /// Asks for it to be done; if it was done before, for what was answered then.
    async fn demand(&self, order: &ProviderOrder) -> ProviderAnswer {
        if let Err(refusal) = self.refuse_part(order).await {
            return refusal;
        }
        let Ok(form) = form(order) else {
            return ProviderAnswer::of(Outcome::Declined, "invalid_provider_data");
        };
        let request = self
            .transport
            .post(&format!("{}{}", self.options.url, form.path))
            .header(IDEMPOTENCY_KEY, order.key.to_string())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.body);
        match self.transport.send(self.signed(request)).await {
            Ok(reply) => told_of(order, &reply),
            Err(silence) => silence.answer(),
        }
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .bearer_auth(self.options.secret_key.expose_secret())
            .header(STRIPE_VERSION, VERSION)
    }

    /// A payout is taken back as a whole or not at all.
    async fn refuse_part(&self, order: &ProviderOrder) -> Result<(), ProviderAnswer> {
        let ProviderWork::Recall { of } = &order.work else {
            return Ok(());
        };
        let url = format!("{}{}", self.options.url, payout_path(of));
        let request = self.signed(self.transport.get(&url));
        let payout = self.transport.send_ahead(request).await;
        let payout = payout.map_err(|_| ProviderAnswer::of(Outcome::Retryable, "unreachable"))?;
        if !payout.is_success() {
            let refusal = meaning(&order.work, &payout);
            // Nothing was asked to be done yet.
            let outcome = match refusal.outcome {
                Outcome::Declined => Outcome::Declined,
                _ => Outcome::Retryable,
            };
            return Err(ProviderAnswer { outcome, ..refusal });
        }
        let whole = payout.body["amount"].as_i64();
        if whole.is_some() && whole == amount::amount(order).ok() {
            Ok(())
        } else {
            Err(ProviderAnswer::of(
                Outcome::Declined,
                "partial_reversal_unsupported",
            ))
        }
    }

    /// Asks for what it is called. None when nothing is called so.
    async fn look_at(
        &self,
        order: &ProviderOrder,
        reference: &ProviderReference,
    ) -> Option<Sighting> {
        let piece = path_piece(reference.as_str());
        let path = match &order.work {
            ProviderWork::Charge => format!("/v1/payment_intents/{piece}"),
            ProviderWork::Refund { .. } => format!("/v1/refunds/{piece}"),
            ProviderWork::Payout | ProviderWork::Recall { .. } => payout_path(reference),
        };
        match self.get(&path, &[]).await {
            Ok(reply) if reply.is_success() => Some(sighting(told_of(order, &reply))),
            Ok(reply) if reply.status == 404 => None,
            Ok(_) | Err(_) => Some(Sighting::NoAnswer),
        }
    }

    /// Searches for what was certainly asked for: that it is not there does not mean that it never will be.
    async fn find(&self, order: &ProviderOrder) -> Sighting {
        match self.search(order).await {
            Sighting::NeverArrived => Sighting::NoAnswer,
            found => found,
        }
    }
}

#[async_trait]
impl PaymentProvider for Stripe {
    fn name(&self) -> &ProviderName {
        &self.name
    }

    fn check(&self, order: &ProviderOrder) -> Result<(), InvalidProviderData> {
        form(order).map(drop)
    }

    async fn execute(&self, order: &ProviderOrder) -> ProviderAnswer {
        if !self.remembers_key(order) {
            // It may have been done, and a key that was forgotten would do it again.
            match self.search(order).await {
                Sighting::Seen(answer) => return answer,
                Sighting::NoAnswer | Sighting::NotAsked => {
                    return ProviderAnswer::of(Outcome::Unknown, "not_found_out");
                }
                Sighting::NeverArrived => {}
            }
        }
        self.demand(order).await
    }

    async fn look_up(
        &self,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting {
        if let Some(reference) = reference {
            // What once had a name is never done again: under other credentials all names are unknown, and all keys.
            return match self.look_at(order, &reference).await {
                Some(sighting) => sighting,
                None => self.find(order).await,
            };
        }
        // Not only a search once the key may be forgotten: the last attempt may be too young to be found by one.
        let answer = self.execute(order).await;
        if answer.outcome == Outcome::Unknown && self.remembers_key(order) {
            // To a key whose first request ended with an error of its own, Stripe repeats that error.
            return self.find(order).await;
        }
        sighting(answer)
    }

    async fn observe(
        &self,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting {
        let looked_at = match &reference {
            Some(reference) => self.look_at(order, reference).await,
            None => None,
        };
        match looked_at {
            Some(sighting) => sighting,
            None => self.search(order).await,
        }
    }
}

/// What an answer tells of an order.
fn told_of(order: &ProviderOrder, reply: &Reply) -> ProviderAnswer {
    let answer = meaning(&order.work, reply);
    confirmed(answer, amount::is_as_ordered(order, &reply.body))
}

/// What is known now. A refusal to answer at this moment says nothing of what happened before.
fn sighting(answer: ProviderAnswer) -> Sighting {
    match answer.outcome {
        Outcome::Succeeded | Outcome::Pending | Outcome::Declined => Sighting::Seen(answer),
        Outcome::Retryable | Outcome::Unknown => Sighting::NoAnswer,
    }
}

fn payout_path(reference: &ProviderReference) -> String {
    format!("/v1/payouts/{}", path_piece(reference.as_str()))
}
