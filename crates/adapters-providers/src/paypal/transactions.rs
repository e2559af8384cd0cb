//! Looking for a charge among all transactions (Transaction Search), which tell the `invoice_id` that was asked for.

use app::ports::{ProviderOrder, Sighting};
use domain::payments::{AnswerCode, Outcome, ProviderAnswer, ProviderReference};
use jiff::SignedDuration;
use serde_json::Value;

use super::{Paypal, sighting};

const PAGE: &str = "500";
const PAGES_MAX: i64 = 20;
/// Clocks differ.
const LEEWAY: SignedDuration = SignedDuration::from_mins(10);
/// PayPal searches so much time at once.
const SPAN_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);

impl Paypal {
    /// Looks for it in the month after it was accepted.
    pub(super) async fn search_transactions(&self, order: &ProviderOrder) -> Sighting {
        let from = order.created_at - LEEWAY;
        let until = self.session.now().min(from + SPAN_MAX);
        let (from, until) = (from.to_string(), until.to_string());
        let mut page = 1;
        loop {
            let number = page.to_string();
            let query = [
                ("start_date", from.as_str()),
                ("end_date", until.as_str()),
                ("fields", "transaction_info"),
                ("page_size", PAGE),
                ("page", number.as_str()),
            ];
            let request = self.session.get("/v1/reporting/transactions").query(&query);
            let Ok(reply) = self.session.send(request).await else {
                return Sighting::NoAnswer;
            };
            let details = reply.body["transaction_details"].as_array();
            let pages = reply.body["total_pages"].as_i64();
            let (true, Some(details), Some(pages)) = (reply.is_success(), details, pages) else {
                return Sighting::NoAnswer;
            };
            let mut infos = details.iter().map(|it| &it["transaction_info"]);
            if let Some(ours) = infos.find(|it| is_ours(it, order)) {
                return meaning(ours);
            }
            if page >= pages {
                return Sighting::NeverArrived;
            }
            if page == PAGES_MAX {
                return Sighting::NoAnswer;
            }
            page += 1;
        }
    }
}

/// A refund of it has the same invoice, and is a transaction of another kind: `T11…`.
fn is_ours(info: &Value, order: &ProviderOrder) -> bool {
    let kind = info["transaction_event_code"].as_str().unwrap_or_default();
    info["invoice_id"].as_str() == Some(&order.key.to_string()) && !kind.starts_with("T11")
}

fn meaning(info: &Value) -> Sighting {
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
    sighting(ProviderAnswer {
        outcome,
        code: AnswerCode::from_provider(status),
        reference: Some(reference),
    })
}
