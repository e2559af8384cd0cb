use jiff::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    ids::{CampaignId, OrganizationId, VoucherId},
    ledger::TransferAmount,
    values::{Currency, EmailAddress, Metadata, Name},
    vouchers::{
        Benefit, Campaign, CampaignTerms, Cap, Limits, Reason, Voucher, VoucherCode, VoucherKind,
        VoucherTerms,
    },
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn cap(most: i64) -> Cap {
    Cap::new(most).unwrap()
}

fn customer(number: usize) -> Holder {
    let address = format!("customer-{number}@example.com");
    Holder {
        customer_id: None,
        email: Some(EmailAddress::parse(&address).unwrap()),
    }
}

/// Gifts of 10.00 USD, of which nothing was redeemed.
fn till(limits: Limits, sums: Sums) -> Till {
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));
    let campaign_id = CampaignId::from_uuid(Uuid::from_u128(1));
    let terms = CampaignTerms {
        name: Name::parse("Gifts").unwrap(),
        kind: VoucherKind::Gift,
        benefit: Benefit::Amount(TransferAmount::from_minor(1_000).unwrap(), usd()),
        currency: Some(usd()),
        max_discount: None,
        min_total: None,
        valid_from: None,
        valid_until: None,
        limits,
        metadata: Metadata::default(),
    };
    let campaign = Campaign::launch(campaign_id, owner, terms, NOW).unwrap();
    let id = VoucherId::from_uuid(Uuid::from_u128(3));
    let code = VoucherCode::parse("GIFT").unwrap();
    let voucher = Voucher::issue(
        id,
        (owner, campaign_id),
        (code, VoucherTerms::default()),
        NOW,
    );
    let of = (campaign.facts().clone(), voucher.facts().clone());
    let blocked = BTreeSet::from(["email:mallory@example.com".to_owned()]);
    Till::new(of, sums, blocked)
}

fn request() -> Request {
    Request {
        currency: usd(),
        total_minor: 1_000,
        left_minor: 1_000,
        now: NOW,
    }
}

fn redeem(till: &mut Till, holder: &Holder) -> Result<(), Vec<Reason>> {
    let offer = till.offer(holder, &request()).map_err(|Refused(why)| why)?;
    till.count(holder, offer.amount_minor);
    Ok(())
}

#[test]
fn each_is_decided_on_what_those_before_it_have_left() {
    let limits = Limits {
        per_code: Some(cap(1_000)),
        budget: Some(cap(5_999)),
        ..Limits::default()
    };
    let sums = Sums {
        value_minor: 3_000,
        ..Sums::default()
    };
    let mut till = till(limits, sums);

    let redeemed = [1, 2, 3].map(|number| redeem(&mut till, &customer(number)));

    let beyond = Err(vec![Reason::CampaignBudgetExhausted]);
    assert_eq!(redeemed, [Ok(()), Ok(()), beyond]);
    assert_eq!(till.sums().value_minor, 5_000);
}

#[test]
fn a_customer_who_comes_several_times_at_once_is_counted_each_time() {
    let limits = Limits {
        per_code: Some(cap(1_000)),
        per_customer: Some(cap(2)),
        ..Limits::default()
    };
    let sums = Sums {
        of_names: BTreeMap::from([("email:customer-1@example.com".to_owned(), 1)]),
        ..Sums::default()
    };
    let mut till = till(limits, sums);

    let redeemed = [1, 1, 2].map(|number| redeem(&mut till, &customer(number)));

    let beyond = Err(vec![Reason::VoucherCustomerLimit]);
    assert_eq!(redeemed, [Ok(()), beyond, Ok(())]);
}

#[test]
fn whoever_is_blocked_is_refused_among_others_and_counts_for_nothing() {
    let limits = Limits {
        per_code: Some(cap(10)),
        ..Limits::default()
    };
    let mut till = till(limits, Sums::default());
    let mallory = Holder {
        email: Some(EmailAddress::parse("Mallory@example.com").unwrap()),
        ..Holder::default()
    };

    let refused = redeem(&mut till, &mallory);

    assert_eq!(refused, Err(vec![Reason::CustomerBlocked]));
    assert_eq!(till.sums(), &Sums::default());
}

proptest! {
    /// Whatever comes, and however much was redeemed before, no limit is passed, and whoever is refused meets one.
    #[test]
    fn no_limit_is_ever_passed(
        customers in prop::collection::vec(0_usize..4, 0..40),
        (of_code, of_campaign, per_customer) in (1_i64..20, 1_i64..20, 1_i64..6),
        budget in 1_000_i64..15_000,
    ) {
        let limits = Limits {
            redemptions: Some(cap(of_campaign)),
            per_code: Some(cap(of_code)),
            per_customer: Some(cap(per_customer)),
            budget: Some(cap(budget)),
        };
        let mut till = till(limits, Sums::default());

        for number in customers {
            let before = till.sums().clone();
            let redeemed = redeem(&mut till, &customer(number));
            let mine = before.of_names.get(&format!("email:customer-{number}@example.com"));
            let is_within = before.of_code < of_code
                && before.of_campaign < of_campaign
                && before.value_minor + 1_000 <= budget
                && mine.copied().unwrap_or_default() < per_customer;
            prop_assert_eq!(redeemed.is_ok(), is_within);
        }
    }
}
