//! A Redis that takes nothing any more.

use serde_json::json;
use tests::{Database, Redis, Setup, Tenant, invoice};

use crate::{
    audit::audit,
    load::{Load, Patience},
};

const CLIENTS: usize = 4;

#[tokio::test]
async fn a_redis_without_memory_costs_no_request_and_brings_nothing_old_back() {
    let (redis, database) = (Redis::start().await, Database::fresh().await);
    let setup = Setup::on(&database).with("REDIS__URL", redis.url());
    let services = [setup.clone().start().await, setup.start().await];
    let tenant = Tenant::on(&database).await;
    let [writer, reader] = [0, 1].map(|place| tenant.at(&services[place]));
    let id = writer.create("/invoices", &invoice()).await;
    let path = format!("/invoices/{id}");
    reader.get(&path).await.expect(200);
    let load = Load::of(
        (0..CLIENTS).map(|_| tenant.at(&services[0])),
        Patience::None,
    );
    load.make_progress(5).await;

    for setting in [["maxmemory-policy", "noeviction"], ["maxmemory", "1"]] {
        let set: String = redis.ask(&["CONFIG", "SET", setting[0], setting[1]]);
        assert_eq!(set, "OK");
    }

    for n in 0..10 {
        let notes = n.to_string();
        let changed = writer.patch(&path, &json!({"notes": notes})).await;
        changed.expect(200);
        assert_eq!(reader.get(&path).await.expect(200)["notes"], notes.as_str());
    }
    load.make_progress(20).await;
    let mut orders = load.finish().await;
    orders.push(crate::load::Order {
        id,
        status: "draft",
        version: 11,
    });
    audit(&reader, &database, &orders).await;
}
