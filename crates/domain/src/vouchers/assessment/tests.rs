use jiff::ToSpan;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ids::{CampaignId, OrganizationId, VoucherId},
    values::{Metadata, Name},
    vouchers::{
        Benefit, Campaign, CampaignRevision, CampaignTerms, Limits, PercentOff, Voucher,
        VoucherCode, VoucherKind, VoucherTerms,
    },
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn cap(most: i64) -> Cap {
    Cap::new(most).unwrap()
}

/// Ten percent off.
fn terms() -> CampaignTerms {
    CampaignTerms {
        name: Name::parse("Summer").unwrap(),
        kind: VoucherKind::Discount,
        benefit: Benefit::Percent(PercentOff::from_bps(1_000).unwrap()),
        currency: Some(usd()),
        max_discount: None,
        min_total: None,
        valid_from: None,
        valid_until: None,
        limits: Limits::default(),
        metadata: Metadata::default(),
    }
}

fn campaign(terms: CampaignTerms) -> CampaignFacts {
    let id = CampaignId::from_uuid(Uuid::from_u128(1));
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));
    let campaign = Campaign::launch(id, owner, terms, NOW).unwrap();
    campaign.facts().clone()
}

fn voucher() -> VoucherFacts {
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));
    let of = (owner, CampaignId::from_uuid(Uuid::from_u128(1)));
    let code = VoucherCode::parse("SUMMER").unwrap();
    let id = VoucherId::from_uuid(Uuid::from_u128(3));
    Voucher::issue(id, of, (code, VoucherTerms::default()), NOW)
        .facts()
        .clone()
}

fn request() -> Request {
    Request {
        currency: usd(),
        total_minor: 10_000,
        left_minor: 10_000,
        now: NOW,
    }
}

/// A customer who has redeemed nothing.
fn counts() -> Counts {
    Counts {
        of_customer: Some(0),
        ..Counts::default()
    }
}

fn reasons(campaign: &CampaignFacts, request: &Request, counts: &Counts) -> Vec<Reason> {
    match assess(campaign, &voucher(), request, counts) {
        Ok(_) => Vec::new(),
        Err(Refused(reasons)) => reasons,
    }
}

#[test]
fn a_voucher_gives_what_its_campaign_says() {
    let offer = assess(&campaign(terms()), &voucher(), &request(), &counts());

    assert_eq!(
        offer,
        Ok(Offer {
            amount_minor: 1_000
        })
    );
}

#[test]
fn it_gives_no_more_than_other_vouchers_leave() {
    let request = Request {
        left_minor: 300,
        ..request()
    };

    let offer = assess(&campaign(terms()), &voucher(), &request, &counts());

    assert_eq!(offer, Ok(Offer { amount_minor: 300 }));
}

#[test]
fn every_reason_is_told_in_a_fixed_order() {
    let mut campaign = campaign(CampaignTerms {
        min_total: Some(cap(20_000)),
        valid_from: Some(NOW + 1.hour()),
        limits: Limits {
            redemptions: Some(cap(5)),
            per_code: Some(cap(1)),
            per_customer: Some(cap(1)),
            budget: Some(cap(999)),
        },
        ..terms()
    });
    campaign.status = CampaignStatus::Paused;
    let mut disabled = voucher();
    disabled.status = VoucherStatus::Disabled;
    let request = Request {
        currency: Currency::parse("EUR").unwrap(),
        ..request()
    };
    let counts = Counts {
        of_code: 1,
        of_campaign: 5,
        value_minor: 0,
        of_customer: Some(1),
        is_blocked: true,
        is_applied: true,
    };

    let Err(Refused(reasons)) = assess(&campaign, &disabled, &request, &counts) else {
        panic!("nothing speaks for it")
    };

    let all_but_expired: Vec<_> = Reason::ALL
        .into_iter()
        .filter(|it| *it != Reason::VoucherExpired)
        .collect();
    assert_eq!(reasons, all_but_expired);
}

#[rstest]
#[case::before_it_begins(-1, vec![Reason::VoucherNotYetValid])]
#[case::as_it_begins(0, vec![])]
#[case::in_the_last_microsecond(999_999, vec![])]
#[case::at_the_very_end(1_000_000, vec![Reason::VoucherExpired])]
fn a_window_has_its_beginning_and_not_its_end(#[case] micros: i64, #[case] expected: Vec<Reason>) {
    let campaign = campaign(CampaignTerms {
        valid_from: Some(NOW),
        valid_until: Some(NOW + 1.second()),
        ..terms()
    });
    let request = Request {
        now: NOW + micros.microseconds(),
        ..request()
    };

    assert_eq!(reasons(&campaign, &request, &counts()), expected);
}

