mod webhooks;

use domain::{
    ids::EventId,
    invoicing::{InvoiceFacts, ReviewReason, StatusChange},
    version::Version,
};
use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::ports::AggregateKind;
use crate::testing::{
    CUSTOMER, INVOICE, KEY, ORGANIZATION, key_secret, scopes, stored_customer, stored_invoice,
    stored_key, stored_organization,
};
use InvoiceStatus::{Cancelled, Draft, Overdue, Paid, Sent, Viewed};

fn spelt(what: Happening) -> SpeltEvent {
    SpeltEvent::from(&DomainEvent {
        id: EventId::from_uuid(Uuid::from_u128(9)),
        organization_id: ORGANIZATION,
        version: Version::new(5),
        occurred_at: Timestamp::UNIX_EPOCH,
        what,
    })
}

fn founded() -> Happening {
    let facts = stored_organization().facts().clone();
    Happening::Organization(OrganizationEvent::Created(facts))
}

fn revised_organization() -> Happening {
    let facts = stored_organization().facts().clone();
    Happening::Organization(OrganizationEvent::Updated(facts))
}

fn made_key(expires_at: Option<Timestamp>) -> Happening {
    Happening::ApiKey(ApiKeyEvent::Created {
        id: KEY,
        name: stored_key().name,
        scopes: scopes(&["keys:read", "invoices:write"]),
        expires_at,
    })
}

fn revoked_key() -> Happening {
    Happening::ApiKey(ApiKeyEvent::Revoked { id: KEY })
}

fn registered_customer() -> Happening {
    Happening::Customer(CustomerEvent::Created(stored_customer().facts().clone()))
}

fn revised_customer() -> Happening {
    Happening::Customer(CustomerEvent::Updated(stored_customer().facts().clone()))
}

fn archived_customer() -> Happening {
    Happening::Customer(CustomerEvent::Archived(stored_customer().facts().clone()))
}

fn facts(steps: &[InvoiceStatus]) -> Box<InvoiceFacts> {
    Box::new(stored_invoice(steps).facts().clone())
}

fn drafted() -> Happening {
    Happening::Invoice(InvoiceEvent::Created(facts(&[])))
}

fn edited() -> Happening {
    Happening::Invoice(InvoiceEvent::Updated {
        invoice: facts(&[]),
        changed: vec!["items", "notes"],
    })
}

fn stepped(from: InvoiceStatus, to: InvoiceStatus) -> Happening {
    Happening::Invoice(InvoiceEvent::StatusChanged {
        invoice: facts(&[]),
        change: StatusChange { from, to },
    })
}

fn reviewed(decision: Decision) -> Happening {
    let mut invoice = stored_invoice(&[]);
    invoice.conclude_review(Version::FIRST, decision, Timestamp::UNIX_EPOCH);
    Happening::Invoice(InvoiceEvent::Reviewed(Box::new(invoice.facts().clone())))
}

fn rejection() -> Decision {
    Decision::Rejected(vec![ReviewReason::new("too_odd", "it is odd")])
}

fn deleted() -> Happening {
    Happening::Invoice(InvoiceEvent::Deleted(facts(&[])))
}

fn data(event: &SpeltEvent) -> Value {
    serde_json::from_str(event.data.get()).unwrap()
}

#[rstest]
#[case(founded(), "organization.created", AggregateKind::Organization, ORGANIZATION.as_uuid())]
#[case(revised_organization(), "organization.updated", AggregateKind::Organization, ORGANIZATION.as_uuid())]
#[case(made_key(None), "api_key.created", AggregateKind::ApiKey, KEY.as_uuid())]
#[case(revoked_key(), "api_key.revoked", AggregateKind::ApiKey, KEY.as_uuid())]
#[case(registered_customer(), "customer.created", AggregateKind::Customer, CUSTOMER.as_uuid())]
#[case(revised_customer(), "customer.updated", AggregateKind::Customer, CUSTOMER.as_uuid())]
#[case(archived_customer(), "customer.archived", AggregateKind::Customer, CUSTOMER.as_uuid())]
#[case(drafted(), "invoice.created", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(edited(), "invoice.updated", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(stepped(Draft, Sent), "invoice.sent", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(stepped(Sent, Viewed), "invoice.viewed", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(stepped(Sent, Overdue), "invoice.overdue", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(stepped(Sent, Paid), "invoice.paid", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(stepped(Sent, Cancelled), "invoice.cancelled", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(reviewed(Decision::Approved), "invoice.approved", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(reviewed(rejection()), "invoice.rejected", AggregateKind::Invoice, INVOICE.as_uuid())]
#[case(deleted(), "invoice.deleted", AggregateKind::Invoice, INVOICE.as_uuid())]
fn every_event_has_a_name_and_tells_what_it_happened_to(
    #[case] what: Happening,
    #[case] event_type: &str,
    #[case] kind: AggregateKind,
    #[case] id: Uuid,
) {
    let event = spelt(what);

    let touched = Touched {
        kind,
        organization_id: ORGANIZATION,
        id,
        version: Version::new(5),
    };
    assert_eq!(event.event_type, event_type);
    assert_eq!(event.touched, touched);
    assert_eq!(data(&event)["id"], id.to_string());
    assert_eq!(event_type.split_once('.').unwrap().0, kind.code());
}

