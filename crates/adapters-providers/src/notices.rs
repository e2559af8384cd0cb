//! What providers tell without being asked. A notice is checked, and tells no more than what it is about: what became of it
//! is asked for.

mod paypal;
mod stripe;

use serde_json::Value;
use uuid::Uuid;

pub use self::{paypal::PaypalNotices, stripe::StripeNotices};

/// The texts at these places, as far as they are there.
fn texts(body: &Value, places: &[&str]) -> Vec<String> {
    let found = places
        .iter()
        .filter_map(|place| body.pointer(place)?.as_str());
    found.map(str::to_owned).collect()
}

/// Those of them that can be keys of ours.
fn keys(texts: &[String]) -> Vec<Uuid> {
    let mut keys: Vec<_> = texts.iter().filter_map(|it| it.parse().ok()).collect();
    keys.dedup();
    keys
}
