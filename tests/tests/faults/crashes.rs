//! `kill -9`.

use tests::{Database, Setup, Tenant};

use crate::{
    audit::audit,
    load::{Load, Patience},
};

const CRASHES: usize = 6;
const CLIENTS: usize = 6;

#[tokio::test]
async fn whatever_was_answered_survives_kills_at_random_moments() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).on_a_lasting_port().start().await;
    let tenant = Tenant::on(&database).await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);

    let service = load.outlive(service, CRASHES, 5).await;
    let orders = load.finish().await;

    assert!(
        orders.len() > CRASHES * 5,
        "only {} orders were placed",
        orders.len()
    );
    audit(&tenant.at(&service), &database, &orders).await;
}
