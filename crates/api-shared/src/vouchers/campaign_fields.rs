//! The fields of a campaign in a request.

use app::ports::CampaignFilter;
use domain::{
    ledger::TransferAmount,
    values::{Currency, Name},
    vouchers::{
        Benefit, CampaignRevision, CampaignStatus, CampaignTerms, Cap, Contradiction, InvalidTerms,
        Limits, PercentOff, VoucherKind,
    },
};

use crate::input::{
    Fields, Query,
    readers::{currency, instant, integer, metadata, text},
};

/// Reads a new campaign.
pub fn new_campaign(fields: &mut Fields<'_>) -> Option<CampaignTerms> {
    let name = fields.required("name", text(Name::parse));
    let kind = fields.required("kind", text(VoucherKind::parse));
    let currency = fields.optional("currency", currency);
    let percent = fields.optional("percent_bps", integer(PercentOff::from_bps));
    let amount = fields.optional("amount_minor", integer(TransferAmount::from_minor));
    let benefit = currency.and_then(|currency| benefit(fields, (percent?, amount?), currency));
    let max_discount = fields.optional("max_discount_minor", integer(Cap::new));
    let min_total = fields.optional("min_total_minor", integer(Cap::new));
    let valid_from = fields.optional("valid_from", instant);
    let valid_until = fields.optional("valid_until", instant);
    let limits = limits(fields);
    let metadata = fields.optional("metadata", metadata);
    let terms = CampaignTerms {
        name: name?,
        kind: kind?,
        benefit: benefit?,
        currency: currency?,
        max_discount: max_discount?,
        min_total: min_total?,
        valid_from: valid_from?,
        valid_until: valid_until?,
        limits: limits?,
        metadata: metadata?.unwrap_or_default(),
    };
    let Err(InvalidTerms(contradictions)) = terms.check() else {
        return Some(terms);
    };
    for why in contradictions {
        let _refused: Option<()> = fields.refuse(field_of(why), code_of(why), why.to_string());
    }
    None
}

/// Where terms contradict themselves.
pub(super) const fn field_of(why: Contradiction) -> &'static str {
    match why {
        Contradiction::GiftOfPercent => "percent_bps",
        Contradiction::GiftWithMostDiscount => "max_discount_minor",
        Contradiction::GiftWithLeastTotal => "min_total_minor",
        Contradiction::NoCurrency => "currency",
        Contradiction::EndsBeforeBeginning => "valid_until",
    }
}

/// What is wrong there.
pub(super) const fn code_of(why: Contradiction) -> &'static str {
    match why {
        Contradiction::GiftOfPercent
        | Contradiction::GiftWithMostDiscount
        | Contradiction::GiftWithLeastTotal => "not_applicable",
        Contradiction::NoCurrency => "required",
        Contradiction::EndsBeforeBeginning => "out_of_range",
    }
}

/// A percentage or an amount in a currency: exactly one.
fn benefit(
    fields: &mut Fields<'_>,
    given: (Option<PercentOff>, Option<TransferAmount>),
    currency: Option<Currency>,
) -> Option<Benefit> {
    match given {
        (Some(percent), None) => Some(Benefit::Percent(percent)),
        (None, Some(amount)) => match currency {
            Some(currency) => Some(Benefit::Amount(amount, currency)),
            None => fields.refuse("currency", "required", "must be given with amount_minor"),
        },
        (Some(_), Some(_)) => fields.refuse(
            "amount_minor",
            "not_applicable",
            "is not for campaigns that have a percent_bps",
        ),
        (None, None) => fields.refuse(
            "percent_bps",
            "required",
            "must be given, or amount_minor with a currency",
        ),
    }
}

fn limits(fields: &mut Fields<'_>) -> Option<Limits> {
    let redemptions = fields.optional("max_redemptions", integer(Cap::new));
    let per_code = fields.optional("max_redemptions_per_code", integer(Cap::new));
    let per_customer = fields.optional("max_redemptions_per_customer", integer(Cap::new));
    let budget = fields.optional("budget_minor", integer(Cap::new));
    Some(Limits {
        redemptions: redemptions?,
        per_code: per_code?,
        per_customer: per_customer?,
        budget: budget?,
    })
}

/// Reads what is to be different about a campaign.
pub fn campaign_revision(fields: &mut Fields<'_>) -> Option<CampaignRevision> {
    let name = fields.change("name", text(Name::parse));
    let max_discount = fields.clearable("max_discount_minor", integer(Cap::new));
    let min_total = fields.clearable("min_total_minor", integer(Cap::new));
    let valid_from = fields.clearable("valid_from", instant);
    let valid_until = fields.clearable("valid_until", instant);
    let redemptions = fields.clearable("max_redemptions", integer(Cap::new));
    let per_code = fields.clearable("max_redemptions_per_code", integer(Cap::new));
    let per_customer = fields.clearable("max_redemptions_per_customer", integer(Cap::new));
    let budget = fields.clearable("budget_minor", integer(Cap::new));
    let status = fields.change("status", text(CampaignStatus::parse));
    let metadata = fields.change("metadata", metadata);
    Some(CampaignRevision {
        name: name?,
        max_discount: max_discount?,
        min_total: min_total?,
        valid_from: valid_from?,
        valid_until: valid_until?,
        redemptions: redemptions?,
        per_code: per_code?,
        per_customer: per_customer?,
        budget: budget?,
        status: status?,
        metadata: metadata?,
    })
}

/// Reads which campaigns.
pub fn campaign_filter(query: &mut Query<'_>) -> Option<CampaignFilter> {
    let status = query.parameter("status", CampaignStatus::parse)?;
    Some(CampaignFilter { status })
}
