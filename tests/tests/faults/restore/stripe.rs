//! A Stripe that pays out, once per key, and remembers what it paid.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};

use crate::payments::notices::read_request;

/// Its payouts, by their keys.
type Payouts = Arc<Mutex<BTreeMap<String, Value>>>;

pub(super) struct Stripe {
    pub(super) url: String,
    payouts: Payouts,
}

impl Stripe {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let payouts = Payouts::default();
        let remembered = Arc::clone(&payouts);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, Arc::clone(&remembered)));
            }
        });
        Self { url, payouts }
    }

    /// How many there are.
    pub(super) fn payouts(&self) -> usize {
        self.payouts.lock().expect("nobody panics").len()
    }
}

async fn serve(mut connection: TcpStream, payouts: Payouts) {
    while let Some(request) = read_request(&mut connection).await {
        let body = answer(&request, &payouts).to_string();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        if connection.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The request is in lower case, as keys and names are anyway.
fn answer(request: &str, payouts: &Payouts) -> Value {
    let mut payouts = payouts.lock().expect("nobody panics");
    if request.starts_with("post ") {
        let key = request
            .lines()
            .find_map(|line| line.strip_prefix("idempotency-key: "));
        let key = key.expect("a payout is asked for under a key").to_owned();
        let id = format!("po_{}", payouts.len());
        let payout = json!({"id": id, "status": "paid", "metadata": {"tallystick_key": key}});
        return payouts.entry(key).or_insert(payout).clone();
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let named = path.rsplit('/').next().unwrap_or_default();
    let found = payouts.values().find(|payout| payout["id"] == named);
    found.cloned().unwrap_or_else(|| {
        let all: Vec<_> = payouts.values().collect();
        json!({"object": "list", "data": all, "has_more": false})
    })
}
