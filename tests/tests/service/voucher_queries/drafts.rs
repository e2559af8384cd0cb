//! Vouchers on drafts: several on one, the same request twice, and who guesses.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Stage, invoice, line};

use super::{campaign, issue};

async fn draft(client: &Client) -> String {
    let mut body = invoice();
    body["items"] = json!([line(1, 8_000, 1_000)]);
    let draft = client.create("/invoices", &body).await;
    format!("/invoices/{draft}")
}

async fn offer(client: &Client, code: &str, more: &Value) -> String {
    let id = campaign(client, more).await;
    issue(client, &id, code).await;
    id
}

async fn apply(client: &Client, draft: &str, code: &str) -> tests::Answer {
    let path = format!("{draft}/vouchers");
    client.post(&path, &json!({"code": code})).await
}

fn sums(draft: &Value) -> (i64, i64) {
    let sum = |name: &str| draft[name].as_i64().unwrap();
    (sum("discount_minor"), sum("total_minor"))
}

#[tokio::test]
async fn vouchers_on_one_draft_come_off_in_turn_and_never_more_than_is_left() {
    let client = Stage::client().await;
    offer(&client, "FIVE", &json!({})).await;
    let tenth = json!({"name": "Tenth", "kind": "discount", "percent_bps": 1_000});
    let tenth = client.create("/campaigns", &tenth).await;
    issue(&client, &tenth, "TENTH").await;
    offer(&client, "MOST", &json!({"amount_minor": 7_500})).await;
    offer(&client, "MORE", &json!({"amount_minor": 1})).await;
    let path = draft(&client).await;

    let mut told = Vec::new();
    for code in ["FIVE", "TENTH", "MOST"] {
        told.push(sums(&apply(&client, &path, code).await.expect(200)));
    }
    let nothing_left = apply(&client, &path, "MORE").await;
    let without = client.delete(&format!("{path}/vouchers/five")).await;
    let edit = json!({"items": [line(1, 10_000, 1_000)]});
    let edited = client.patch(&path, &edit).await.expect(200);

    // A percentage is of all lines, before other vouchers; the tax of 10 % is on what is left. What one leaves when it is
    // taken off goes to those that had found too little.
    assert_eq!(told, [(500, 8_250), (1_300, 7_370), (8_000, 0)]);
    assert_eq!(
        nothing_left.verdict(),
        (422, "minimum_not_reached".to_owned())
    );
    assert_eq!(sums(&without.expect(200)), (8_000, 0));
    assert_eq!(sums(&edited), (8_500, 1_650));
}

#[tokio::test]
async fn what_does_not_touch_the_lines_does_not_touch_the_total() {
    let client = Stage::client().await;
    let campaign = offer(&client, "FIVE", &json!({})).await;
    offer(&client, "MOST", &json!({"amount_minor": 7_900})).await;
    let path = draft(&client).await;
    let note = async |notes: &str| {
        let edited = client.patch(&path, &json!({"notes": notes})).await;
        sums(&edited.expect(200))
    };

    apply(&client, &path, "FIVE").await.expect(200);
    apply(&client, &path, "MOST").await.expect(200);
    let both = note("thank you").await;
    client
        .delete(&format!("{path}/vouchers/most"))
        .await
        .expect(200);
    let one = note("thank you very much").await;
    let stricter = json!({"min_total_minor": 9_000, "status": "paused"});
    let revised = client.patch(&format!("/campaigns/{campaign}"), &stricter);
    revised.await.expect(200);
    let later = note("thanks again").await;

    assert_eq!((both, one), ((8_000, 0), (500, 8_250)));
    assert_eq!(later, one);
}

