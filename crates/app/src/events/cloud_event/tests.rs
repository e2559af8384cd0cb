use serde_json::{Value, json};

use super::*;
use crate::{
    ports::AggregateKind,
    testing::{NOW, ORGANIZATION},
};

fn event() -> CloudEvent {
    CloudEvent {
        id: EventId::from_uuid(Uuid::from_u128(7)),
        organization_id: ORGANIZATION,
        kind: AggregateKind::Invoice.into(),
        aggregate_id: Uuid::from_u128(9),
        sequence: 3,
        event_type: "invoice.sent".to_owned(),
        occurred_at: NOW.parse().unwrap(),
        traceparent: None,
        data: r#"{"total_minor":9007199254740991,"notes":"\"ü\""}"#.to_owned(),
    }
}

#[test]
fn it_is_a_cloud_event_with_the_attributes_of_the_contract() {
    let event = event();

    let json: Value = serde_json::from_str(&event.to_json().unwrap()).unwrap();

    assert_eq!(
        json,
        json!({
            "specversion": "1.0",
            "id": "00000000-0000-0000-0000-000000000007",
            "source": format!("/organizations/{ORGANIZATION}"),
            "type": "invoice.sent",
            "subject": "00000000-0000-0000-0000-000000000009",
            "time": "2026-11-20T12:00:00.000000Z",
            "datacontenttype": "application/json",
            "dataschema": "/asyncapi.json#/components/schemas/invoice",
            "sequence": 3,
            "data": {"total_minor": 9_007_199_254_740_991_i64, "notes": "\"ü\""},
        })
    );
}

#[test]
fn what_was_written_is_read_again() {
    let event = CloudEvent {
        traceparent: Some(format!("00-{:032x}-{:016x}-01", 1, 2)),
        ..event()
    };

    let read = CloudEvent::from_json(event.to_json().unwrap().as_bytes()).unwrap();

    assert_eq!(read, event);
}

#[test]
fn what_a_later_release_has_written_is_read_as_it_is() {
    let event = CloudEvent {
        kind: EventKind::of("subscription"),
        event_type: "subscription.begun".to_owned(),
        ..event()
    };

    let read = CloudEvent::from_json(event.to_json().unwrap().as_bytes()).unwrap();

    assert_eq!(
        (read.kind.code(), read.kind.known()),
        ("subscription", None)
    );
    assert_eq!(read, event);
}

#[test]
fn other_bytes_are_no_event() {
    let foreign = event()
        .to_json()
        .unwrap()
        .replace("/organizations/", "/somebody/");

    assert!(matches!(
        CloudEvent::from_json(foreign.as_bytes()),
        Err(NotAnEvent::Attribute("source"))
    ));
    assert!(matches!(
        CloudEvent::from_json(b"{"),
        Err(NotAnEvent::Json(_))
    ));
}
