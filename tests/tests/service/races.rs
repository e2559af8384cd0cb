//! Many at once.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Answer, Client, Stage, at_once, customer, invoice};

/// How often each verdict was given.
fn tally(answers: &[Answer]) -> BTreeMap<(u16, String), usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry(answer.verdict()).or_default() += 1;
    }
    tally
}

fn verdict(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn of_200_that_want_one_number_one_gets_it() {
    let client = Stage::client().await;
    let mut body = invoice();
    body["number"] = json!("A-1");

    let answers = at_once((0..200).map(|_| client.post("/invoices", &body))).await;

    let expected = BTreeMap::from([(verdict(201, ""), 1), (verdict(409, "already_exists"), 199)]);
    assert_eq!(tally(&answers), expected);
    assert_eq!(client.get("/invoices?page=1").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn of_200_customers_with_one_external_id_one_is_registered() {
    let client = Stage::client().await;
    let mut body = customer();
    body["external_id"] = json!("CRM-7");

    let answers = at_once((0..200).map(|_| client.post("/customers", &body))).await;

    let expected = BTreeMap::from([(verdict(201, ""), 1), (verdict(409, "already_exists"), 199)]);
    assert_eq!(tally(&answers), expected);
}

#[tokio::test]
async fn two_hundred_requests_under_one_key_make_one_invoice() {
    let client = Stage::client().await;

    let answers =
        at_once((0..200).map(|_| client.post("/invoices", &invoice()).idempotency_key("k"))).await;

    let (created, waiting): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert!(
        waiting
            .iter()
            .all(|answer| answer.verdict() == verdict(409, "idempotency_in_progress"))
    );
    assert!(
        waiting
            .iter()
            .all(|answer| answer.header("retry-after") == "1")
    );
    assert!(created.windows(2).all(|pair| pair[0].body == pair[1].body));
    let fresh = created
        .iter()
        .filter(|answer| answer.header("idempotency-replayed").is_empty())
        .count();
    assert_eq!(fresh, 1, "of {} answers", created.len());
    assert_eq!(client.get("/invoices?page=1").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn one_key_for_many_requests_carries_out_one_of_them() {
    let client = Stage::client().await;
    let numbered = |n: usize| {
        let mut body = invoice();
        body["number"] = json!(format!("A-{n}"));
        client.post("/invoices", &body).idempotency_key("k")
    };

    let answers = at_once((0..100).map(numbered)).await;

    let tally = tally(&answers);
    assert_eq!(tally[&verdict(201, "")], 1, "{tally:?}");
    assert!(
        tally
            .keys()
            .all(|(status, _)| matches!(status, 201 | 409 | 422)),
        "{tally:?}"
    );
    assert_eq!(client.get("/invoices?page=1").await.expect(200)["total"], 1);
}

#[tokio::test]
async fn of_two_that_decide_differently_one_wins() {
    let client = Stage::client().await;
    for _ in 0..20 {
        let id = client.create("/invoices", &invoice()).await;
        client.mark(&id, "sent").await.expect(200);

        let answers = at_once([client.mark(&id, "paid"), client.mark(&id, "cancelled")]).await;

        let expected = BTreeMap::from([
            (verdict(200, ""), 1),
            (verdict(422, "status_transition_forbidden"), 1),
        ]);
        assert_eq!(tally(&answers), expected);
        let winner = answers
            .iter()
            .find(|answer| answer.status == 200)
            .unwrap()
            .json();
        let now = client.get(&format!("/invoices/{id}")).await.expect(200);
        assert_eq!(
            (&now["status"], &now["version"]),
            (&winner["status"], &json!(3))
        );
    }
}

#[tokio::test]
async fn of_many_changes_under_one_condition_one_is_made() {
    let client = Stage::client().await;
    let id = client.create("/invoices", &invoice()).await;
    let change = |n: usize| {
        client
            .patch(&format!("/invoices/{id}"), &json!({"notes": n.to_string()}))
            .header("If-Match", "\"1\"")
    };

    let answers = at_once((0..50).map(change)).await;

    let expected = BTreeMap::from([
        (verdict(200, ""), 1),
        (verdict(412, "version_conflict"), 49),
    ]);
    assert_eq!(tally(&answers), expected);
}

#[tokio::test]
async fn changes_without_a_condition_are_made_one_after_the_other() {
    let client = Stage::client().await;
    let id = client.create("/invoices", &invoice()).await;

    let answers = at_once(
        (0..30).map(|n| client.patch(&format!("/invoices/{id}"), &json!({"notes": n.to_string()}))),
    )
    .await;

    let mut versions: Vec<_> = answers
        .iter()
        .map(|answer| answer.expect(200)["version"].as_i64().unwrap())
        .collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..=31).collect::<Vec<_>>());
    let timeline = client
        .get(&format!("/invoices/{id}/events?limit=100"))
        .await
        .expect(200);
    assert_eq!(timeline["data"].as_array().unwrap().len(), 31);
}

#[tokio::test]
async fn what_was_deleted_is_gone_at_once_for_all_who_read_it() {
    let client = Stage::client().await;
    for _ in 0..20 {
        let path = format!("/invoices/{}", client.create("/invoices", &invoice()).await);
        let reads = |count: usize| (0..count).map(|_| client.get(&path));

        let (deleted, _) = tokio::join!(client.delete(&path).attempt(), at_once(reads(10)));
        let after = at_once(reads(10)).await;

        assert_eq!(deleted.unwrap().status, 204);
        assert_eq!(
            tally(&after),
            BTreeMap::from([(verdict(404, "not_found"), 10)])
        );
    }
}

#[tokio::test]
async fn what_was_changed_is_read_as_changed_at_once() {
    let client = Stage::client().await;
    let path = format!("/invoices/{}", client.create("/invoices", &invoice()).await);
    for n in 0..50 {
        let notes = n.to_string();
        let (changed, _) = tokio::join!(
            client.patch(&path, &json!({"notes": notes})).attempt(),
            at_once((0..10).map(|_| client.get(&path))),
        );

        assert_eq!(changed.unwrap().expect(200)["notes"], notes.as_str());
        assert_eq!(client.get(&path).await.expect(200)["notes"], notes.as_str());
    }
}

#[tokio::test]
async fn an_unknown_id_that_was_asked_for_can_still_become_known() {
    let client = Stage::client().await;
    let other = Stage::client().await;
    let id = client.create("/invoices", &invoice()).await;

    // Somebody else's look-up is remembered as a miss, of theirs.
    assert_eq!(other.get(&format!("/invoices/{id}")).await.status, 404);

    client.get(&format!("/invoices/{id}")).await.expect(200);
}

/// Two accounts, of which the first can pay so much, and what is asked for a payment of 1 from one to the other.
async fn two_accounts(client: &Client, opening_minor: i64) -> ([String; 2], Value) {
    let mut ids = Vec::new();
    for (owner, minor) in [("payer", opening_minor), ("payee", 0)] {
        let body = json!({"owner": owner, "currency": "USD", "initial_balance_minor": minor});
        let opened = client.post("/accounts", &body).idempotency_key(owner);
        let id = opened.await.expect(201)["id"].as_str().map(str::to_owned);
        ids.push(id.expect("an account has an id"));
    }
    let [from, to]: [String; 2] = ids.try_into().expect("two");
    let body = json!({
        "payment_type": "internal_transfer", "source_account_id": from, "destination_account_id": to,
        "amount_minor": 1, "currency": "USD",
    });
    ([from, to], body)
}

async fn balance(client: &Client, account: &str) -> Value {
    let path = format!("/accounts/{account}/balance");
    client.get(&path).await.expect(200)["balance_minor"].clone()
}

#[tokio::test]
async fn of_500_payments_a_hundred_fit_what_is_there() {
    let client = Stage::client().await;
    let ([from, to], body) = two_accounts(&client, 100).await;
    let pay = |n| {
        let call = client.post("/payments", &body);
        call.idempotency_key(&format!("pay-{n}"))
    };

    let answers = at_once((0..500).map(pay)).await;

    let expected = BTreeMap::from([
        (verdict(201, ""), 100),
        (verdict(422, "insufficient_funds"), 400),
    ]);
    assert_eq!(tally(&answers), expected);
    assert_eq!(balance(&client, &from).await, 0);
    assert_eq!(balance(&client, &to).await, 100);
    let path = format!("/payments?page=1&status=completed&account_id={from}");
    assert_eq!(client.get(&path).await.expect(200)["total"], 100);
    let paid = answers.iter().find(|answer| answer.status == 201);
    let paid = paid.expect("a hundred of them").json();
    let id = paid["id"].as_str().expect("an id");
    assert_eq!(
        client.get(&format!("/payments/{id}")).await.expect(200),
        paid
    );
    let again = pay(answers
        .iter()
        .position(|it| it.status == 422)
        .expect("400 of them"))
    .await;
    assert_eq!(again.verdict(), verdict(422, "insufficient_funds"));
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_hundred_payments_under_one_key_are_one_payment() {
    let client = Stage::client().await;
    let ([from, _], body) = two_accounts(&client, 100).await;

    let answers =
        at_once((0..100).map(|_| client.post("/payments", &body).idempotency_key("k"))).await;

    assert_eq!(tally(&answers), BTreeMap::from([(verdict(201, ""), 100)]));
    assert!(answers.windows(2).all(|pair| pair[0].body == pair[1].body));
    assert_eq!(balance(&client, &from).await, 99);
    assert_eq!(client.get("/payments?page=1").await.expect(200)["total"], 1);
}
