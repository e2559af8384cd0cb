//! What settings may be, and whom pods may speak with.

use serde_json::json;

use super::rendered;

#[test]
fn numbers_are_told_as_they_are_whole_or_not() {
    let numbers = r#"config={"TALLYSTICK_TELEMETRY__SAMPLING_RATIO": 0.05, "TALLYSTICK_LEDGER__QUEUE_MAX": 20000000}"#;
    let Some(rendered) = rendered::render(&["--set-json", numbers]) else {
        return;
    };

    let text = String::from_utf8(rendered.stdout).unwrap();
    assert!(rendered.status.success(), "{text}");
    for (name, value) in [
        ("TELEMETRY__SAMPLING_RATIO", "0.05"),
        ("LEDGER__QUEUE_MAX", "20000000"),
    ] {
        let told = format!("- name: TALLYSTICK_{name}\n              value: \"{value}\"");
        assert!(text.contains(&told), "{name} in {text}");
    }
}

/// The API asks PayPal whether a notice is its own.
#[test]
fn who_speaks_with_providers_and_receivers_reaches_the_internet_and_nobody_else() {
    for rendered in rendered::all() {
        let mut policies = rendered.of_kind("NetworkPolicy");
        let internet = policies
            .find(|it| it["metadata"]["name"] == "tallystick-internet")
            .unwrap();
        let chosen = &internet["spec"]["podSelector"]["matchExpressions"][0];
        assert_eq!(chosen["values"], json!(["api", "webhooks", "worker"]));
    }
}
