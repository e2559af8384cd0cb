//! Two instances behind a proxy, each restarted in its turn.

use rustix::process::Signal;
use tests::{Database, Proxy, Service, Setup, Tenant, eventually};

use crate::{
    audit::audit,
    load::{Load, Patience},
};

const CLIENTS: usize = 6;

/// Ends an instance as an orchestrator does, and starts it again.
async fn restart(service: Service) -> Service {
    let setup = service.setup();
    service.signal(Signal::TERM);
    assert_eq!(service.ended().await.code(), Some(0));
    setup.start().await
}

#[tokio::test]
async fn two_instances_behind_a_proxy_are_restarted_in_turn_and_no_request_fails() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).with("SHUTDOWN__PAUSE_MS", 1_000);
    let mut instances = Vec::new();
    for _ in 0..2 {
        instances.push(setup.clone().on_a_lasting_port().start().await);
    }
    let addresses: Vec<_> = instances.iter().map(Service::address).collect();
    let proxy = Proxy::before(&addresses).await;
    let key = Tenant::on(&database).await.key;
    let client = || proxy.stranger().with_key(&key);
    eventually("the proxy has found an instance", async || {
        let answer = client().get("/customers").attempt().await.ok()?;
        (answer.status == 200).then_some(())
    })
    .await;
    let load = Load::of((0..CLIENTS).map(|_| client()), Patience::None);
    load.make_progress(20).await;

    for _ in 0..2 {
        let oldest = instances.remove(0);
        instances.push(restart(oldest).await);
        load.make_progress(20).await;
    }

    let orders = load.finish().await;
    audit(&client(), &database, &orders).await;
}
