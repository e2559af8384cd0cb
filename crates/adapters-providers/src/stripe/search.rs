//! Looking for what Stripe did for a key, by the metadata of what it did.

use app::ports::{ProviderOrder, ProviderWork, Sighting};
use domain::payments::{Outcome, ProviderReference};
use jiff::SignedDuration;
use serde_json::Value;

use super::{Stripe, form::KEY, payout_path, sighting, told_of};
use crate::http::Reply;

const PAGE: &str = "100";
/// After so many pages without it, nothing is known.
const PAGES_MAX: usize = 50;
/// Clocks differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(10);

impl Stripe {
    /// Looks for it. Whatever was done a day ago has long been in Stripe's index; what was done within the last hour may not.
    pub(super) async fn search(&self, order: &ProviderOrder) -> Sighting {
        match &order.work {
            ProviderWork::Charge => self.search_charges(order).await,
            ProviderWork::Refund { of } => {
                let field = if of.as_str().starts_with("ch_") {
                    "charge"
                } else {
                    "payment_intent"
                };
                self.page_through("/v1/refunds", order, (field, of.as_str()))
                    .await
            }
            ProviderWork::Payout => {
                let since = (order.created_at - LEEWAY).as_second().to_string();
                self.page_through("/v1/payouts", order, ("created[gte]", &since))
                    .await
            }
            ProviderWork::Recall { of } => self.search_reversal(order, of).await,
        }
    }

    async fn search_charges(&self, order: &ProviderOrder) -> Sighting {
        let query = format!("metadata['{KEY}']:'{}'", order.key);
        let query = [("query", query.as_str()), ("limit", PAGE)];
        let Ok(found) = self.get("/v1/payment_intents/search", &query).await else {
            return Sighting::NoAnswer;
        };
        let Some(intents) = objects(&found) else {
            return Sighting::NoAnswer;
        };
        best(order, intents.iter().filter(|it| is_ours(it, order)))
    }

    /// Goes through a list, the newest first.
    async fn page_through(
        &self,
        path: &str,
        order: &ProviderOrder,
        (field, value): (&str, &str),
    ) -> Sighting {
        let mut last: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut query = vec![(field, value), ("limit", PAGE)];
            query.extend(last.as_deref().map(|last| ("starting_after", last)));
            let Ok(page) = self.get(path, &query).await else {
                return Sighting::NoAnswer;
            };
            let Some(objects) = objects(&page) else {
                return Sighting::NoAnswer;
            };
            let mut ours = objects.iter().filter(|it| is_ours(it, order)).peekable();
            if ours.peek().is_some() {
                return best(order, ours);
            }
            let oldest = objects.last().and_then(|it| it["id"].as_str());
            match (page.body["has_more"].as_bool(), oldest) {
                (Some(false), _) => return Sighting::NeverArrived,
                (Some(true), Some(oldest)) => last = Some(oldest.to_owned()),
                _ => return Sighting::NoAnswer,
            }
        }
        Sighting::NoAnswer
    }

    /// A payout tells what has taken it back.
    async fn search_reversal(&self, order: &ProviderOrder, of: &ProviderReference) -> Sighting {
        let Ok(payout) = self.get(&payout_path(of), &[]).await else {
            return Sighting::NoAnswer;
        };
        if !payout.is_success() || payout.text("/id") != Some(of.as_str()) {
            return Sighting::NoAnswer;
        }
        match payout.text("/reversed_by").map(ProviderReference::parse) {
            None => Sighting::NeverArrived,
            Some(Ok(reversal)) => {
                let seen = self.look_at(order, &reversal).await;
                seen.unwrap_or(Sighting::NoAnswer)
            }
            Some(Err(_)) => Sighting::NoAnswer,
        }
    }
}

fn objects(reply: &Reply) -> Option<&Vec<Value>> {
    let data = reply.body["data"].as_array();
    data.filter(|_| reply.is_success())
}

fn is_ours(object: &Value, order: &ProviderOrder) -> bool {
    object["metadata"][KEY].as_str() == Some(&order.key.to_string())
}

/// Of several, the one whose money has moved or still may.
fn best<'a>(order: &ProviderOrder, ours: impl Iterator<Item = &'a Value>) -> Sighting {
    let meanings = ours.map(|object| {
        let reply = Reply {
            status: 200,
            body: object.clone(),
        };
        told_of(order, &reply)
    });
    let best = meanings.min_by_key(|answer| match answer.outcome {
        Outcome::Succeeded => 0,
        Outcome::Pending => 1,
        Outcome::Unknown | Outcome::Retryable => 2,
        Outcome::Declined => 3,
    });
    best.map_or(Sighting::NeverArrived, sighting)
}
