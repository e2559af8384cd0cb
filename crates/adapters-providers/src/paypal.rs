//! PayPal (<https://developer.paypal.com/api/rest/>): Orders v2, Payments v2 (refunds) and Payouts v1.
//!
//! Everything is asked with our key as `PayPal-Request-Id`, which PayPal remembers for hours or days, and carries it as
//! `custom_id`, `invoice_id` or `sender_batch_id`. While the key is remembered, the sure way to learn what became of a
//! request is to send it again.

mod amount;
mod answer;
mod request;
mod session;
mod transactions;

use std::{sync::Arc, time::Duration};

use app::ports::{
    Clock, InvalidProviderData, PaymentProvider, ProviderOrder, ProviderWork, Sighting,
};
use async_trait::async_trait;
use domain::payments::{Outcome, ProviderAnswer, ProviderName, ProviderReference};
use jiff::SignedDuration;
use reqwest::header::HeaderName;
use secrecy::SecretString;

pub(crate) use self::session::Session;
use self::{
    amount::is_as_ordered,
    answer::{meaning, meaning_of_named},
    request::{demand, path_piece},
    session::NotAsked,
};
use crate::{
    confirmation::confirmed,
    http::{NoConnection, Reply},
};

const NAME: &str = "paypal";
const REQUEST_ID: HeaderName = HeaderName::from_static("paypal-request-id");
/// Else it tells of an order that there is one, and not what became of it.
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// How PayPal is reached.
#[derive(Debug, Clone)]
pub struct PaypalOptions {
    /// The address of its API, without a path: `https://api-m.paypal.com`.
    pub url: String,
    /// Who we are.
    pub client_id: String,
    /// That we are.
    pub client_secret: SecretString,
    /// How long an answer may take.
    pub answer_max: Duration,
}

/// Payments through PayPal.
pub struct Paypal {
    name: ProviderName,
    session: Session,
}

impl Paypal {
    /// Over connections of its own. Nothing is sent yet.
    pub fn new(options: PaypalOptions, clock: Arc<dyn Clock>) -> Result<Self, NoConnection> {
        Ok(Self {
            name: ProviderName::parse(NAME).map_err(NoConnection::because)?,
            session: Session::new(options, clock)?,
        })
    }

    /// Whether PayPal still knows our key, if it ever heard of it: what it publishes, less what clocks may differ and
    /// requests take.
    fn remembers_key(&self, order: &ProviderOrder) -> bool {
        let remembered = match &order.work {
            ProviderWork::Charge => SignedDuration::from_hours(5),
            ProviderWork::Payout | ProviderWork::Recall { .. } => {
                SignedDuration::from_hours(29 * 24)
            }
            ProviderWork::Refund { .. } => SignedDuration::from_hours(44 * 24),
        };
        self.session.now().duration_since(order.created_at) < remembered
    }

    /// Asks for it to be done; if it was done before, for what became of it.
    async fn demand(&self, order: &ProviderOrder) -> ProviderAnswer {
        let Ok(demand) = demand(order) else {
            return ProviderAnswer::of(Outcome::Declined, "invalid_provider_data");
        };
        let request = self
            .session
            .post(&demand.path, demand.body.to_string())
            .header(REQUEST_ID, order.key.to_string())
            .header(PREFER, "return=representation");
        match self.session.send(request).await {
            Ok(reply) => match original_payout(order, &reply) {
                Some(original) => {
                    let answer = self.answer_about(order, &original).await;
                    answer.unwrap_or_else(not_found_out)
                }
                None => confirmed_by(&reply, order, meaning(&order.work, &reply)),
            },
            Err(NotAsked::NoToken) => ProviderAnswer::of(Outcome::Retryable, "no_token"),
            Err(NotAsked::Silent(silence)) => silence.answer(),
        }
    }

    /// What it says of something that it has a name for. None when nothing is called so.
    async fn answer_about(
        &self,
        order: &ProviderOrder,
        reference: &ProviderReference,
    ) -> Option<ProviderAnswer> {
        let piece = path_piece(reference.as_str());
        let path = match &order.work {
            ProviderWork::Charge => format!("/v2/payments/captures/{piece}"),
            ProviderWork::Refund { .. } => format!("/v2/payments/refunds/{piece}"),
            ProviderWork::Payout | ProviderWork::Recall { .. } => {
                format!("/v1/payments/payouts/{piece}")
            }
        };
        match self.session.send(self.session.get(&path)).await {
            Ok(reply) if reply.is_success() => Some(confirmed_by(
                &reply,
                order,
                meaning_of_named(&order.work, &reply),
            )),
            Ok(reply) if reply.status == 404 => None,
            Ok(_) | Err(_) => Some(not_found_out()),
        }
    }

