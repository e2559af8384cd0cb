use jiff::SignedDuration;
use uuid::Uuid;

use super::*;
use crate::webhooks::Reach;

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn later() -> Timestamp {
    now() + SignedDuration::from_secs(60)
}

fn patterns(words: &[&str]) -> Vec<TypePattern> {
    let parsed = words.iter().map(|word| TypePattern::parse(word).unwrap());
    parsed.collect()
}

fn profile(url: &str) -> WebhookProfile {
    WebhookProfile {
        url: WebhookUrl::parse(url, &Reach::default()).unwrap(),
        event_types: EventTypes::new(patterns(&["invoice.*"])).unwrap(),
        description: None,
        metadata: Metadata::default(),
    }
}

fn fresh(is_enabled: bool) -> Webhook {
    let new = NewWebhook {
        id: WebhookId::from_uuid(Uuid::from_u128(1)),
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(2)),
        profile: profile("https://example.com/"),
        is_enabled,
        secret: SealedSecret(vec![1]),
    };
    Webhook::register(new, now())
}

fn told(webhook: &mut Webhook) -> Vec<(&'static str, i64)> {
    let spelt = |event: WebhookEvent| match event {
        WebhookEvent::Created(facts) => ("created", facts.version.as_i64()),
        WebhookEvent::Updated(facts) => ("updated", facts.version.as_i64()),
        WebhookEvent::SecretRotated(facts) => ("secret_rotated", facts.version.as_i64()),
        WebhookEvent::Disabled(facts) => ("disabled", facts.version.as_i64()),
        WebhookEvent::Deleted(facts) => ("deleted", facts.version.as_i64()),
    };
    webhook.take_events().into_iter().map(spelt).collect()
}

#[test]
fn every_change_is_told_with_its_version() {
    let mut webhook = fresh(true);

    webhook
        .revise(profile("https://example.com/b"), true, later())
        .unwrap();
    webhook
        .rotate_secret(SealedSecret(vec![2]), later())
        .unwrap();
    let seen = webhook.facts().version;
    assert!(webhook.give_up(DisabledReason::Gone, seen, later()));
    webhook.delete(later()).unwrap();

    assert_eq!(
        told(&mut webhook),
        [
            ("created", 1),
            ("updated", 2),
            ("secret_rotated", 3),
            ("disabled", 4),
            ("deleted", 5)
        ]
    );
}

#[test]
fn what_is_deleted_does_not_change() {
    let mut webhook = fresh(true);
    webhook.delete(now()).unwrap();
    webhook.take_events();

    let refused = [
        webhook.revise(profile("https://example.com/b"), true, later()),
        webhook.rotate_secret(SealedSecret(vec![2]), later()),
        webhook.delete(later()),
    ];

    assert_eq!(refused, [Err(WebhookGone); 3]);
    let seen = webhook.facts().version;
    assert!(!webhook.give_up(DisabledReason::Gone, seen, later()));
    assert_eq!(told(&mut webhook), []);
}

#[test]
fn why_an_endpoint_was_given_up_is_known_until_it_is_enabled() {
    let mut webhook = fresh(true);
    webhook.give_up(DisabledReason::Failing, Version::FIRST, now());
    let given_up = webhook.facts().state;

    webhook
        .revise(profile("https://example.com/b"), false, later())
        .unwrap();
    let revised = webhook.facts().state;
    webhook
        .revise(profile("https://example.com/b"), true, later())
        .unwrap();

    assert_eq!(given_up.disabled(), Some((DisabledReason::Failing, now())));
    assert_eq!(revised, given_up);
    assert_eq!(webhook.facts().state, WebhookState::Enabled);
}

#[test]
fn what_is_disabled_already_is_not_disabled_again() {
    let mut webhook = fresh(false);
    webhook.take_events();

    let is_news = webhook.give_up(DisabledReason::Gone, Version::FIRST, later());

    assert!(!is_news);
    assert_eq!(webhook.check_enabled(), Err(WebhookDisabled));
    assert_eq!(told(&mut webhook), []);
}

#[test]
fn an_endpoint_that_was_changed_since_it_failed_is_not_given_up() {
    let mut webhook = fresh(true);
    let seen = webhook.facts().version;
    webhook
        .revise(profile("https://example.com/b"), true, later())
        .unwrap();

    let is_news = webhook.give_up(DisabledReason::Gone, seen, later());

    assert!(!is_news);
    assert_eq!(webhook.facts().state, WebhookState::Enabled);
}

#[test]
fn an_endpoint_wants_something_but_not_everything_one_by_one() {
    let many = |count: usize| {
        let letters = |at: usize| "abcdefghijklmnopqrstuvwxyz".chars().nth(at).unwrap();
        let word = |at: usize| format!("{}.{}", letters(at / 26), letters(at % 26));
        EventTypes::new((0..count).map(|at| TypePattern::parse(&word(at)).unwrap()))
    };

    let twice = EventTypes::new(patterns(&["invoice.*", "user.closed", "invoice.*"])).unwrap();

    assert_eq!(twice.patterns(), patterns(&["invoice.*", "user.closed"]));
    assert!(twice.include("invoice.sent") && twice.include("user.closed"));
    assert!(!twice.include("user.created"));
    assert!(many(0).is_err() && many(50).is_ok() && many(51).is_err());
}

#[test]
fn it_begins_anew_when_it_is_enabled_or_elsewhere_and_by_nothing_else() {
    let here = || profile("https://example.com/");
    let described = WebhookProfile {
        event_types: EventTypes::new(patterns(&["user.*"])).unwrap(),
        ..here()
    };

    let begins_anew = |was_enabled, profile, is_enabled| {
        let mut webhook = fresh(was_enabled);
        webhook.revise(profile, is_enabled, later()).unwrap();
        webhook.has_begun_anew()
    };
    let mut rotated = fresh(true);
    rotated
        .rotate_secret(SealedSecret(vec![2]), later())
        .unwrap();

    assert!(begins_anew(false, here(), true), "enabled");
    assert!(
        begins_anew(true, profile("https://example.com/b"), true),
        "moved"
    );
    assert!(!begins_anew(true, described, true), "revised");
    assert!(!begins_anew(true, here(), false), "disabled");
    assert!(!rotated.has_begun_anew(), "rotated");
}
