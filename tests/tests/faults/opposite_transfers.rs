//! Money that goes both ways between two accounts.

use serde_json::json;
use tests::{Database, Setup, Tenant, at_once};

use crate::transfers::{self, open_accounts};

const TRANSFERS: usize = 1_000;

#[tokio::test]
async fn a_thousand_opposite_transfers_at_once_are_all_answered() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let accounts = open_accounts(&client).await;
    let transfer = |number: usize| {
        let (from, to) = if number.is_multiple_of(2) {
            (0, 1)
        } else {
            (1, 0)
        };
        let body = json!({
            "source_account_id": accounts[from],
            "destination_account_id": accounts[to],
            "amount_minor": 1,
            "currency": "USD",
        });
        let call = client.post("/transfers", &body);
        call.idempotency_key(&format!("transfer-{number}"))
    };

    let answers = at_once((0..TRANSFERS).map(transfer)).await;

    for answer in &answers {
        answer.expect(201);
    }
    transfers::audit(&client, &database, &accounts, TRANSFERS).await;
}
