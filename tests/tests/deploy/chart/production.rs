//! The values for production.

use serde_json::{Value, json};

use super::{
    ROLES,
    rendered::{self, Rendered, component},
};
use crate::project::text;

fn production() -> Option<Rendered> {
    Rendered::with(rendered::VALUES[1])
}

#[test]
fn in_production_the_api_grows_and_every_role_survives_a_node() {
    let Some(production) = production() else {
        return;
    };
    let budgets = production.of_kind("PodDisruptionBudget").map(component);
    assert_eq!(budgets.collect::<Vec<_>>(), ROLES);
    for deployment in production.of_kind("Deployment") {
        let role = component(deployment);
        let mut scalers = production.of_kind("HorizontalPodAutoscaler");
        let scaler = scalers.find(|it| component(it) == role);
        let least = scaler.map_or(&deployment["spec"]["replicas"], |it| {
            assert_eq!(
                it["spec"]["scaleTargetRef"]["name"],
                deployment["metadata"]["name"]
            );
            assert!(
                deployment["spec"]["replicas"].is_null(),
                "{role}: two would say how many"
            );
            &it["spec"]["minReplicas"]
        });
        assert!(least.as_u64().unwrap() >= 2, "{role}");
        assert!(role != "api" || scaler.is_some());
    }
}

/// The alerts know instances by the names of their jobs.
#[test]
fn in_production_every_role_is_watched_by_the_name_that_alerts_ask_for() {
    let Some(production) = production() else {
        return;
    };
    let monitor = production.of_kind("ServiceMonitor").next().unwrap();
    let endpoint = &monitor["spec"]["endpoints"][0];
    let watched: Vec<&str> = production
        .of_kind("Service")
        .filter(|service| service["spec"]["ports"][0]["name"] == endpoint["port"])
        .map(component)
        .collect();

    assert_eq!(watched, ROLES);
    assert_eq!(endpoint["relabelings"][0]["targetLabel"], "job");
    assert_eq!(endpoint["relabelings"][0]["replacement"], "tallystick-$1");
    let scraped = text("deploy/prometheus/prometheus.yaml");
    for role in ROLES {
        assert!(scraped.contains(&format!("job_name: tallystick-{role}\n")));
    }
}

#[test]
fn in_production_nobody_is_let_in_who_is_not_named() {
    let Some(production) = production() else {
        return;
    };
    let policies: Vec<&Value> = production.of_kind("NetworkPolicy").collect();
    let rules = |direction: &str| -> Vec<&Value> {
        let all = policies
            .iter()
            .filter_map(|it| it["spec"][direction].as_array());
        all.flatten().collect()
    };
    let names = json!([{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]);

    assert!(rules("ingress").iter().all(|rule| rule["from"].is_array()));
    assert!(
        rules("egress")
            .iter()
            .all(|rule| rule["to"].is_array() || rule["ports"] == names)
    );
    // Whatever has no rule of its own is selected by one that lets nothing else through.
    let all = policies[0];
    assert!(all["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/component"].is_null());
    assert_eq!(all["spec"]["policyTypes"], json!(["Ingress", "Egress"]));
}