#[test]
fn a_campaign_that_has_ended_is_over_for_good() {
    let id = CampaignId::from_uuid(Uuid::from_u128(1));
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));
    let mut campaign = Campaign::launch(id, owner, terms(), NOW).unwrap();
    let end = CampaignRevision {
        status: Some(CampaignStatus::Ended),
        ..CampaignRevision::default()
    };
    campaign.revise(&end, NOW).unwrap();

    let refused = reasons(campaign.facts(), &request(), &counts());

    assert_eq!(refused, [Reason::VoucherExpired]);
    assert!(campaign.revise(&CampaignRevision::default(), NOW).is_err());
}

#[rstest]
#[case::all_codes(Limits { redemptions: Some(cap(3)), ..Limits::default() }, Reason::VoucherExhausted)]
#[case::one_code(Limits { per_code: Some(cap(2)), ..Limits::default() }, Reason::VoucherExhausted)]
#[case::a_customer(Limits { per_customer: Some(cap(1)), ..Limits::default() }, Reason::VoucherCustomerLimit)]
#[case::the_budget(Limits { budget: Some(cap(4_999)), ..Limits::default() }, Reason::CampaignBudgetExhausted)]
fn what_was_redeemed_counts(#[case] limits: Limits, #[case] expected: Reason) {
    let campaign = campaign(CampaignTerms { limits, ..terms() });
    let counts = Counts {
        of_code: 2,
        of_campaign: 3,
        value_minor: 4_000,
        of_customer: Some(1),
        ..counts()
    };

    assert_eq!(reasons(&campaign, &request(), &counts), [expected]);
}

#[test]
fn the_last_of_a_budget_can_be_given() {
    let campaign = campaign(CampaignTerms {
        limits: Limits {
            budget: Some(cap(5_000)),
            ..Limits::default()
        },
        ..terms()
    });
    let counts = Counts {
        value_minor: 4_000,
        ..counts()
    };

    assert_eq!(reasons(&campaign, &request(), &counts), []);
}

#[test]
fn nobody_is_counted_without_being_known() {
    let campaign = campaign(CampaignTerms {
        limits: Limits {
            per_customer: Some(cap(1)),
            ..Limits::default()
        },
        ..terms()
    });
    let counts = Counts::default();

    let refused = reasons(&campaign, &request(), &counts);

    assert_eq!(refused, [Reason::VoucherCustomerLimit]);
}

#[test]
fn a_limit_of_its_own_goes_before_that_of_the_campaign() {
    let campaign = campaign(CampaignTerms {
        limits: Limits {
            per_code: Some(cap(1)),
            ..Limits::default()
        },
        ..terms()
    });
    let mut own = voucher();
    own.terms.max_redemptions = Some(cap(3));
    let counts = Counts {
        of_code: 2,
        ..counts()
    };

    assert!(assess(&campaign, &own, &request(), &counts).is_ok());
}

#[test]
fn a_discount_of_nothing_is_none() {
    let request = Request {
        total_minor: 4,
        left_minor: 4,
        ..request()
    };

    let refused = reasons(&campaign(terms()), &request, &counts());

    assert_eq!(refused, [Reason::MinimumNotReached]);
}

#[rstest]
#[case::as_it_is(counts(), Some(1_000))]
#[case::codes_are_another_matter(Counts { of_code: 9, ..counts() }, Some(1_000))]
#[case::blocked(Counts { is_blocked: true, ..counts() }, None)]
#[case::used_up(Counts { of_campaign: 5, ..counts() }, None)]
fn a_campaign_is_assessed_as_a_voucher_of_it_that_is_not_used_up(
    #[case] counts: Counts,
    #[case] expected: Option<i64>,
) {
    let mut terms = terms();
    terms.limits.per_code = Some(Cap::ONE);
    terms.limits.redemptions = Some(cap(5));

    let offer = assess_campaign(&campaign(terms), &request(), &counts);

    assert_eq!(offer.map(|it| it.amount_minor), expected);
}
