//! Clients that bill without a pause, and repeat under the same key whatever was not answered.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Answer, Call, Client, Generator, Service, invoice};

use crate::crew::{Crew, Shift};

const PAUSE: Duration = Duration::from_millis(20);
/// Answers that last, as much as success does.
const REFUSALS: [&str; 2] = ["insufficient_funds", "batch_rejected"];

/// How clients take it when they are not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// They try again until they are.
    Endless,
    /// Nothing may fail: the test does.
    None,
}

/// Clients at work.
#[derive(Debug)]
pub(crate) struct Load(Crew<Vec<Order>>);

/// An invoice that a client has made, and how it should be now.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) version: i64,
}

impl Load {
    /// Starts one worker per client.
    pub(crate) fn of(clients: impl IntoIterator<Item = Client>, patience: Patience) -> Self {
        // Two loads of one organization have keys of their own.
        let load = Generator::default().below(u64::from(u32::MAX));
        Self(Crew::start(clients, |number, client, shift| {
            let worker = Worker {
                client,
                patience,
                name: format!("worker-{load}-{number}"),
                dice: Generator::default(),
                shift,
            };
            worker.work()
        }))
    }

    /// Waits until this many more orders are done.
    pub(crate) async fn make_progress(&self, orders: usize) {
        self.0.make_progress(orders).await;
    }

    /// Goes on while who serves them is killed, so many times, and so many orders apart.
    pub(crate) async fn outlive(&self, service: Service, kills: usize, orders: usize) -> Service {
        self.0.outlive(service, kills, orders).await
    }

    /// Lets them finish what they are at, and tells what they have made.
    pub(crate) async fn finish(self) -> Vec<Order> {
        self.0.finish().await.into_iter().flatten().collect()
    }
}

struct Worker {
    client: Client,
    patience: Patience,
    name: String,
    dice: Generator,
    shift: Shift,
}

impl Worker {
    async fn work(mut self) -> Vec<Order> {
        let mut orders = Vec::new();
        while !self.shift.is_over() {
            let order = self.bill(&format!("{}-{}", self.name, orders.len())).await;
            orders.push(order);
            self.shift.count();
        }
        orders
    }

    /// Makes an invoice, reads it, and takes it through a part of its life.
    async fn bill(&mut self, key: &str) -> Order {
        let mut body = invoice();
        body["items"][0]["unit_price_minor"] = json!(1 + self.dice.below(100_000));
        let create = || self.client.post("/invoices", &body).idempotency_key(key);
        let created = self.insist(create, 201).await;
        let id = created["id"].as_str().expect("an id").to_owned();
        let read = self
            .insist(|| self.client.get(&format!("/invoices/{id}")), 200)
            .await;
        assert_eq!(read["version"], 1, "an answered write is there");

        let life = [&["sent", "paid"][..], &["sent"], &["cancelled"], &[]];
        let steps = life[usize::try_from(self.dice.below(4)).expect("small")];
        let mut order = Order {
            id,
            status: "draft",
            version: 1,
        };
        for status in steps {
            let mark = || {
                self.client
                    .mark(&order.id, status)
                    .idempotency_key(&format!("{key}-{status}"))
            };
            let marked = self.insist(mark, 200).await;
            order.status = status;
            order.version += 1;
            assert_eq!(
                marked["version"], order.version,
                "a repeated step is taken once"
            );
        }
        let again = self.insist(create, 201).await;
        assert_eq!(
            again["id"],
            order.id.as_str(),
            "a repeated creation makes one invoice"
        );
        order
    }

    /// Calls until it is answered as expected. Nothing but what may be repeated is put up with.
    async fn insist(&self, call: impl Fn() -> Call, status: u16) -> Value {
        loop {
            let answer = call().attempt().await;
            match (&answer, self.patience) {
                (Ok(answer), _) if answer.status == status => return answer.json(),
                (_, Patience::None) => panic!("not served: {answer:?}"),
                (Ok(answer), Patience::Endless) => assert_may_repeat(answer),
                (Err(_lost), Patience::Endless) => {}
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

pub(crate) fn assert_may_repeat(answer: &Answer) {
    let (status, code) = answer.verdict();
    let may_repeat = matches!(
        (status, code.as_str()),
        (503, "unavailable" | "deadline_exceeded" | "overloaded")
            | (409, "idempotency_in_progress" | "concurrent_change")
    );
    assert!(may_repeat, "{}", answer.text());
    assert!(
        !answer.header("retry-after").is_empty(),
        "when may it be repeated? {answer:?}"
    );
}

/// Asks for money to be moved until that is answered: that it was, or that there is not enough.
pub(crate) async fn answered(client: &Client, path: &str, (key, body): (&str, &Value)) -> Answer {
    loop {
        let call = client.post(path, body).idempotency_key(key);
        if let Ok(answer) = call.attempt().await {
            match answer.verdict() {
                (200 | 201, _) => return answer,
                (422, code) if REFUSALS.contains(&code.as_str()) => return answer,
                _ => assert_may_repeat(&answer),
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks for what was answered, and fails unless it is told the same.
pub(crate) async fn assert_replayed(
    client: &Client,
    path: &str,
    (key, body): (&str, &Value),
    first: &Answer,
) {
    let again = answered(client, path, (key, body)).await;
    assert_eq!(
        (again.status, &again.body),
        (first.status, &first.body),
        "{key}"
    );
    assert_eq!(again.header("idempotency-replayed"), "true", "{key}");
}