#[rstest]
#[case::when_it_is_founded(founded())]
#[case::when_it_is_revised(revised_organization())]
fn an_organization_is_told_as_the_api_shows_it(#[case] what: Happening) {
    let event = spelt(what);

    let expected = json!({
        "id": ORGANIZATION.to_string(),
        "legal_name": "Acme",
        "address": null,
        "tax_id": null,
        "email": null,
        "default_currency": "USD",
        "invoice_number_prefix": "INV-",
        "payment_terms_days": 30,
        "rounding": "half_away_from_zero",
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-01T08:00:00.000000Z",
        "version": 1,
    });
    assert_eq!(data(&event), expected);
    assert_eq!(event.changes, json!({}));
}

#[rstest]
#[case::that_never_ends(None, json!(null))]
#[case::that_ends(Some(Timestamp::UNIX_EPOCH), json!("1970-01-01T00:00:00.000000Z"))]
fn a_new_key_is_told_by_what_it_may_do(
    #[case] expires_at: Option<Timestamp>,
    #[case] spelt_end: Value,
) {
    let event = spelt(made_key(expires_at));

    let expected = json!({
        "id": KEY.to_string(),
        "name": "shop",
        "scopes": ["invoices:write", "keys:read"],
        "expires_at": spelt_end,
    });
    assert_eq!(data(&event), expected);
}

#[rstest]
#[case::when_it_is_made(made_key(None))]
#[case::when_it_is_revoked(revoked_key())]
fn nothing_by_which_a_key_could_be_used_or_found_is_told(#[case] what: Happening) {
    let event = spelt(what);

    let told = format!("{} {}", event.data, event.changes);
    let data = data(&event);
    let fields: Vec<_> = data.as_object().unwrap().keys().collect();
    assert!(!told.contains(key_secret().expose()));
    assert!(!told.contains(key_secret().shown_prefix()));
    assert!(
        !fields
            .iter()
            .any(|it| it.contains("secret") || it.contains("hash"))
    );
}

#[rstest]
#[case::when_it_is_registered(registered_customer())]
#[case::when_it_is_revised(revised_customer())]
#[case::when_it_is_archived(archived_customer())]
fn a_customer_is_told_as_the_api_shows_it(#[case] what: Happening) {
    let event = spelt(what);

    let expected = json!({
        "id": CUSTOMER.to_string(),
        "name": "Ada",
        "email": null,
        "address": null,
        "tax_id": null,
        "currency": null,
        "external_id": null,
        "metadata": {},
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-01T08:00:00.000000Z",
        "archived_at": null,
        "version": 1,
    });
    assert_eq!(data(&event), expected);
}

#[test]
fn an_invoice_is_told_as_the_api_shows_it() {
    let what = Happening::Invoice(InvoiceEvent::StatusChanged {
        invoice: facts(&[Sent]),
        change: StatusChange {
            from: Draft,
            to: Sent,
        },
    });

    let event = spelt(what);

    let ada = json!({"name": "Ada", "email": null, "address": null, "tax_id": null});
    let acme = json!({"name": "Acme", "email": null, "address": null, "tax_id": null});
    let line = json!({
        "description": "work", "quantity": "10", "unit_price_minor": 15_000,
        "tax_rate_bps": 1_600, "unit": "C62", "net_minor": 150_000,
    });
    let share = json!({"tax_rate_bps": 1_600, "taxable_minor": 150_000, "tax_minor": 24_000});
    let expected = json!({
        "id": INVOICE.to_string(), "number": "INV-2026-000001", "status": "sent",
        "review": {"status": "pending", "reasons": [], "reviewed_at": null},
        "customer_id": null, "customer": ada, "seller": acme, "currency": "USD",
        "items": [line], "tax_breakdown": [share], "notes": null, "metadata": {},
        "subtotal_minor": 150_000, "discount_minor": 0, "tax_minor": 24_000,
        "total_minor": 174_000, "amount_paid_minor": 0, "amount_due_minor": 174_000,
        "due_date": "2026-12-20", "issued_at": "2026-11-01T08:00:00.000000Z",
        "paid_at": null, "cancelled_at": null,
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-01T08:00:00.000000Z", "version": 2,
    });
    assert_eq!(data(&event), expected);
}

#[rstest]
#[case::drafted(drafted(), json!({}))]
#[case::edited(edited(), json!({"fields": ["items", "notes"]}))]
#[case::stepped(stepped(Viewed, Paid), json!({"status": {"from": "viewed", "to": "paid"}}))]
#[case::deleted(deleted(), json!({}))]
fn the_timeline_of_an_invoice_tells_what_is_different(
    #[case] what: Happening,
    #[case] changes: Value,
) {
    let event = spelt(what);

    assert_eq!(event.changes, changes);
}

#[test]
fn a_verdict_tells_why() {
    let event = spelt(reviewed(rejection()));

    let reasons = json!([{"code": "too_odd", "message": "it is odd"}]);
    let review = json!({"status": "rejected", "reasons": reasons, "reviewed_at": "1970-01-01T00:00:00.000000Z"});
    assert_eq!(data(&event)["review"], review);
    let step = json!({"from": "pending", "to": "rejected"});
    assert_eq!(event.changes, json!({"review": step, "reasons": reasons}));
}
