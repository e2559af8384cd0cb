//! The review of an invoice: what the validation service thinks of its contents.

mod allowed_currencies;
mod allowed_email_domains;
mod due_not_before_issue;
mod due_within;
mod no_duplicate;
mod plausible_lines;
mod rule;
mod total_within;

use std::{borrow::Cow, fmt};

use jiff::Timestamp;

use crate::version::Version;

pub use self::{
    allowed_currencies::AllowedCurrencies,
    allowed_email_domains::AllowedEmailDomains,
    due_not_before_issue::DueNotBeforeIssue,
    due_within::DueWithin,
    no_duplicate::NoDuplicate,
    plausible_lines::PlausibleLines,
    rule::{ReviewRule, ReviewRules, ReviewSubject},
    total_within::TotalWithin,
};

/// Something that speaks against an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewReason {
    /// A stable word: what programs decide by.
    pub code: Cow<'static, str>,
    /// The same for people.
    pub message: String,
}

impl ReviewReason {
    /// One by its word.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: message.into(),
        }
    }
}

/// How the contents of an invoice were judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing speaks against them.
    Approved,
    /// This does.
    Rejected(Vec<ReviewReason>),
}

impl Decision {
    /// Its word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected(_) => "rejected",
        }
    }

    /// What speaks against the invoice.
    pub fn reasons(&self) -> &[ReviewReason] {
        match self {
            Self::Approved => &[],
            Self::Rejected(reasons) => reasons,
        }
    }
}

/// A decision that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was decided.
    pub decision: Decision,
    /// When.
    pub reviewed_at: Timestamp,
    /// The version that it took the invoice to.
    pub version: Version,
}

/// What is known of the review of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    contents_version: Version,
    verdict: Option<Verdict>,
}

impl Review {
    /// The word for a review that has no verdict yet.
    pub const PENDING: &'static str = "pending";

    /// That of an invoice that was just drafted.
    pub const FIRST: Self = Self::pending(Version::FIRST);

    /// One of contents that nobody has judged yet, as they were written with a version of the invoice.
    pub const fn pending(contents_version: Version) -> Self {
        Self {
            contents_version,
            verdict: None,
        }
    }

    /// Rebuilds a stored review. For storage adapters only: no rule is checked.
    pub const fn restore(contents_version: Version, verdict: Option<Verdict>) -> Self {
        Self {
            contents_version,
            verdict,
        }
    }

    /// With which version of the invoice the contents were written that it is about.
    pub const fn contents_version(&self) -> Version {
        self.contents_version
    }

    /// How it ended, if it has.
    pub const fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// The word for where it stands.
    pub fn status_code(&self) -> &'static str {
        self.verdict
            .as_ref()
            .map_or(Self::PENDING, |verdict| verdict.decision.code())
    }

    /// What speaks against the invoice, as far as is known.
    pub fn reasons(&self) -> &[ReviewReason] {
        let verdict = self.verdict.as_ref();
        verdict.map_or(&[], |verdict| verdict.decision.reasons())
    }

    /// Whether a verdict on the contents of this version is still wanted: they are the current ones, and there is none.
    pub fn awaits(&self, contents_version: Version) -> bool {
        self.contents_version == contents_version && self.verdict.is_none()
    }

    /// Refuses what a rejected invoice may not do. One whose review is pending may.
    pub(super) fn check_not_rejected(&self) -> Result<(), ReviewRejected> {
        match self.verdict.as_ref().map(|verdict| &verdict.decision) {
            Some(Decision::Rejected(reasons)) => Err(ReviewRejected(reasons.clone())),
            Some(Decision::Approved) | None => Ok(()),
        }
    }
}

/// The review has rejected the invoice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ReviewRejected(pub Vec<ReviewReason>);

impl fmt::Display for ReviewRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the review has rejected the invoice; edit it to have it reviewed again")?;
        for (index, reason) in self.0.iter().enumerate() {
            let mark = if index == 0 { ':' } else { ';' };
            write!(f, "{mark} {} ({})", reason.message, reason.code)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
