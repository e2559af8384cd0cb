//! Looking for a charge among all transactions (Transaction Search), which tell the `invoice_id` that was asked for.

use app::ports::{ProviderOrder, Sighting};
use domain::payments::{AnswerCode, Outcome, ProviderAnswer, ProviderReference};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{
    Paypal,
    amount::{is_as_ordered, narrowing},
    sighting,
};
use crate::{confirmation::confirmed, http::Reply};

const PAGE: &str = "500";
/// PayPal tells of 10,000 transactions at most.
const PAGES_MAX: i64 = 20;
/// Clocks differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(10);
/// PayPal searches so much time at once.
const SPAN_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);

/// A piece of time.
type Span = (Timestamp, Timestamp);

impl Paypal {
    /// Looks for it from when it was accepted until now, for it may have been asked for at any time in between.
    pub(super) async fn search_transactions(&self, order: &ProviderOrder) -> Sighting {
        let now = self.session.now();
        let mut from = order.created_at - LEEWAY;
        while from < now {
            let until = now.min(from + SPAN_MAX);
            match self.search_span(order, (from, until)).await {
                Sighting::NeverArrived => from = until,
                found => return found,
            }
        }
        Sighting::NeverArrived
    }

    /// Among all transactions; where PayPal has too many, among those of the same amount.
    async fn search_span(&self, order: &ProviderOrder, span: Span) -> Sighting {
        if let Some(sighting) = self.page_through(order, span, &[]).await {
            return sighting;
        }
        let among_few = self.page_through(order, span, &narrowing(order)).await;
        among_few.unwrap_or(Sighting::NoAnswer)
    }

    /// None when there are more transactions than PayPal tells of.
    async fn page_through(
        &self,
        order: &ProviderOrder,
        (from, until): Span,
        narrowing: &[(&str, String)],
    ) -> Option<Sighting> {
        let (from, until) = (from.to_string(), until.to_string());
        for page in 1..=PAGES_MAX {
            let number = page.to_string();
            let query = [
                ("start_date", from.as_str()),
                ("end_date", until.as_str()),
                ("fields", "transaction_info"),
                ("page_size", PAGE),
                ("page", number.as_str()),
            ];
            let request = self.session.get("/v1/reporting/transactions").query(&query);
            let Ok(reply) = self.session.send(request.query(narrowing)).await else {
                return Some(Sighting::NoAnswer);
            };
            if reply.text("/name") == Some("RESULTSET_TOO_LARGE") {
                return None;
            }
            let Some((mut infos, pages)) = infos(&reply) else {
                return Some(Sighting::NoAnswer);
            };
            if let Some(ours) = infos.find(|it| is_ours(it, order)) {
                return Some(meaning(ours, order));
            }
            if page >= pages {
                return Some(Sighting::NeverArrived);
            }
            if pages > PAGES_MAX {
                return None;
            }
        }
        None
    }
}

/// What a page tells, and how many there are.
fn infos(reply: &Reply) -> Option<(impl Iterator<Item = &Value>, i64)> {
    let details = reply.body["transaction_details"].as_array()?;
    let pages = reply.body["total_pages"].as_i64()?;
    let infos = details.iter().map(|it| &it["transaction_info"]);
    reply.is_success().then_some((infos, pages))
}

/// A refund of it has the same invoice, and is a transaction of another kind: `T11…`.
fn is_ours(info: &Value, order: &ProviderOrder) -> bool {
    let kind = info["transaction_event_code"].as_str().unwrap_or_default();
    info["invoice_id"].as_str() == Some(&order.key.to_string()) && !kind.starts_with("T11")
}

fn meaning(info: &Value, order: &ProviderOrder) -> Sighting {
    let status = info["transaction_status"].as_str().unwrap_or_default();
    let id = info["transaction_id"]
        .as_str()
        .map(ProviderReference::parse);
    let Some(Ok(reference)) = id else {
        return Sighting::NoAnswer;
    };
    // Reversed: it had moved.
    let outcome = match status {
        "S" | "V" => Outcome::Succeeded,
        "P" => Outcome::Pending,
        "D" => Outcome::Declined,
        _ => Outcome::Unknown,
    };
    let answer = ProviderAnswer {
        outcome,
        code: AnswerCode::from_provider(status),
        reference: Some(reference),
    };
    let is_as_ordered = is_as_ordered(order, &info["transaction_amount"]);
    sighting(confirmed(answer, is_as_ordered))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::fixtures::order_of;

    #[rstest]
    #[case("S", "10.00", Some(Outcome::Succeeded))]
    #[case("P", "10.00", Some(Outcome::Pending))]
    #[case("D", "10.00", Some(Outcome::Declined))]
    #[case("S", "10.01", None)]
    #[case("P", "1.00", None)]
    #[case("F", "10.00", None)]
    fn a_transaction_tells_what_became_of_an_order(
        #[case] status: &str,
        #[case] value: &str,
        #[case] expected: Option<Outcome>,
    ) {
        let info = json!({"transaction_id": "X1", "transaction_status": status,
            "transaction_amount": {"currency_code": "EUR", "value": value}});

        let told = match meaning(&info, &order_of(1_000, "EUR")) {
            Sighting::Seen(answer) => Some(answer.outcome),
            _ => None,
        };

        assert_eq!(told, expected);
    }
}
