//! `deploy/otel/collector.yaml`: that what the roles send is taken, and arrives where somebody looks.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::project::yaml;

const COLLECTOR: &str = "deploy/otel/collector.yaml";
const COMPOSE: &str = "deploy/compose.yaml";

fn names(object: &Value) -> BTreeSet<&str> {
    let object = object.as_object().expect("a table of names");
    object.keys().map(String::as_str).collect()
}

fn port(address: &str) -> &str {
    address.rsplit_once(':').expect("an address has a port").1
}

#[test]
fn every_part_of_a_pipeline_is_there_and_every_part_that_is_there_is_used() {
    let collector = yaml(COLLECTOR);
    let pipelines = collector["service"]["pipelines"].as_object().unwrap();

    for kind in ["receivers", "processors", "exporters"] {
        let used: BTreeSet<&str> = pipelines
            .values()
            .flat_map(|pipeline| pipeline[kind].as_array().unwrap())
            .filter_map(Value::as_str)
            .collect();

        assert_eq!(used, names(&collector[kind]), "{kind}");
    }
}

#[test]
fn traces_go_from_the_roles_to_the_collector_and_from_there_to_jaeger() {
    let (collector, compose) = (yaml(COLLECTOR), yaml(COMPOSE));
    let takes = collector["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].as_str();
    let hands_on = collector["exporters"]["otlp"]["endpoint"].as_str().unwrap();
    let services = compose["services"].as_object().unwrap();

    let sent: BTreeSet<&str> = services
        .values()
        .filter_map(|it| it["environment"]["TALLYSTICK_TELEMETRY__OTLP_ENDPOINT"].as_str())
        .collect();

    let expected = format!("http://collector:{}", port(takes.unwrap()));
    assert_eq!(sent, BTreeSet::from([expected.as_str()]));
    assert!(hands_on.starts_with("jaeger:"), "{hands_on}");
    for name in ["collector", "jaeger"] {
        assert!(services.contains_key(name), "{name}");
    }
}

#[test]
fn the_collector_stays_below_the_memory_of_its_container() {
    let (collector, compose) = (yaml(COLLECTOR), yaml(COMPOSE));
    let limiter = &collector["processors"]["memory_limiter"];
    let mib = |name: &str| limiter[name].as_u64().unwrap();

    let given = compose["services"]["collector"]["mem_limit"].as_str();
    let given: u64 = given.unwrap().trim_end_matches('m').parse().unwrap();

    assert!(mib("limit_mib") + mib("spike_limit_mib") <= given);
    // It refuses what is too much before anything is gathered.
    let order = &collector["service"]["pipelines"]["traces"]["processors"];
    assert_eq!(order[0], "memory_limiter");
}