#[tokio::test]
async fn a_voucher_that_is_applied_again_under_its_key_is_applied_once() {
    let client = Stage::client().await;
    offer(&client, "ONCE", &json!({"max_redemptions": 1})).await;
    let path = draft(&client).await;
    let body = json!({"code": "ONCE"});
    let apply = async || {
        let call = client.post(&format!("{path}/vouchers"), &body);
        call.idempotency_key("apply").await
    };

    let (first, second) = (apply().await, apply().await);

    assert_eq!(sums(&first.expect(200)), (500, 8_250));
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn vouchers_that_are_ordered_again_under_their_key_are_issued_once() {
    let client = Stage::client().await;
    let id = campaign(&client, &json!({})).await;
    let body = json!({"campaign_id": id});
    let issue = async || {
        let call = client.post("/vouchers", &body);
        call.idempotency_key("issue").await
    };
    let order = async || {
        let call = client.post(&format!("/campaigns/{id}/vouchers"), &json!({"count": 5}));
        call.idempotency_key("order").await
    };

    let issued = [issue().await.expect(201), issue().await.expect(201)];
    let ordered = [order().await.expect(202), order().await.expect(202)];

    assert_eq!(issued[0], issued[1]);
    assert_eq!(ordered[0]["id"], ordered[1]["id"]);
}

#[tokio::test]
async fn the_timeline_of_a_draft_tells_that_its_discount_has_changed() {
    let client = Stage::client().await;
    offer(&client, "FIVE", &json!({})).await;
    let path = draft(&client).await;
    apply(&client, &path, "FIVE").await.expect(200);

    let timeline = client.get(&format!("{path}/events")).await.expect(200);

    let changes = &timeline["data"][0]["changes"];
    assert_eq!(
        *changes,
        json!({"fields": ["discount_minor"]}),
        "{timeline}"
    );
}

/// Every way to ask for a code, each for one that there is not.
fn guesses(draft: &str) -> Vec<(Method, String, Value)> {
    let cart = json!({"currency": "USD", "total_minor": 1});
    let scan = json!({"text": "GUESS-5", "currency": "USD", "total_minor": 1});
    let gift = json!({"account_id": super::NOBODY});
    [
        (Method::GET, "/vouchers/GUESS-1", Value::Null),
        (Method::GET, "/vouchers/GUESS-2/qr.svg", Value::Null),
        (
            Method::PATCH,
            "/vouchers/GUESS-3",
            json!({"status": "disabled"}),
        ),
        (Method::POST, "/vouchers/GUESS-4/validate", cart),
        (Method::POST, "/vouchers/scan", scan),
        (Method::POST, "/vouchers/GUESS-6/redeem", gift),
        (
            Method::POST,
            &format!("{draft}/vouchers"),
            json!({"code": "GUESS-7"}),
        ),
    ]
    .map(|(method, path, body)| (method, format!("/api/v1{path}"), body))
    .into()
}

#[tokio::test]
async fn guesses_count_at_every_door_and_close_all_of_them() {
    let client = Stage::client().await;
    offer(&client, "KNOWN", &json!({})).await;
    let draft = draft(&client).await;
    let doors = guesses(&draft);
    let knock = async |number: usize| {
        let (method, path, body) = &doors[number % doors.len()];
        let call = client.call(method.clone(), path);
        let call = if body.is_null() {
            call
        } else {
            call.json(body)
        };
        call.idempotency_key(&format!("guess-{number}"))
            .await
            .status
    };

    let mut statuses = Vec::new();
    for number in 0..20 {
        statuses.push(knock(number).await);
    }
    let mut closed = Vec::new();
    for number in 20..20 + doors.len() {
        closed.push(knock(number).await);
    }

    assert_eq!(statuses, [404; 20]);
    assert!(closed.iter().all(|status| *status == 429), "{closed:?}");
    let known = client.get("/vouchers/KNOWN").await;
    assert_eq!(known.verdict(), (429, "too_many_guesses".to_owned()));
    assert!(known.header("retry-after").parse::<u64>().unwrap() <= 60);
    client.get("/campaigns").await.expect(200);
}

#[tokio::test]
async fn what_another_organization_has_of_vouchers_does_not_exist() {
    let (ours, theirs) = (Stage::client().await, Stage::client().await);
    let campaign = offer(&theirs, "THEIRS", &json!({})).await;
    offer(&theirs, "BOTH", &json!({})).await;
    offer(&ours, "BOTH", &json!({"amount_minor": 700})).await;
    let draft = draft(&ours).await;
    let trial = json!({"currency": "USD", "total_minor": 8_000});

    let path = format!("/campaigns/{campaign}");
    let answers = [
        ours.get(&path).await,
        ours.get(&format!("{path}/stats")).await,
        ours.get(&format!("{path}/vouchers.csv")).await,
        ours.patch(&path, &json!({"status": "ended"})).await,
        ours.post(&format!("{path}/vouchers"), &json!({"count": 1}))
            .await,
        ours.post("/vouchers", &json!({"campaign_id": campaign}))
            .await,
        ours.get("/vouchers/THEIRS").await,
        ours.patch("/vouchers/THEIRS", &json!({"status": "disabled"}))
            .await,
        ours.post("/vouchers/THEIRS/validate", &trial).await,
        apply(&ours, &draft, "THEIRS").await,
    ];

    let statuses: Vec<_> = answers.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [404; 10]);
    let own = apply(&ours, &draft, "both").await.expect(200);
    assert_eq!(sums(&own).0, 700);
    let unharmed = theirs.get("/vouchers/THEIRS").await.expect(200);
    assert_eq!(unharmed["status"], "enabled");
}