    /// What became of an order, without its key.
    async fn search(&self, order: &ProviderOrder) -> Sighting {
        match &order.work {
            ProviderWork::Charge => self.search_transactions(order).await,
            // Nothing that PayPal lists would tell.
            ProviderWork::Payout | ProviderWork::Refund { .. } | ProviderWork::Recall { .. } => {
                Sighting::NotAsked
            }
        }
    }

    /// Searches for what was certainly asked for: that it is not there does not mean that it never will be.
    async fn find(&self, order: &ProviderOrder) -> Sighting {
        match self.search(order).await {
            Sighting::NeverArrived | Sighting::NotAsked => Sighting::NoAnswer,
            found => found,
        }
    }
}

#[async_trait]
impl PaymentProvider for Paypal {
    fn name(&self) -> &ProviderName {
        &self.name
    }

    fn check(&self, order: &ProviderOrder) -> Result<(), InvalidProviderData> {
        demand(order).map(drop)
    }

    async fn execute(&self, order: &ProviderOrder) -> ProviderAnswer {
        if !self.remembers_key(order) {
            // It may have been done, and a key that was forgotten would do it again.
            match self.search(order).await {
                Sighting::Seen(answer) => return answer,
                Sighting::NoAnswer | Sighting::NotAsked => return not_found_out(),
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
            return match self.answer_about(order, &reference).await {
                Some(answer) => sighting(answer),
                None => self.find(order).await,
            };
        }
        if !self.remembers_key(order) && order.work != ProviderWork::Charge {
            // Neither is the key of any use, nor is there a search.
            return Sighting::NotAsked;
        }
        // Not only a search once the key may be forgotten: the last attempt may be too young to be found by one.
        let answer = self.execute(order).await;
        if answer.outcome == Outcome::Unknown && self.remembers_key(order) {
            // PayPal may say of a key no more than that it knows it.
            return self.find(order).await;
        }
        sighting(answer)
    }

    async fn observe(
        &self,
        order: &ProviderOrder,
        reference: Option<ProviderReference>,
    ) -> Sighting {
        let told = match &reference {
            Some(reference) => self.answer_about(order, reference).await,
            None => None,
        };
        match told {
            Some(answer) => sighting(answer),
            None => self.search(order).await,
        }
    }
}

/// Where answers tell of the money: of an order's capture, a payout's one item and batch; or of what was asked for by name.
const MONEY: [&str; 4] = [
    "/purchase_units/0/payments/captures/0/amount",
    "/items/0/payout_item/amount",
    "/batch_header/amount",
    "/amount",
];

fn confirmed_by(reply: &Reply, order: &ProviderOrder, answer: ProviderAnswer) -> ProviderAnswer {
    let mut money = MONEY.iter().filter_map(|place| reply.body.pointer(place));
    confirmed(answer, money.all(|money| is_as_ordered(order, money)))
}

const fn not_found_out() -> ProviderAnswer {
    ProviderAnswer::of(Outcome::Unknown, "not_found_out")
}

/// What is known now. A refusal to answer at this moment says nothing of what happened before.
fn sighting(answer: ProviderAnswer) -> Sighting {
    match answer.outcome {
        Outcome::Succeeded | Outcome::Pending | Outcome::Declined => Sighting::Seen(answer),
        Outcome::Retryable | Outcome::Unknown => Sighting::NoAnswer,
    }
}

/// A payout of a known `sender_batch_id` is refused with a link to the one that has it.
fn original_payout(order: &ProviderOrder, refusal: &Reply) -> Option<ProviderReference> {
    if order.work != ProviderWork::Payout || refusal.is_success() {
        return None;
    }
    let links = refusal.body["links"].as_array()?;
    let mut ids = links.iter().filter_map(|link| {
        let (_, id) = link["href"].as_str()?.split_once("/v1/payments/payouts/")?;
        ProviderReference::parse(&path_piece(id)).ok()
    });
    ids.next()
}
