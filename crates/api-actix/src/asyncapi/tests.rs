//! The contract of events holds together, and what is published keeps it.

use actix_web::test::TestRequest;
use app::{
    events::{CloudEvent, SpeltEvent},
    testing::{ORGANIZATION, stored_customer, stored_invoice, stored_organization},
};
use domain::{
    customers::CustomerEvent,
    event::{DomainEvent, Happening},
    ids::EventId,
    invoicing::InvoiceEvent,
    platform::OrganizationEvent,
    version::Version,
};
use jiff::Timestamp;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::testing::Bench;

#[test]
fn the_document_in_docs_is_this_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/asyncapi.json");
    let written = std::fs::read_to_string(path).unwrap();

    let written: Value = serde_json::from_str(&written).unwrap();

    assert!(
        written == asyncapi(),
        "docs/asyncapi.json is out of date: run `cargo xtask openapi`, and look at the difference"
    );
}

#[test]
fn every_type_is_a_message_that_is_sent_on_the_channel_of_its_kind() {
    let document = asyncapi();

    for it in EVENT_TYPES {
        let operation = &document["operations"][format!("send.{}", it.name)];
        let reference = operation["messages"][0]["$ref"].as_str().unwrap();
        let listed = document.pointer(&reference[1..]).unwrap();
        let message = document
            .pointer(&listed["$ref"].as_str().unwrap()[1..])
            .unwrap();
        assert_eq!(message["name"], it.name);
        let channel = format!("#/channels/{}", it.kind.code());
        assert_eq!(operation["channel"]["$ref"], channel);
    }
}

#[test]
fn what_tries_a_webhook_is_sent_to_its_endpoint_alone() {
    let document = asyncapi();

    let channels = document["channels"].as_object().unwrap();
    let sent_to = channels
        .iter()
        .filter(|(_, channel)| channel["messages"].get("webhook.test").is_some());
    let sent_to: Vec<_> = sent_to.map(|(name, _)| name.as_str()).collect();
    assert_eq!(sent_to, [WEBHOOK_ENDPOINT]);
    assert_eq!(channels[WEBHOOK_ENDPOINT]["address"], Value::Null);
    let operation = &document["operations"]["send.webhook.test"];
    let channel = format!("#/channels/{WEBHOOK_ENDPOINT}");
    assert_eq!(operation["channel"]["$ref"], channel);
}

#[test]
fn a_webhook_is_disabled_at_once_or_after_days() {
    let document = asyncapi();

    let summary = &document["components"]["messages"]["webhook.disabled"]["summary"];
    let summary = summary.as_str().unwrap();
    assert!(
        summary.contains("410") && summary.contains("days"),
        "{summary}"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = asyncapi();
    let mut references = Vec::new();
    collect(&document, &mut references);

    for reference in references {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            into.extend(reference.map(str::to_owned));
            fields.values().for_each(|it| collect(it, into));
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, into)),
        _ => {}
    }
}

fn published(what: Happening) -> Value {
    let happened = DomainEvent {
        id: EventId::from_uuid(Uuid::from_u128(9)),
        organization_id: ORGANIZATION,
        version: Version::FIRST,
        occurred_at: Timestamp::UNIX_EPOCH,
        what,
    };
    let spelt = SpeltEvent::from(&happened);
    let event = CloudEvent {
        id: happened.id,
        organization_id: ORGANIZATION,
        kind: spelt.touched.kind.into(),
        aggregate_id: spelt.touched.id,
        sequence: 1,
        event_type: spelt.event_type.to_owned(),
        occurred_at: happened.occurred_at,
        traceparent: None,
        data: spelt.data.get().to_owned(),
    };
    serde_json::from_str(&event.to_json().unwrap()).unwrap()
}

/// What is wrong with an event, by the schema of its message.
fn faults(event: &Value) -> Vec<String> {
    let name = event["type"].as_str().unwrap();
    let document = asyncapi();
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": format!("#/components/messages/{name}/payload"),
        "components": document["components"],
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(event);
    errors
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect()
}

fn drafted() -> Value {
    let facts = stored_invoice(&[]).facts().clone();
    published(Happening::Invoice(InvoiceEvent::Created(Box::new(facts))))
}

#[test]
fn what_is_published_fits_its_message() {
    let customer = stored_customer().facts().clone();
    let organization = stored_organization().facts().clone();
    let events = [
        drafted(),
        published(Happening::Customer(CustomerEvent::Created(customer))),
        published(Happening::Organization(OrganizationEvent::Updated(
            organization,
        ))),
    ];

    for event in events {
        assert_eq!(faults(&event), Vec::<String>::new(), "{event}");
    }
}

#[rstest]
#[case::of_another_version("/sequence", json!(0))]
#[case::of_nobody("/source", json!("/organizations/nobody"))]
#[case::with_another_schema("/dataschema", json!("/asyncapi.json#/components/schemas/user"))]
#[case::in_no_status("/data/status", json!("lost"))]
#[case::without_a_review("/data/review", Value::Null)]
fn what_is_not_an_event_of_ours_does_not_fit(#[case] pointer: &str, #[case] wrong: Value) {
    let mut event = drafted();

    *event.pointer_mut(pointer).unwrap() = wrong;

    assert_ne!(faults(&event), Vec::<String>::new());
}

#[actix_web::test]
async fn the_contract_is_served() {
    let got = Bench::new()
        .send_as_is(TestRequest::get().uri("/asyncapi.json"))
        .await;

    assert_eq!(got.header("content-type"), "application/json");
    assert_eq!(got.json(), asyncapi());
}
