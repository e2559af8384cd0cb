//! Numbers without a gap, however many are sent at once.

use std::{collections::BTreeSet, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Answer, Client, Stage, at_once, day, invoice};

async fn drafts(client: &Client, count: usize) -> Vec<String> {
    let created = at_once((0..count).map(|_| client.post("/invoices", &invoice()))).await;
    let id = |created: &Answer| created.expect(201)["id"].as_str().unwrap().to_owned();
    created.iter().map(id).collect()
}

/// The numbers of this year's series, after making sure that it has no gap.
async fn register(client: &Client) -> Vec<String> {
    let register = client.get("/invoices/number-register?limit=100").await;
    let register = register.expect(200);
    let rows = register["data"].as_array().unwrap();
    let positions: Vec<_> = rows.iter().map(|row| row["position"].clone()).collect();
    let expected: Vec<_> = (1..=rows.len()).map(Value::from).collect();
    assert_eq!((&positions, &register["gaps"]), (&expected, &json!([])));
    let number = |row: &Value| row["number"].as_str().unwrap().to_owned();
    rows.iter().map(number).collect()
}

fn series() -> String {
    format!("INV-{}-", &day(0)[..4])
}

#[tokio::test]
async fn fifty_that_are_sent_at_once_are_numbered_from_1_to_50() {
    let client = Stage::client().await;
    let ids = drafts(&client, 50).await;

    let sent = at_once(ids.iter().map(|id| client.mark(id, "sent"))).await;

    let number = |sent: &Answer| sent.expect(200)["number"].as_str().unwrap().to_owned();
    let mut numbers: Vec<_> = sent.iter().map(number).collect();
    numbers.sort();
    let expected: Vec<_> = (1..=50).map(|n| format!("{}{n:06}", series())).collect();
    assert_eq!(numbers, expected);
    assert_eq!(register(&client).await, expected);
}

#[tokio::test]
async fn attempts_that_come_to_nothing_leave_no_gap() {
    let client = Stage::client().await;
    let ids = drafts(&client, 40).await;
    let send = |(index, id): (usize, &String)| {
        let call = client.mark(id, "sent");
        let call = match index % 4 {
            // Under a condition that does not hold.
            0 => call.header("If-Match", "\"7\""),
            1 => call.give_up_after(Duration::from_millis(3)),
            _ => call,
        };
        call.attempt()
    };

    join_all(ids.iter().enumerate().map(send)).await;

    // Those that are left are sent now; those whose answer was lost may be sent already.
    for id in &ids {
        let answer = client.mark(id, "sent").await;
        assert!(matches!(answer.status, 200 | 422), "{}", answer.text());
    }
    assert_eq!(register(&client).await.len(), 40);
}

#[tokio::test]
async fn a_series_passes_over_chosen_numbers_also_when_they_come_at_the_same_time() {
    let client = Stage::client().await;
    let ids = drafts(&client, 20).await;
    let choose = |position: usize| {
        let mut body = invoice();
        body["number"] = json!(format!("{}{position:06}", series()));
        client.post("/invoices", &body)
    };

    let (sent, chosen) = tokio::join!(
        at_once(ids.iter().map(|id| client.mark(id, "sent"))),
        at_once((1..=20).map(|n| choose(2 * n))),
    );

    for answer in chosen {
        assert!(matches!(answer.status, 201 | 409), "{}", answer.text());
    }
    for (id, sent) in ids.iter().zip(sent) {
        // A number that was chosen in the very moment in which it was taken is a race that the client is told of.
        if sent.verdict() == (409, "concurrent_change".to_owned()) {
            client.mark(id, "sent").await.expect(200);
        } else {
            sent.expect(200);
        }
    }
    let numbers = register(&client).await;
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
}
