use rstest::rstest;
use serde_json::json;

use super::*;

fn depending(name: &str, on: &str, kind: &str) -> Vec<Crate> {
    let ours = LAYERS.iter().any(|layer| layer.crates == on);
    let path = if ours {
        json!("/somewhere")
    } else {
        Value::Null
    };
    let dependency = json!({"name": on, "path": path, "kind": kind});
    crates_of(&json!({"packages": [{"name": name, "dependencies": [dependency]}]})).unwrap()
}

#[rstest]
#[case("app", "domain")]
#[case("adapters-postgres", "app")]
#[case("adapters-postgres", "tokio-postgres")]
#[case("api-actix", "actix-web")]
#[case("api-actix", "api-shared")]
#[case("api-grpc", "tonic")]
#[case("server", "adapters-redis")]
#[case("domain", "uuid")]
#[case("tests", "embedded-postgres")]
fn an_edge_inwards_is_allowed(#[case] from: &str, #[case] to: &str) {
    let crates = depending(from, to, "normal");

    assert!(violations(&crates).is_empty());
}

#[rstest]
#[case("domain", "app")]
#[case("domain", "serde")]
#[case("domain", "tokio")]
#[case("app", "tokio-postgres")]
#[case("app", "actix-web")]
#[case("adapters-postgres", "adapters-redis")]
#[case("adapters-redis", "api-actix")]
#[case("api-actix", "adapters-local")]
#[case("api-grpc", "api-actix")]
#[case("api-shared", "actix-web")]
#[case("api-shared", "tonic")]
#[case("api-actix", "tokio-postgres")]
#[case("adapters-postgres", "embedded-postgres")]
#[case("server", "tests")]
#[case("server", "xtask")]
fn an_edge_outwards_or_sideways_is_refused(#[case] from: &str, #[case] to: &str) {
    let crates = depending(from, to, "normal");

    assert_eq!(
        violations(&crates),
        [format!("{from} -> {to}: not allowed")]
    );
}

#[test]
fn tests_of_an_adapter_may_start_a_private_postgresql() {
    let crates = depending("adapters-postgres", "embedded-postgres", "dev");

    assert!(violations(&crates).is_empty());
}

#[test]
fn a_crate_without_a_layer_is_refused() {
    let crates = depending("helpers", "domain", "normal");

    assert!(violations(&crates)[0].starts_with("helpers: has no layer"));
}
