use domain::{
    event::{DomainEvent, Happening},
    ids::{AccountId, EventId, TransferId},
    vouchers::{
        Campaign, CampaignEvent, Holder, NewRedemption, Redemption, RedemptionEvent,
        RedemptionTarget, Voucher, VoucherEvent, VoucherTerms,
    },
};
use rstest::rstest;

use super::*;
use crate::{
    events::SpeltEvent,
    testing::{NOW, ORGANIZATION, logged_event},
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn currency() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn terms() -> CampaignTerms {
    let cap = |most| Some(Cap::new(most).unwrap());
    CampaignTerms {
        name: Name::parse("Summer").unwrap(),
        kind: VoucherKind::Discount,
        benefit: Benefit::Percent(PercentOff::from_bps(1_000).unwrap()),
        currency: Some(currency()),
        max_discount: cap(5_000),
        min_total: cap(2_000),
        valid_from: Some(now()),
        valid_until: None,
        limits: Limits {
            redemptions: cap(100),
            per_code: cap(2),
            per_customer: None,
            budget: cap(9_000),
        },
        metadata: Metadata::restore(BTreeMap::from([("team".to_owned(), "growth".to_owned())])),
    }
}

fn campaign() -> Campaign {
    let id = CampaignId::from_uuid(Uuid::from_u128(7));
    Campaign::launch(id, ORGANIZATION, terms(), now()).unwrap()
}

fn voucher() -> Voucher {
    let of = (ORGANIZATION, CampaignId::from_uuid(Uuid::from_u128(7)));
    let code = VoucherCode::parse("SUMMER-26").unwrap();
    let id = VoucherId::from_uuid(Uuid::from_u128(8));
    let terms = VoucherTerms {
        max_redemptions: Some(Cap::ONE),
        metadata: terms().metadata,
    };
    Voucher::issue(id, of, (code, terms), now())
}

fn redemption() -> Redemption {
    let target = RedemptionTarget::Account(
        AccountId::from_uuid(Uuid::from_u128(1)),
        TransferId::from_uuid(Uuid::from_u128(2)),
    );
    let use_of = NewRedemption {
        voucher_id: voucher().facts().id,
        code: voucher().facts().code.clone(),
        campaign_id: campaign().facts().id,
        target,
        holder: Holder::default(),
        amount_minor: 1_200,
        currency: currency(),
    };
    let id = RedemptionId::from_uuid(Uuid::from_u128(9));
    Redemption::redeem(id, ORGANIZATION, use_of, now())
}

/// An event as it is sent, and read again.
fn sent(what: Happening, version: i64) -> CloudEvent {
    let event = DomainEvent {
        id: EventId::from_uuid(Uuid::from_u128(1)),
        organization_id: ORGANIZATION,
        version: Version::new(version),
        occurred_at: now(),
        what,
    };
    let spelt = SpeltEvent::from(&event);
    CloudEvent {
        kind: spelt.touched.kind.into(),
        aggregate_id: spelt.touched.id,
        sequence: version,
        data: spelt.data.to_string(),
        ..logged_event(1, 1, 1).event
    }
}

#[test]
fn a_campaign_is_seen_as_it_is() {
    let facts = campaign().facts().clone();
    let event = CampaignEvent::Created(Box::new(facts.clone()));

    let seen = seen_in(&sent(Happening::Campaign(event), 1));

    assert_eq!(seen.unwrap(), Seen::Campaign(Box::new(facts)));
}

#[test]
fn a_voucher_is_seen_as_it_is() {
    let facts = voucher().facts().clone();
    let event = VoucherEvent::Created(facts.clone());

    let seen = seen_in(&sent(Happening::Voucher(event), 1));

    assert_eq!(seen.unwrap(), Seen::Voucher(facts));
}

#[test]
fn a_redemption_is_seen_as_far_as_it_counts() {
    let mut redemption = redemption();
    redemption.release(now());
    let facts = redemption.facts().clone();
    let event = RedemptionEvent::Released(Box::new(facts.clone()));

    let seen = seen_in(&sent(Happening::Redemption(event), 2));

    let expected = VoucherUse::from(&facts);
    assert!(expected.is_released);
    assert_eq!(seen.unwrap(), Seen::Use(expected));
}

#[rstest]
#[case::no_json("{", "its data have another form")]
#[case::nothing_in_it("{}", "its data have another form")]
fn what_cannot_be_read_is_told(#[case] data: &str, #[case] why: &str) {
    let event = VoucherEvent::Created(voucher().facts().clone());
    let mut event = sent(Happening::Voucher(event), 1);
    data.clone_into(&mut event.data);

    let told = seen_in(&event).unwrap_err().to_string();

    assert!(told.starts_with(why), "{told}");
}

#[rstest]
#[case("status", "lost", "its data tell something that there cannot be")]
#[case("percent_bps", "", "the campaign of its data gives nothing")]
fn what_cannot_be_is_told(#[case] field: &str, #[case] value: &str, #[case] why: &str) {
    let event = CampaignEvent::Created(Box::new(campaign().facts().clone()));
    let mut event = sent(Happening::Campaign(event), 1);
    let mut data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
    data[field] = (!value.is_empty()).then_some(value).into();
    event.data = data.to_string();

    let told = seen_in(&event).unwrap_err().to_string();

    assert!(told.starts_with(why), "{told}");
}

#[test]
fn what_happens_elsewhere_is_no_business_of_vouchers() {
    let seen = seen_in(&logged_event(1, 1, 1).event);

    assert_eq!(seen.unwrap(), Seen::Nothing);
}
