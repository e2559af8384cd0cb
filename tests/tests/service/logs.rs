//! What the log does not tell, however much it is to tell.

use serde_json::{Value, json};
use tests::{Database, Setup, Tenant, eventually};

const DNI: &str = "48151623";

fn user(name: &str, dni: &Value) -> Value {
    json!({"username": name, "name": "Ada Lovelace", "dni": dni, "currency": "PEN"})
}

#[tokio::test]
async fn a_national_id_is_never_logged() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).with("LOG__LEVEL", "trace");
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);

    let registered = client.post("/users", &user("ada1815", &json!(DNI))).await;
    let taken = client.post("/users", &user("bob1815", &json!(DNI))).await;
    let too_long = json!(format!("{DNI}9"));
    let wrong = client.post("/users", &user("cy1815", &too_long)).await;
    let unknown = client.get(&format!("/users?dni={DNI}")).await;
    let last = client.post("/users", &json!({"dni": DNI, "last": true}));
    let last = last.header("X-Request-Id", "the-last-one").await;

    let statuses = [&registered, &taken, &wrong, &unknown, &last].map(|it| it.status);
    assert_eq!(statuses, [201, 409, 400, 400, 400]);
    eventually("all of it is logged", async || {
        service.log().contains("the-last-one").then_some(())
    })
    .await;
    let log = service.log();
    let telling: Vec<_> = log.lines().filter(|line| line.contains(DNI)).collect();
    assert_eq!(telling, [""; 0]);
}
