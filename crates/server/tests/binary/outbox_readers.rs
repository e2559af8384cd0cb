//! Groups of readers that are not used any more.

use rustix::process::Signal;
use serde_json::Value;

use crate::support::{Place, text_of};

fn groups(place: &Place) -> Vec<String> {
    let output = place.run(&["outbox", "readers", "list", "--json"]);
    assert!(output.status.success(), "{}", text_of(&output.stderr));
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let name = |group: &Value| group["reader"].as_str().unwrap().to_owned();
    listed.iter().map(name).collect()
}

#[tokio::test]
async fn a_group_is_forgotten_only_when_nobody_reads_for_it() {
    let place = Place::new();
    let server = place.start().await;
    let forget = ["outbox", "readers", "forget", "validator"];

    let before = groups(&place);
    let at_work = place.run(&forget);
    server.stop(Signal::TERM);
    let stopped = place.run(&[&forget[..], &["--json"]].concat());
    let again = place.run(&forget);

    assert!(
        before.iter().any(|group| group == "validator"),
        "{before:?}"
    );
    assert_eq!(at_work.status.code(), Some(1));
    assert!(text_of(&at_work.stderr).contains("at work"));
    assert!(stopped.status.success(), "{}", text_of(&stopped.stderr));
    let told: Value = serde_json::from_slice(&stopped.stdout).unwrap();
    assert_eq!(told["forgotten"], "validator");
    assert_eq!(again.status.code(), Some(1));
    let complaint = text_of(&again.stderr);
    assert!(
        complaint.contains("no group of readers called validator"),
        "{complaint}"
    );
    assert!(!groups(&place).contains(&"validator".to_owned()));
}
