//! What a campaign offers, and how much of it.

use jiff::Timestamp;

use super::Benefit;
use crate::values::{AMOUNT_MINOR_MAX, Currency, InvalidValue, Metadata, Name};

/// What vouchers of a campaign do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoucherKind {
    /// They take something off an invoice.
    Discount,
    /// They bring money to an account.
    Gift,
}

impl VoucherKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Discount, Self::Gift];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Discount => "discount",
            Self::Gift => "gift",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "discount or gift",
            })
    }
}

/// The most of something there may be: 1 to 2^53 − 1, times or minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cap(i64);

impl Cap {
    /// Once.
    pub const ONE: Self = Self(1);

    /// Checks one.
    pub const fn new(most: i64) -> Result<Self, InvalidValue> {
        if most >= 1 && most <= AMOUNT_MINOR_MAX {
            Ok(Self(most))
        } else {
            Err(InvalidValue::OutOfRange {
                rule: "greater than 0 and at most 9007199254740991",
            })
        }
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// How often vouchers can be redeemed, and for how much. What is `None` has no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Times, all codes together.
    pub redemptions: Option<Cap>,
    /// Times, each code that has no limit of its own.
    pub per_code: Option<Cap>,
    /// Times, each customer.
    pub per_customer: Option<Cap>,
    /// Minor units, all codes together.
    pub budget: Option<Cap>,
}

/// What a campaign offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignTerms {
    /// What it is called.
    pub name: Name,
    /// What its vouchers do.
    pub kind: VoucherKind,
    /// What each gives.
    pub benefit: Benefit,
    /// What all its amounts are in; a percentage without any amount has none and goes with every currency.
    pub currency: Option<Currency>,
    /// The most that comes off at once, in minor units.
    pub max_discount: Option<Cap>,
    /// The least total, in minor units.
    pub min_total: Option<Cap>,
    /// From when on; `None` is since ever.
    pub valid_from: Option<Timestamp>,
    /// Up to when: at this very instant it is over. `None` is for ever.
    pub valid_until: Option<Timestamp>,
    /// How often, and for how much.
    pub limits: Limits,
    /// The client's notes.
    pub metadata: Metadata,
}

/// What is wrong with terms as a whole: at least one thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct InvalidTerms(pub Vec<Contradiction>);

/// How terms contradict themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// A gift is an amount of money.
    #[error("a gift has an amount, not a percentage")]
    GiftOfPercent,
    /// A gift takes nothing off an invoice.
    #[error("a gift has no most discount")]
    GiftWithMostDiscount,
    /// A gift depends on no invoice.
    #[error("a gift has no least total")]
    GiftWithLeastTotal,
    /// There are amounts, and nobody knows in what.
    #[error("amounts need a currency")]
    NoCurrency,
    /// It is over before it begins.
    #[error("the end must be after the beginning")]
    EndsBeforeBeginning,
}

impl CampaignTerms {
    /// Refuses terms that contradict themselves, and tells every way in which they do.
    pub fn check(&self) -> Result<(), InvalidTerms> {
        let is_gift = self.kind == VoucherKind::Gift;
        let (has_most, has_least) = (self.max_discount.is_some(), self.min_total.is_some());
        let has_amounts = has_most || has_least || self.limits.budget.is_some();
        let window = self.valid_from.zip(self.valid_until);
        let contradictions = [
            (
                is_gift && matches!(self.benefit, Benefit::Percent(_)),
                Contradiction::GiftOfPercent,
            ),
            (is_gift && has_most, Contradiction::GiftWithMostDiscount),
            (is_gift && has_least, Contradiction::GiftWithLeastTotal),
            (
                has_amounts && self.currency.is_none(),
                Contradiction::NoCurrency,
            ),
            (
                window.is_some_and(|(from, until)| until <= from),
                Contradiction::EndsBeforeBeginning,
            ),
        ];
        let found = contradictions
            .into_iter()
            .filter_map(|(is_so, what)| is_so.then_some(what));
        let found: Vec<_> = found.collect();
        if found.is_empty() {
            Ok(())
        } else {
            Err(InvalidTerms(found))
        }
    }

    /// The same, where a gift that says nothing of it can be redeemed once: it is money.
    #[must_use]
    pub fn with_defaults(mut self) -> Self {
        if self.kind == VoucherKind::Gift && self.limits.per_code.is_none() {
            self.limits.per_code = Some(Cap::ONE);
        }
        self
    }

    /// What comes off a total, in minor units.
    pub fn off(&self, total_minor: i64) -> i64 {
        self.benefit
            .off(total_minor, self.max_discount.map(Cap::get))
    }
}
