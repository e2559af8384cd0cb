use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::{
    ledger::TransferAmount,
    values::Currency,
    vouchers::{Benefit, Contradiction, PercentOff, VoucherKind},
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn percent() -> Benefit {
    Benefit::Percent(PercentOff::from_bps(1_000).unwrap())
}

fn amount() -> Benefit {
    Benefit::Amount(TransferAmount::from_minor(2_500).unwrap(), usd())
}

fn terms(kind: VoucherKind, benefit: Benefit) -> CampaignTerms {
    CampaignTerms {
        name: Name::parse("Summer").unwrap(),
        kind,
        benefit,
        currency: Some(usd()),
        max_discount: None,
        min_total: None,
        valid_from: None,
        valid_until: None,
        limits: Limits::default(),
        metadata: Metadata::default(),
    }
}

fn launch(terms: CampaignTerms) -> Result<Campaign, InvalidTerms> {
    let id = CampaignId::from_uuid(Uuid::from_u128(1));
    let owner = OrganizationId::from_uuid(Uuid::from_u128(2));
    Campaign::launch(id, owner, terms, NOW)
}

#[test]
fn a_gift_can_be_redeemed_once_unless_it_says_otherwise() {
    let gift = launch(terms(VoucherKind::Gift, amount())).unwrap();

    assert_eq!(gift.facts().terms.limits.per_code, Some(Cap::ONE));
}

#[test]
fn the_limit_of_a_gift_cannot_be_taken_away() {
    let mut gift = launch(terms(VoucherKind::Gift, amount())).unwrap();
    let revision = CampaignRevision {
        per_code: Some(None),
        ..CampaignRevision::default()
    };

    gift.revise(&revision, NOW).unwrap();

    assert_eq!(gift.facts().terms.limits.per_code, Some(Cap::ONE));
}

#[rstest]
#[case::gift_of_percent(terms(VoucherKind::Gift, percent()), &[Contradiction::GiftOfPercent])]
#[case::gift_with_least_total(
    CampaignTerms { min_total: Some(Cap::ONE), ..terms(VoucherKind::Gift, amount()) },
    &[Contradiction::GiftWithLeastTotal]
)]
#[case::gift_with_most_discount(
    CampaignTerms { max_discount: Some(Cap::ONE), ..terms(VoucherKind::Gift, amount()) },
    &[Contradiction::GiftWithMostDiscount]
)]
#[case::all_at_once(
    CampaignTerms {
        min_total: Some(Cap::ONE),
        max_discount: Some(Cap::ONE),
        currency: None,
        valid_from: Some(NOW),
        valid_until: Some(NOW),
        ..terms(VoucherKind::Gift, percent())
    },
    &[
        Contradiction::GiftOfPercent,
        Contradiction::GiftWithMostDiscount,
        Contradiction::GiftWithLeastTotal,
        Contradiction::NoCurrency,
        Contradiction::EndsBeforeBeginning,
    ]
)]
#[case::no_currency(
    CampaignTerms { currency: None, max_discount: Some(Cap::ONE), ..terms(VoucherKind::Discount, percent()) },
    &[Contradiction::NoCurrency]
)]
#[case::ends_as_it_begins(
    CampaignTerms { valid_from: Some(NOW), valid_until: Some(NOW), ..terms(VoucherKind::Discount, percent()) },
    &[Contradiction::EndsBeforeBeginning]
)]
fn terms_that_contradict_themselves_are_refused(
    #[case] terms: CampaignTerms,
    #[case] expected: &[Contradiction],
) {
    assert_eq!(
        launch(terms).map(drop),
        Err(InvalidTerms(expected.to_vec()))
    );
}

#[test]
fn a_limit_that_is_new_begins_to_count_and_one_that_is_raised_goes_on() {
    let mut campaign = launch(terms(VoucherKind::Discount, percent())).unwrap();
    let budget = |most| CampaignRevision {
        budget: Some(Some(Cap::new(most).unwrap())),
        ..CampaignRevision::default()
    };

    assert_eq!(campaign.revise(&budget(100), NOW), Ok(true));
    assert_eq!(campaign.revise(&budget(200), NOW), Ok(false));
    assert_eq!(campaign.facts().version.as_i64(), 3);
}

#[test]
fn words_read_back() {
    for status in CampaignStatus::ALL {
        assert_eq!(CampaignStatus::parse(status.code()), Ok(status));
    }
    for kind in VoucherKind::ALL {
        assert_eq!(VoucherKind::parse(kind.code()), Ok(kind));
    }
}
