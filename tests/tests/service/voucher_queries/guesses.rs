//! What is a guess of a code, and what is not.

use serde_json::{Value, json};
use tests::{Answer, Client, Stage, invoice};

use super::{NOBODY, campaign, issue};

/// More than may be guessed in a minute.
const MANY: usize = 25;

/// A gift with the code `GIFT`, and a draft that a discount with the code `FIVE` is on.
async fn shop() -> (Client, String) {
    let client = Stage::client().await;
    for (code, kind) in [("GIFT", "gift"), ("FIVE", "discount")] {
        let id = campaign(&client, &json!({"kind": kind})).await;
        issue(&client, &id, code).await;
    }
    let draft = client.create("/invoices", &invoice()).await;
    let draft = format!("/invoices/{draft}/vouchers");
    let applied = client.post(&draft, &json!({"code": "FIVE"})).await;
    applied.expect(200);
    (client, draft)
}

async fn redeem(client: &Client, code: &str, body: &Value, key: usize) -> Answer {
    let redeem = client.post(&format!("/vouchers/{code}/redeem"), body);
    redeem.idempotency_key(&format!("{body}-{key}")).await
}

async fn is_open(client: &Client) -> bool {
    client.get("/vouchers/GIFT").await.status == 200
}

#[tokio::test]
async fn what_else_is_not_there_is_no_guess() {
    let (client, draft) = shop().await;
    let trial = json!({"currency": "USD", "total_minor": 1, "customer_id": NOBODY});
    let nowhere = format!("/invoices/{NOBODY}/vouchers");
    client.delete(&format!("{draft}/five")).await.expect(200);

    let mut told: Vec<[(u16, String); 6]> = Vec::new();
    for key in 0..MANY {
        let to = |field: &str| json!({field: NOBODY});
        told.push([
            redeem(&client, "GIFT", &to("account_id"), key)
                .await
                .verdict(),
            redeem(&client, "GIFT", &to("user_id"), key).await.verdict(),
            client
                .post("/vouchers/GIFT/validate", &trial)
                .await
                .verdict(),
            client
                .post(&nowhere, &json!({"code": "FIVE"}))
                .await
                .verdict(),
            client.delete(&format!("{draft}/five")).await.verdict(),
            client.delete(&format!("{nowhere}/five")).await.verdict(),
        ]);
    }

    for answers in &told {
        assert_eq!(answers, &told[0]);
        assert!(
            answers.iter().all(|(status, _)| *status == 404),
            "{answers:?}"
        );
    }
    let words: Vec<_> = told[0].iter().map(|(_, word)| word.as_str()).collect();
    let expected = [
        "account_not_found",
        "not_found",
        "customer_not_found",
        "not_found",
        "not_found",
        "not_found",
    ];
    assert_eq!(words, expected);
    assert!(is_open(&client).await);
}

#[tokio::test]
async fn a_code_that_there_is_not_is_a_guess_wherever_it_is_asked_for() {
    let (client, draft) = shop().await;

    for key in 0..10 {
        let body = json!({"account_id": NOBODY});
        let redeemed = redeem(&client, "NONE", &body, key).await;
        assert_eq!(redeemed.status, 404);
        let taken_off = client.delete(&format!("{draft}/none")).await;
        assert_eq!(taken_off.verdict(), (404, "not_found".to_owned()));
    }

    assert!(!is_open(&client).await);
    let known = client.delete(&format!("{draft}/five")).await;
    assert_eq!(known.verdict(), (429, "too_many_guesses".to_owned()));
}
